import { observedOutbox } from '../../../mail/observed-outbox.ts';
import type { Outbox } from '../../../mail/outbox.ts';
import type { Store } from '../../../mail/store.ts';
import type { Settings, SmtpEventRule } from '../../../shared/contract/settings.ts';
import type { ServerName } from '../../../shared/model/delivery.ts';
import type { RuleTrial, SmtpEvent, SmtpEventRecord } from '../../../shared/model/smtp-event.ts';
import { COMPUTER_ZONE } from '../../../shared/wall-time.ts';
import type { AgentLog } from '../log.ts';
import { createActionRunner } from './action-runner.ts';
import { type ActionsOptions, createActions } from './actions.ts';
import { type EventContext, eventsOfFailures, eventsOfSend } from './derive.ts';
import { createEventStore } from './event-store.ts';
import { localMoment } from './rules.ts';
import { tryRule } from './try-rule.ts';

export interface SmtpEventsOptions extends ActionsOptions {
  readonly store: Store;
  readonly log: AgentLog;
  /** The address that mail leaves from. */
  readonly sender: () => string;
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
  /** Begins to do what is to be done, once mail can be handed over: what an earlier process left, and all that comes. */
  start(): void;
  /** Records events that come from elsewhere. May be called inside a transaction of the store. */
  raise(events: readonly SmtpEvent[]): void;
  /** What is the same in all events of this installation. */
  context(): EventContext;
  list(limit: number, before: number | null): SmtpEventRecord[];
  /** Does the actions of a rule, which need not be among the settings, on a made-up event. */
  try(rule: SmtpEventRule): Promise<RuleTrial>;
  stop(): Promise<void>;
}

export function createSmtpEvents(options: SmtpEventsOptions): SmtpEvents {
  const { clock, settings } = options;
  const store = createEventStore(options.store);
  const perform = createActions(options);
  const stopped = new AbortController();

  const context = (): EventContext => ({
    now: clock.now(),
    emailAddress: options.sender(),
    requiresAuthentication: (server) => requiresLogin(settings(), server),
  });

  const moment = () => localMoment(clock.now(), COMPUTER_ZONE);
  const say = (text: string, isDone: boolean) => (isDone ? options.log.info(text) : options.log.warn(text));

  const runner = createActionRunner({
    store,
    clock,
    perform,
    onSettled: (due, outcome) => {
      say(`rule “${due.rule}”, ${due.action.type}: ${outcome.text}`, outcome.kind === 'done');
      if (outcome.kind === 'done' && outcome.alongside !== undefined) options.onQueued();
      options.onSettled();
    },
    onFault: options.onFault,
  });

  const raise = (events: readonly SmtpEvent[]) => {
    if (events.length === 0) return;
    store.record(events, settings().smtpEvents, moment());
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

  return {
    outbox: observedOutbox(options.outbox, {
      settled: (message, attempts, failures) =>
        guarded(() => eventsOfSend(message, attempts, failures, context())),
      expired: (failures) => guarded(() => eventsOfFailures(failures, [], context())),
    }),
    start: runner.look,
    raise,
    context,
    list: store.list,
    try: (rule) =>
      tryRule(rule, {
        settings: settings(),
        context: context(),
        moment: moment(),
        perform,
        write(alongside) {
          options.store.transaction(alongside);
          options.onQueued();
        },
        onTried: ({ type, outcome, text }) =>
          say(`a try of the rule “${rule.name}”, ${type}: ${text}`, outcome === 'done'),
        onFault: options.onFault,
        signal: stopped.signal,
      }),
    async stop() {
      stopped.abort();
      await runner.stop();
    },
  };
}

function requiresLogin(settings: Settings, server: ServerName): boolean | null {
  const entry = settings.smtp.servers.find(
    ({ host, port }) => host.toLowerCase() === server.host.toLowerCase() && port === server.port,
  );
  return entry === undefined ? null : entry.auth.method !== 'none';
}
