import type { DeliveryLog } from '../../mail/delivery-log.ts';
import type { Dispatcher } from '../../mail/dispatcher.ts';
import type { Outbox } from '../../mail/outbox.ts';
import type { PracticeMailbox } from '../../mail/practice-mailbox.ts';
import type { Handlers } from '../../shared/contract/ipc.ts';
import type { Clock } from '../../shared/model/clock.ts';
import type { SmtpEventRecord } from '../../shared/model/smtp-event.ts';
import type { AgentStatus } from '../../shared/model/status.ts';
import type { ComposeContext, Composer } from './compose/compose.ts';
import { dryCheck } from './schedule/dry-check.ts';
import type { Monitor } from './schedule/monitor.ts';
import type { Reporter } from './schedule/reporter.ts';
import type { SettingsStore } from './settings/settings-store.ts';

export interface HandlerParts {
  readonly settings: SettingsStore;
  readonly monitor: Monitor;
  readonly reporter: Reporter;
  readonly practice: PracticeMailbox;
  readonly outbox: Outbox;
  readonly dispatcher: Dispatcher;
  readonly deliveries: DeliveryLog;
  readonly clock: Clock;
  readonly hostName: string;
  readonly composer: () => Promise<Composer>;
  readonly composeContext: () => ComposeContext;
  readonly status: () => AgentStatus;
  readonly consoleLink: () => string | null;
  /** SMTP events, newest first, from the one before which they are wanted. */
  readonly events: (limit: number, before: number | null) => readonly SmtpEventRecord[];
  /** Whether there was a trouble of Tocsin's own by this name. */
  readonly acknowledgeTrouble: (name: string) => boolean;
  /** Makes everything that runs take up the new settings. */
  readonly onSettingsChanged: () => Promise<void>;
}

const MINUTE_MS = 60_000;

/** What the agent does when it is asked to: one function per method of the contract. */
export function createHandlers(parts: HandlerParts): Handlers {
  const { settings, monitor, clock } = parts;
  return {
    'status.get': () => parts.status(),
    'settings.export': () => settings.current(),
    async 'settings.import'({ text, baseDir }) {
      const outcome = settings.import(text, baseDir);
      if (!outcome.ok) return outcome;
      await parts.onSettingsChanged();
      return { ok: true, warnings: outcome.warnings };
    },
    'alerts.check': () => dryCheck(settings.current().alerts, monitor.alerts(), clock),
    async 'alerts.acknowledge'({ name }) {
      const outcome = await monitor.change(name, (state) =>
        state.phase === 'firing' ? { ...state, acknowledgedAt: clock.now() } : null,
      );
      return { outcome: outcome === 'not-found' && parts.acknowledgeTrouble(name) ? 'done' : outcome };
    },
    'alerts.snooze': async ({ name, minutes }) => ({
      outcome: await monitor.change(name, (state) => ({
        ...state,
        // Who asks to be left alone until then asks to be told then.
        acknowledgedAt: null,
        snoozedUntil: clock.now() + minutes * MINUTE_MS,
      })),
    }),
    'monitoring.pause'({ minutes }) {
      const until = minutes === null ? 'forever' : clock.now() + minutes * MINUTE_MS;
      monitor.setPausedUntil(until);
      return { until };
    },
    'monitoring.resume'() {
      monitor.setPausedUntil(null);
      return {};
    },
    async 'reports.send'({ name }) {
      const wanted = name.trim().toLowerCase();
      const report = settings.current().reports.find((entry) => entry.name.toLowerCase() === wanted);
      if (!report) return { found: false, ids: [] };
      return { found: true, ids: await parts.reporter.send(report, null) };
    },
    async 'mail.test'({ to, via }) {
      const composer = await parts.composer();
      const message = composer.test(to, parts.composeContext());
      const { hostName, practice } = parts;
      const { testMail } = await import('./dispatch/test-mail.ts');
      return testMail({ settings, hostName, practice, message, via, clock });
    },
    'log.list': (query) => parts.deliveries.list(query),
    'log.get': ({ id }) => parts.deliveries.find(id),
    'log.resend'({ id }) {
      const record = parts.deliveries.find(id);
      const found = record !== null && parts.outbox.resend(record.message.id, clock.now());
      if (found) parts.dispatcher.wake();
      return { found };
    },
    'events.list': ({ limit, before }) => parts.events(limit, before),
    'console.link': () => ({ url: parts.consoleLink() }),
  };
}
