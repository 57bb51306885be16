import type { Outbox } from '../../../mail/outbox.ts';
import type { Store } from '../../../mail/store.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { TroubleStatus } from '../../../shared/model/status.ts';
import type { ComposeContext, Composer } from '../compose/compose.ts';

/** Something that happened to Tocsin itself, and that somebody must hear of. */
export interface Trouble extends TroubleStatus {
  /** Names this very occurrence: one mail each. */
  readonly key: string;
  /** What the mail says besides, one paragraph each. */
  readonly paragraphs: readonly string[];
  /** Whether it has been mended since, and is not to be shown any more. */
  readonly isOver?: () => boolean;
}

export interface TroublesOptions {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly settings: () => Settings;
  readonly composer: () => Promise<Composer>;
  readonly composeContext: () => ComposeContext;
  /** Told after mails have entered the outbox for good. */
  readonly onQueued: () => void;
}

/** Tells the administrator of troubles: once by mail, and in the status until acknowledged, or for seven days. */
export interface Troubles {
  /** Writes the mails about what has not been told yet. What cannot be written now is told the next time. */
  tell(): Promise<void>;
  shown(): TroubleStatus[];
  /** Whether there was one by this name, whatever its case. */
  acknowledge(name: string): boolean;
}

const SHOWN_MS = 7 * 24 * 3_600_000;

export function createTroubles(found: readonly Trouble[], options: TroublesOptions): Troubles {
  const { store, clock } = options;
  const recent = found.filter(({ since }) => Math.abs(clock.now() - since) < SHOWN_MS);
  let untold = recent.filter(({ key }) => read(store, `told ${key}`) === null);

  return {
    async tell() {
      if (untold.length === 0) return;
      const composer = await options.composer();
      const recipients = administrators(options.settings());
      const messages = untold.flatMap((trouble) => {
        const context = options.composeContext();
        const notice = {
          subject: trouble.name,
          headline: `${trouble.name} on ${context.installation}.`,
          paragraphs: [trouble.text, ...trouble.paragraphs],
          severity: 'warning' as const,
          recipients,
        };
        return recipients.length === 0 ? [] : composer.notice(notice, context);
      });
      store.transaction(() => {
        options.outbox.accept(messages, clock.now());
        for (const { key } of untold) write(store, `told ${key}`, clock.now());
      });
      untold = [];
      if (messages.length > 0) options.onQueued();
    },
    shown: () => shownTroubles(recent, store, clock.now()),
    acknowledge(name) {
      const wanted = name.trim().toLowerCase();
      const meant = shownTroubles(recent, store, clock.now()).filter(
        (trouble) => trouble.name.toLowerCase() === wanted,
      );
      for (const { key } of recent.filter((trouble) => meant.some(({ name: own }) => own === trouble.name)))
        write(store, `acknowledged ${key}`, clock.now());
      return meant.length > 0;
    },
  };
}

/** What is still to be shown: not acknowledged, and not older than seven days. */
export function shownTroubles(found: readonly Trouble[], store: Store, now: number): TroubleStatus[] {
  return found
    .filter(({ key, since }) => now - since < SHOWN_MS && read(store, `acknowledged ${key}`) === null)
    .filter(({ isOver }) => isOver?.() !== true)
    .map(({ name, since, text }) => ({ name, since, text }));
}

/** The administrator; where none is set, everybody whom an alert tells. */
export function administrators(settings: Settings): string[] {
  if (settings.profile.emails.length > 0) return [...settings.profile.emails];
  return [
    ...new Set(settings.alerts.filter(({ enabled }) => enabled).flatMap(({ recipients }) => recipients)),
  ];
}

function read(store: Store, key: string): string | null {
  const value = store.get('SELECT value FROM setting WHERE key = ?', key)?.['value'];
  return typeof value === 'string' ? value : null;
}

function write(store: Store, key: string, now: number): void {
  store.run('INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)', key, String(now));
}
