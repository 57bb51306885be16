import type { AlertNotice, Composer } from '../../electron/agent/compose/compose.ts';
import { createComposer } from '../../electron/agent/compose/composer.ts';
import { composeContextOf } from '../../electron/agent/compose/context.ts';
import { createHeldStore } from '../../electron/agent/record/held-store.ts';
import { createStateStore } from '../../electron/agent/record/state-store.ts';
import { createMonitor, type Monitor } from '../../electron/agent/schedule/monitor.ts';
import { createDeliveryLog } from '../../mail/delivery-log.ts';
import { createOutbox } from '../../mail/outbox.ts';
import type { Store } from '../../mail/store.ts';
import { type Settings, settingsSchema } from '../../shared/contract/settings.ts';
import type { Message } from '../../shared/model/message.ts';
import { FakeClock, fakeRandom } from './fake-clock.ts';
import { memoryStore } from './memory-store.ts';

/** What a mail was written from, in the place of its text. */
export interface ToldNotice extends Pick<AlertNotice, 'name' | 'kind' | 'incidentId' | 'resolvedAt'> {
  readonly isUntold: boolean;
}

/** A monitor whose alerts hold while their name is in `holding`, with a real database, a real composer and a fake clock. */
export class MonitorRig {
  readonly clock = new FakeClock();
  readonly store: Store = memoryStore();
  readonly outbox = createOutbox(this.store, fakeRandom());
  readonly faults: unknown[] = [];
  readonly holding = new Set<string>();
  /** The disk takes nothing: what is to be sent goes here. */
  readonly kept: Message[] = [];
  isDiskFull = false;
  settings: Settings;
  monitor: Monitor;
  #random = fakeRandom();

  constructor(alerts: readonly object[], others: object = {}) {
    this.settings = settingsOf(alerts, others);
    this.monitor = this.#start();
  }

  /** Checks, and lets so much time pass. */
  async check(passMs = 300): Promise<void> {
    const checking = this.monitor.check();
    checking.catch(() => {});
    await this.clock.advance(passMs);
    await checking;
  }

  /** As a kill and a start: what is not in the database is gone. */
  restart(): void {
    this.monitor.stop();
    this.monitor = this.#start();
  }

  /** Every mail in the order in which it was decided. */
  mails(): Message[] {
    return createDeliveryLog(this.store)
      .list({ limit: 10_000, since: null })
      .map(({ message }) => message)
      .toReversed();
  }

  /** What each mail tells: the kinds and names of its notices. */
  told(): string[] {
    return this.mails().map((mail) =>
      noticesIn(mail)
        .map(({ kind, name, isUntold }) => `${isUntold ? 'untold ' : ''}${kind} ${name}`)
        .join(', '),
    );
  }

  #start(): Monitor {
    const { clock, store } = this;
    const random = this.#random;
    return createMonitor({
      settings: () => this.settings,
      collector: {
        measure: (requests) => ({
          ready: requests.map((request) => ({
            request,
            reading: { value: this.holding.has(request.target ?? '') ? 'missing' : 'present' },
            at: clock.now(),
          })),
          pending: [],
        }),
        close: () => {},
      },
      store: {
        ...store,
        transaction: (work) => {
          if (this.isDiskFull) throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
          return store.transaction(work);
        },
      },
      states: createStateStore(store),
      held: createHeldStore(store),
      outbox: this.outbox,
      clock,
      random,
      composer: async () => recordingComposer(),
      composeContext: () =>
        composeContextOf({ settings: this.settings, hostName: 'host', clock, random, routeText: 'SMTP' }),
      onQueued: () => {},
      keepInMemory: (messages) => this.kept.push(...messages),
      onFault: (error) => this.faults.push(error),
    });
  }
}

/** Mails as the real composer addresses them, with what they were written from as their text. */
function recordingComposer(): Composer {
  const composer = createComposer();
  const written = (message: Message, notices: readonly AlertNotice[]): Message => ({
    ...message,
    html: null,
    text: JSON.stringify(
      notices.map(({ name, kind, incidentId, resolvedAt, isUntold = false }) => ({
        name,
        kind,
        incidentId,
        resolvedAt,
        isUntold,
      })),
    ),
  });
  return {
    ...composer,
    alert: (notice, context) => composer.alert(notice, context).map((mail) => written(mail, [notice])),
    group: (group, context) => composer.group(group, context).map((mail) => written(mail, group.notices)),
  };
}

export function noticesIn(mail: Message): ToldNotice[] {
  return JSON.parse(mail.text) as ToldNotice[];
}

/** Alerts that watch a file by their own name. */
function settingsOf(alerts: readonly object[], others: object = {}): Settings {
  const complete = alerts.map((alert) => ({
    conditions: [{ metric: 'file.state', target: (alert as { name: string }).name, is: 'missing' }],
    recipients: ['it@contoso.example'],
    ...alert,
  }));
  const settings = settingsSchema.parse({ version: 1, ...others });
  const parsed = complete.map((alert) => settingsSchema.parse({ version: 1, alerts: [alert] }).alerts);
  return { ...settings, alerts: parsed.flat() };
}
