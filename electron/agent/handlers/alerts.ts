import type { AlertSettings } from '../../../shared/contract/settings.ts';
import type { Handlers, TestReport } from '../../../shared/contract/ipc.ts';
import type { Message } from '../../../shared/model/message.ts';
import type { SettingsFault } from '../../../shared/contract/settings-rules.ts';
import type { AlertNotice, ComposeContext } from '../compose/compose.ts';
import { exampleNotice } from '../compose/example-notice.ts';
import { activeAlerts } from '../compose/notices.ts';
import { dryCheck } from '../schedule/dry-check.ts';
import { faultsText, parseAlert } from '../settings/parse-part.ts';
import { previewOf, SOMEBODY } from './mail-preview.ts';
import type { HandlerParts } from './parts.ts';

type AlertHandlers = Pick<
  Handlers,
  | 'alerts.check'
  | 'alerts.acknowledge'
  | 'alerts.snooze'
  | 'alerts.preview'
  | 'alerts.test'
  | 'monitoring.pause'
  | 'monitoring.resume'
>;

const MINUTE_MS = 60_000;

export function alertHandlers(parts: HandlerParts): AlertHandlers {
  const { settings, monitor, clock, live } = parts;

  /** One look at what the alert watches, and what it would have to tell of it. */
  const look = async (alert: AlertSettings) => {
    const [check] = (await dryCheck([alert], monitor.alerts(), clock)).alerts;
    const others = monitor.alerts().filter((other) => other.alert.name !== alert.name);
    const conditions = check?.conditions ?? [];
    const notice = (context: ComposeContext): AlertNotice =>
      exampleNotice(alert, conditions, activeAlerts(others), context.now);
    return { conditions, verdict: check?.verdict ?? 'unknown', notice };
  };

  return {
    'alerts.check': () => dryCheck(settings.current().alerts, monitor.alerts(), clock),
    async 'alerts.acknowledge'({ name }) {
      const outcome = await monitor.change(name, (state) =>
        state.incidentId !== null ? { ...state, acknowledgedAt: clock.now() } : null,
      );
      const done = outcome === 'not-found' && parts.acknowledgeTrouble(name) ? 'done' : outcome;
      live.changed('status');
      return { outcome: done };
    },
    async 'alerts.snooze'({ name, minutes }) {
      const outcome = await monitor.change(name, (state) => ({
        ...state,
        // Who asks to be left alone until then asks to be told then.
        acknowledgedAt: null,
        snoozedUntil: clock.now() + minutes * MINUTE_MS,
      }));
      live.changed('status');
      return { outcome };
    },
    async 'alerts.preview'({ alert: given }) {
      const parsed = parseAlert(given);
      if (!parsed.ok) return { faults: parsed.faults };
      const { conditions, verdict, notice } = await look(parsed.part);
      const context = parts.composeContext();
      const shown = notice(context);
      const composer = await parts.composer();
      const messages = composer.alert({ ...shown, recipients: [SOMEBODY] }, context);
      return {
        conditions,
        wouldFire: verdict,
        mail: previewOf(messages, parts),
        sms: messages.find(({ channel }) => channel === 'sms')?.text ?? null,
      };
    },
    async 'alerts.test'({ alert: given, to }) {
      const parsed = parseAlert(given);
      if (!parsed.ok) return notTested(parsed.faults);
      const { notice } = await look(parsed.part);
      const context = parts.composeContext();
      const composer = await parts.composer();
      const [message] = composer.alert({ ...notice(context), recipients: [to], sms: [] }, context);
      if (message === undefined) return notTested([]);
      const asTest: Message = { ...message, kind: 'test', subject: `[TEST] ${message.subject}` };
      if (asTest.route === 'relay') return parts.relay.test(asTest);
      const { testMail } = await import('../dispatch/test-mail.ts');
      return testMail({
        settings,
        tokens: parts.oauth.tokens,
        hostName: parts.hostName,
        practice: parts.practice,
        message: asTest,
        clock,
      });
    },
    'monitoring.pause'({ minutes }) {
      const until = minutes === null ? 'forever' : clock.now() + minutes * MINUTE_MS;
      monitor.setPausedUntil(until);
      live.changed('status');
      return { until };
    },
    'monitoring.resume'() {
      monitor.setPausedUntil(null);
      live.changed('status');
      return {};
    },
  };
}

function notTested(faults: readonly SettingsFault[]): TestReport {
  const sentence = `Nothing was sent, for the alert is not complete: ${faultsText(faults)}.`;
  return { accepted: false, sentence, via: 'smtp', server: null, stages: [] };
}
