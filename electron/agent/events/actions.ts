import { join } from 'node:path';
import type { SecureContext } from 'node:tls';
import type { Outbox } from '../../../mail/outbox.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { Message, RouteChoice } from '../../../shared/model/message.ts';
import type { SmtpEvent } from '../../../shared/model/smtp-event.ts';
import { createTrust } from '../collect/http.ts';
import type { ComposeContext, Composer } from '../compose/compose.ts';
import type { ActionOutcome } from './action-outcome.ts';
import { eventData, eventFields } from './event-data.ts';
import { type EventAddressees, eventNotice } from './event-notice.ts';
import type { DueAction } from './event-store.ts';
import { logToFile } from './log-file.ts';
import { notifyProvider } from './provider.ts';
import { callWebPage } from './web-page.ts';

export interface ActionsOptions {
  readonly dataDir: string;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly settings: () => Settings;
  readonly composer: () => Promise<Composer>;
  readonly composeContext: () => ComposeContext;
  /** Whether mail can leave by a route now. */
  readonly isOpen: (route: RouteChoice) => boolean;
}

/** Does one action once. What it writes into the outbox, it leaves to be written with its outcome. */
export type PerformAction = (due: DueAction, signal: AbortSignal) => Promise<ActionOutcome>;

/** The actions of rules (row E4). */
export function createActions(options: ActionsOptions): PerformAction {
  const { clock, settings } = options;
  const logsDir = join(options.dataDir, 'logs');
  const providersDir = join(options.dataDir, 'providers');
  let trusted: Promise<SecureContext> | null = null;

  const perform: PerformAction = async (due, signal) => {
    const context = options.composeContext();
    const data = eventData(due, context);
    const { action } = due;
    switch (action.type) {
      case 'log-to-file':
        return logToFile(logsDir, action.file, data);
      case 'external-provider':
        return notifyProvider(providersDir, action.command, data, clock);
      case 'call-web-page': {
        const secureContext = () => (trusted ??= createTrust([]));
        return callWebPage(action, eventFields(due, context), data, { clock, secureContext }, signal);
      }
      case 'send-email':
        return tell(
          due,
          { emails: action.recipients, sms: [], route: routeFor(due.event, context) },
          context,
        );
      case 'notification-profile': {
        const { emails, sms } = settings().profile;
        return tell(due, { emails, sms, route: routeFor(due.event, context) }, context);
      }
    }
  };

  const tell = async (
    due: DueAction,
    to: EventAddressees,
    context: ComposeContext,
  ): Promise<ActionOutcome> => {
    if (to.emails.length === 0 && to.sms.length === 0)
      return { kind: 'failed', text: 'nobody was told: the notification profile has no addresses' };
    const composer = await options.composer();
    const composed = composer.notice(eventNotice(due, to, context), context);
    const messages = due.isTest ? composed.map(asTest) : composed;
    const ids = messages.map(({ id }) => id).join(', ');
    const way = to.route === 'relay' ? 'the Tocsin Web Service' : 'SMTP';
    return {
      kind: 'done',
      text: `put into the outbox for ${way} as ${ids}`,
      messageIds: messages.map(({ id }) => id),
      alongside: () => options.outbox.accept(messages, clock.now()),
    };
  };

  /** Another way than the one that failed, where there is one that is open. */
  const routeFor = (event: SmtpEvent, { noticeRoute = 'smtp' }: ComposeContext): RouteChoice => {
    if (event.route === 'relay') return 'smtp';
    return event.route === 'smtp' && options.isOpen('relay') ? 'relay' : noticeRoute;
  };

  return perform;
}

function asTest(message: Message): Message {
  // A text message says so in its text, and has no room to say it twice.
  const { channel, subject } = message;
  return { ...message, kind: 'test', subject: channel === 'email' ? `[TEST] ${subject}` : subject };
}
