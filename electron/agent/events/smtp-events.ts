import { join } from 'node:path';
import type { SecureContext } from 'node:tls';
import { observedOutbox } from '../../../mail/observed-outbox.ts';
import type { Outbox } from '../../../mail/outbox.ts';
import type { Store } from '../../../mail/store.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { ServerName } from '../../../shared/model/delivery.ts';
import type { RouteChoice } from '../../../shared/model/message.ts';
import type { SmtpEvent, SmtpEventRecord } from '../../../shared/model/smtp-event.ts';
import { createTrust } from '../collect/http.ts';
import type { ComposeContext, Composer } from '../compose/compose.ts';
import type { AgentLog } from '../log.ts';
import type { ActionOutcome } from './action-outcome.ts';
import { createActionRunner } from './action-runner.ts';
import { type EventContext, eventsOfFailures, eventsOfSend } from './derive.ts';
import { eventData, eventFields } from './event-data.ts';
import { type EventAddressees, eventNotice } from './event-notice.ts';
import { createEventStore, type DueAction } from './event-store.ts';
import { logToFile } from './log-file.ts';
import { notifyProvider } from './provider.ts';
import { localMoment } from './rules.ts';
import { callWebPage } from './web-page.ts';

export interface SmtpEventsOptions {
  readonly dataDir: string;
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: AgentLog;
  readonly settings: () => Settings;
  readonly composer: () => Promise<Composer>;
  readonly composeContext: () => ComposeContext;
  /** The address that mail leaves from. */
  readonly sender: () => string;
  /** Whether mail can leave by a route now. */
  readonly isOpen: (route: RouteChoice) => boolean;
  /** Told after mails have entered the outbox for good. */
  readonly onQueued: () => void;
  /** Told of what an action came to. */
  readonly onSettled: () => void;
  readonly onFault: (error: unknown) => void;
}

/** SMTP events: they are derived from what happens to mail, matched by rules, and acted on (rows E1 to E4). */
export interface SmtpEvents {
  /** The outbox for whoever sends: what follows from a failed send is recorded with it. */
  readonly outbox: Outbox;
  /** Records events that come from elsewhere. May be called inside a transaction of the store. */
  raise(events: readonly SmtpEvent[]): void;
  /** What is the same in all events of this installation. */
  context(): EventContext;
  list(limit: number, before: number | null): SmtpEventRecord[];
  stop(): Promise<void>;
}

export function startSmtpEvents(options: SmtpEventsOptions): SmtpEvents {
  const { clock, settings } = options;
  const store = createEventStore(options.store);
  const logsDir = join(options.dataDir, 'logs');
  const providersDir = join(options.dataDir, 'providers');
  let trusted: Promise<SecureContext> | null = null;

  const perform = async (due: DueAction, signal: AbortSignal): Promise<ActionOutcome> => {
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
    const messages = composer.notice(eventNotice(due, to, context), context);
    const ids = messages.map(({ id }) => id).join(', ');
    const way = to.route === 'relay' ? 'the Tocsin Web Service' : 'SMTP';
    return {
      kind: 'done',
      text: `put into the outbox for ${way} as ${ids}`,
      alongside: () => options.outbox.accept(messages, clock.now()),
    };
  };

  /** Another way than the one that failed, where there is one that is open. */
  const routeFor = (event: SmtpEvent, { noticeRoute = 'smtp' }: ComposeContext): RouteChoice => {
    if (event.route === 'relay') return 'smtp';
    return event.route === 'smtp' && options.isOpen('relay') ? 'relay' : noticeRoute;
  };

  const context = (): EventContext => ({
    now: clock.now(),
    emailAddress: options.sender(),
    requiresAuthentication: (server) => requiresLogin(settings(), server),
  });

  const runner = createActionRunner({
    store,
    clock,
    perform,
    onSettled: (due, outcome) => {
      const text = `rule “${due.rule}”, ${due.action.type}: ${outcome.text}`;
      if (outcome.kind === 'done') options.log.info(text);
      else options.log.warn(text);
      if (outcome.kind === 'done' && outcome.alongside !== undefined) options.onQueued();
      options.onSettled();
    },
    onFault: options.onFault,
  });

  const raise = (events: readonly SmtpEvent[]) => {
    if (events.length === 0) return;
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    store.record(events, settings().smtpEvents, localMoment(clock.now(), timeZone));
    // After the commit that this is part of.
    clock.after(0, runner.look);
  };

  /** What became of a mail is written down, whatever happens to what follows from it. */
  const guarded = (derive: () => readonly SmtpEvent[]) => {
    try {
      raise(derive());
    } catch (error) {
      options.onFault(error);
    }
  };

  runner.look();
  return {
    outbox: observedOutbox(options.outbox, {
      settled: (message, attempts, failures) =>
        guarded(() => eventsOfSend(message, attempts, failures, context())),
      expired: (failures) => guarded(() => eventsOfFailures(failures, [], context())),
    }),
    raise,
    context,
    list: store.list,
    stop: runner.stop,
  };
}

function requiresLogin(settings: Settings, server: ServerName): boolean | null {
  const entry = settings.smtp.servers.find(
    ({ host, port }) => host.toLowerCase() === server.host.toLowerCase() && port === server.port,
  );
  return entry === undefined ? null : entry.auth.method !== 'none';
}
