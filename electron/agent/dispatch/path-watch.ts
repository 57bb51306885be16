import type { RouteState } from '../../../mail/dispatcher.ts';
import type { Lease } from '../../../mail/lease.ts';
import type { Outbox } from '../../../mail/outbox.ts';
import type { Store } from '../../../mail/store.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { Attempt } from '../../../shared/model/delivery.ts';
import type { RouteChoice } from '../../../shared/model/message.ts';
import type { TroubleStatus } from '../../../shared/model/status.ts';
import type { ComposeContext, Composer, SystemNotice } from '../compose/compose.ts';
import {
  faultSentence,
  pathBackNotice,
  type PathFacts,
  pathNotice,
  pathText,
} from '../compose/path-notice.ts';
import {
  DEAD_AFTER_FAILURES,
  DEAD_AFTER_WAITING_MS,
  pathOutcome,
  wentRoundServers,
} from '../evaluate/mail-path.ts';
import { type PathRecord, readPath, WORKING, writePath } from '../record/path-store.ts';

export interface PathWatchOptions {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly settings: () => Settings;
  readonly route: (choice: RouteChoice) => RouteState;
  /** Whether mail goes to the practice mailbox: then there is no path to watch. */
  readonly practising: () => boolean;
  readonly oldestWaitingAt: () => number | null;
  readonly composer: () => Promise<Composer>;
  readonly composeContext: () => ComposeContext;
  /** Told after mails have entered the outbox for good. */
  readonly onQueued: () => void;
  readonly onFault: (error: unknown) => void;
}

/** Watches the ways out themselves (B8): when one is dead, the administrator hears of it by another. */
export interface PathWatch {
  /** A delivery was written down. Never throws. */
  recorded(lease: Lease, attempts: readonly Attempt[]): void;
  /** Called at each check: writes down what has changed, and the mails about it. */
  look(): Promise<void>;
  /** The ways that are dead, until something is accepted there again. */
  shown(): TroubleStatus[];
}

/** DEFAULTS: one notice a day and route. */
const TELL_EVERY_MS = 24 * 3_600_000;

const ROUTES: readonly RouteChoice[] = ['smtp', 'relay'];

/** What a process knows of a way; what must outlive it stands in the record. */
interface Path {
  failures: number;
  firstFailureAt: number;
  record: PathRecord;
  isWritten: boolean;
}

export function createPathWatch(options: PathWatchOptions): PathWatch {
  const { store, outbox, clock } = options;
  const pathOf = (route: RouteChoice): Path => ({
    failures: 0,
    firstFailureAt: 0,
    record: readPath(store, route),
    isWritten: true,
  });
  const paths = { smtp: pathOf('smtp'), relay: pathOf('relay') };
  let looking: Promise<void> = Promise.resolve();

  /** The practice mailbox is no way out, and what is not set up any more cannot be dead. */
  const isWatched = (route: RouteChoice) =>
    options.route(route).outlet !== null && (route === 'relay' || !options.practising());

  const change = (path: Path, changes: Partial<PathRecord>) => {
    path.record = { ...path.record, ...changes };
    path.isWritten = false;
  };

  const accepted = (path: Path): boolean => {
    path.failures = 0;
    const { deadSince, backAt, notice } = path.record;
    if (deadSince === null || backAt !== null) return false;
    // Whoever was told of it is told of its end; else there is nothing more to do.
    if (notice === null) change(path, { ...WORKING, toldAt: path.record.toldAt });
    else change(path, { backAt: clock.now() });
    return true;
  };

  const died = (path: Path, since: number, fault: Pick<PathRecord, 'code' | 'reply'>): boolean => {
    const { deadSince, backAt } = path.record;
    if (deadSince !== null && backAt === null) return false;
    change(path, { ...fault, deadSince: deadSince ?? since, backAt: null });
    return true;
  };

  const failed = (path: Path, fault: Pick<PathRecord, 'code' | 'reply'>): boolean => {
    if (path.failures === 0) path.firstFailureAt = clock.now();
    path.failures += 1;
    return path.failures >= DEAD_AFTER_FAILURES && died(path, path.firstFailureAt, fault);
  };

  const take = (route: RouteChoice, lease: Lease, attempts: readonly Attempt[]): boolean => {
    const path = paths[route];
    const outcome = pathOutcome(route, lease, attempts);
    if (outcome.kind === 'accepted') return accepted(path);
    if (outcome.kind === 'failed') return failed(path, outcome);
    if (route !== 'smtp' || !wentRoundServers(lease)) return false;
    const [first] = options.route('smtp').outlet?.health() ?? [];
    return failed(path, { code: first?.code ?? null, reply: first?.reply ?? null });
  };

  /** Nothing is tried while all servers are known to be down, so nothing fails either: mail just waits. */
  const noticeWaiting = (route: RouteChoice) => {
    const { outlet } = options.route(route);
    if (outlet === null || outlet.available(null) || outbox.waiting(route) === 0) return;
    const health = outlet.health();
    const [first] = health;
    const since = Math.max(...health.map(({ since }) => since ?? clock.now()));
    if (!first || clock.now() - since < DEAD_AFTER_WAITING_MS) return;
    died(paths[route], since, first);
  };

  const factsOf = (route: RouteChoice, by: RouteChoice, record: PathRecord): PathFacts => {
    const health = options.route(route).outlet?.health() ?? [];
    const { emails, sms } = options.settings().profile;
    const waiting = outbox.waiting(route);
    return {
      route,
      servers: health.map(({ server }) => `${server.host}:${server.port}`),
      deadSince: record.deadSince ?? clock.now(),
      code: record.code,
      reply: record.reply,
      waiting,
      oldestWaitingAt: waiting === 0 ? null : options.oldestWaitingAt(),
      by,
      emails,
      sms,
    };
  };

  /** The notice that is due about a way, with the record that goes with it; null where there is none. */
  const due = (route: RouteChoice, context: ComposeContext) => {
    const { record } = paths[route];
    const { deadSince, backAt, toldAt, notice } = record;
    if (deadSince === null) return null;
    if (backAt !== null) {
      const said = pathBackNotice(factsOf(route, 'smtp', record), backAt, notice?.messageId ?? '', context);
      return { notice: said, after: () => ({ ...WORKING, toldAt }) };
    }
    const now = clock.now();
    const by = route === 'smtp' ? 'relay' : 'smtp';
    const isToldOf = toldAt !== null && toldAt <= now && now - toldAt < TELL_EVERY_MS;
    if (isToldOf || !isUsable(by)) return null;
    const references = notice === null ? [] : [notice.messageId];
    const said = { ...pathNotice(factsOf(route, by, record), context), references };
    const after = (messageId: string): PathRecord => ({
      ...record,
      toldAt: now,
      notice: notice ?? { messageId, by },
    });
    return { notice: said, after };
  };

  /** Whether a notice about the other way can leave by this one now. */
  const isUsable = (route: RouteChoice) =>
    isWatched(route) &&
    paths[route].record.deadSince === null &&
    options.route(route).outlet?.available(null) === true;

  const hasAddressees = ({ recipients, sms }: SystemNotice) =>
    recipients.length > 0 || (sms?.recipients.length ?? 0) > 0;

  const tell = async (route: RouteChoice) => {
    const path = paths[route];
    const before = path.record;
    const context = options.composeContext();
    const found = due(route, context);
    if (found === null) return;
    const messages = hasAddressees(found.notice)
      ? (await options.composer()).notice(found.notice, context)
      : [];
    // Something was recorded while the mail was written: the next look knows better.
    if (path.record !== before) return;
    const record = found.after(messages[0]?.messageId ?? '');
    // Nobody to be told: the end of it is no news either.
    if (messages.length === 0 && path.record.backAt === null) return;
    store.transaction(() => {
      outbox.accept(messages, clock.now());
      writePath(store, route, record);
    });
    path.record = record;
    path.isWritten = true;
    if (messages.length > 0) options.onQueued();
  };

  const lookOnce = async () => {
    for (const route of ROUTES) {
      if (!isWatched(route)) continue;
      noticeWaiting(route);
      await tell(route);
      const path = paths[route];
      if (!path.isWritten) writePath(store, route, path.record);
      path.isWritten = true;
    }
  };

  const look = () => {
    looking = looking.catch(() => {}).then(lookOnce);
    return looking;
  };

  return {
    recorded(lease, attempts) {
      try {
        const isNews = ROUTES.map((route) => take(route, lease, attempts)).includes(true);
        if (isNews) look().catch(options.onFault);
      } catch (error) {
        options.onFault(error);
      }
    },
    look,
    shown() {
      return ROUTES.flatMap((route) => {
        const { record } = paths[route];
        if (record.deadSince === null || record.backAt !== null || !isWatched(route)) return [];
        const facts = factsOf(route, record.notice?.by ?? 'smtp', record);
        const name = route === 'smtp' ? 'Mail path SMTP' : 'Mail path Web Service';
        const told =
          record.notice === null
            ? 'Nobody could be told of it by another way.'
            : `The administrator was told by ${pathText({ route: record.notice.by, servers: [] })}.`;
        const text = `Nothing is accepted by ${pathText(facts)}. ${faultSentence(facts)} ${told}`;
        return [{ name, since: record.deadSince, text }];
      });
    },
  };
}
