import type { FinalFailure } from '../../../mail/outbox.ts';
import type { Attempt, DeliveryRecord, ServerName, Stage } from '../../../shared/model/delivery.ts';
import type { Message } from '../../../shared/model/message.ts';
import type { SmtpEvent } from '../../../shared/model/smtp-event.ts';

/** What is known of the installation when something happens to a mail. */
export interface EventContext {
  readonly now: number;
  /** The address mail leaves from. */
  readonly emailAddress: string;
  /** Whether a server wants a login, as the settings have it; null where it is not in them. */
  readonly requiresAuthentication: (server: ServerName) => boolean | null;
}

/** Stages before a server has shown itself ready to take mail. */
const CONNECTING: ReadonlySet<Stage> = new Set<Stage>(['dns', 'connect', 'tls', 'greeting', 'auth']);

/**
 * The events that follow from what came of one send, in the order in which they happened. Every attempt that left
 * somebody without the mail is one Delivery Failed, and a Connection Failed before that where no session came about.
 */
export function eventsOfSend(
  message: Message,
  attempts: readonly Attempt[],
  failures: readonly FinalFailure[],
  context: EventContext,
): SmtpEvent[] {
  if (!raisesEvents(message)) return [];
  return [
    ...attempts.flatMap((attempt) => eventsOfAttempt(message, attempt, context)),
    ...eventsOfFailures(failures, attempts, context),
  ];
}

function eventsOfAttempt(message: Message, attempt: Attempt, context: EventContext): SmtpEvent[] {
  const without = attempt.outcomes.filter(({ verdict }) => verdict !== 'accepted');
  if (without.length === 0) return [];
  const [first] = without;
  const event = {
    at: context.now,
    route: attempt.route,
    ...serverPart(attempt.server, context),
    ...messagePart(message),
    recipients: without.map(({ address }) => address),
    stage: attempt.stage,
    code: attempt.code ?? first?.code ?? null,
    reply: attempt.reply ?? first?.reply ?? null,
  };
  const failed: SmtpEvent = { ...event, type: 'delivery-failed' };
  return CONNECTING.has(attempt.stage) ? [{ ...event, type: 'connection-failed' }, failed] : [failed];
}

/** One Final Delivery Failed for all whom a message was given up for with the same words. */
export function eventsOfFailures(
  failures: readonly FinalFailure[],
  attempts: readonly Attempt[],
  context: EventContext,
): SmtpEvent[] {
  const alike = Map.groupBy(
    failures.filter(({ message }) => raisesEvents(message)),
    ({ message, code, reply }) => JSON.stringify([message.id, code, reply]),
  );
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const addresses = group.map(({ address }) => address);
    const attempt = attempts.findLast(({ outcomes }) =>
      outcomes.some(({ address }) => addresses.includes(address)),
    );
    return [
      {
        type: 'final-delivery-failed' as const,
        at: context.now,
        route: attempt?.route ?? first.message.route,
        ...serverPart(attempt?.server ?? null, context),
        ...messagePart(first.message),
        recipients: addresses,
        stage: attempt?.stage ?? null,
        code: first.code,
        reply: first.reply,
      },
    ];
  });
}

/**
 * The same for whom a server had accepted the mail and who turned out not to get it: the attempt that the events are
 * about is the one by which it was handed over.
 */
export function eventsOfLaterFailures(
  failures: readonly FinalFailure[],
  record: DeliveryRecord | null,
  context: EventContext,
): SmtpEvent[] {
  const handedOver = (record?.attempts ?? []).filter(({ outcomes }) =>
    outcomes.some(({ verdict }) => verdict === 'accepted'),
  );
  const bounced = failures.map((failure) => ({ ...failure, code: 'mail_bounced' as const }));
  return eventsOfFailures(bounced, handedOver, context);
}

/** Promise I12: mail about failed mail is about nothing that anybody has to be told again. */
function raisesEvents(message: Message): boolean {
  return message.source.type !== 'smtp-event';
}

function serverPart(server: ServerName | null, context: EventContext) {
  return {
    server,
    requiresAuthentication: server === null ? null : context.requiresAuthentication(server),
    emailAddress: context.emailAddress,
  };
}

function messagePart(message: Message) {
  return { messageId: message.id, subject: message.subject };
}
