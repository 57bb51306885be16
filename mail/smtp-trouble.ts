import type { ErrorCode } from '../shared/errors.ts';
import type { Attempt, RecipientOutcome, Stage } from '../shared/model/delivery.ts';

/**
 * What stood between a recipient and this computer's own servers. `unreachable`: no server could be worked with.
 * `temporary`: a server asked to try later. `refused`: a server will not pass the message on. `no-such-recipient`: a
 * server says that there is no such mailbox, which is so by every way. `unknown`: a server may have the message.
 */
export type Trouble = 'unreachable' | 'temporary' | 'refused' | 'no-such-recipient' | 'unknown';

/** Until the session is ready, whatever goes wrong is about the server, and nothing has been offered to it. */
const OPENING: ReadonlySet<Stage> = new Set<Stage>(['dns', 'connect', 'tls', 'greeting', 'auth']);

const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'smtp_sender_rejected',
  'smtp_recipient_rejected',
  'smtp_relaying_denied',
  'smtp_message_rejected',
]);

/** RFC 3463: X.1.1 to X.1.3, X.1.6 and X.1.10 are about the address, X.2.Z about the mailbox behind it. */
const ABOUT_MAILBOX = /^[45]\d\d[ -][45]\.(?:1\.(?:[1236]|10)|2\.\d{1,3})\b/;
/** The same in words, of servers that give no such number. Each pattern runs in linear time. */
const MAILBOX_WORDS =
  /\b(?:user|recipient|mailbox|address|account) (?:is )?(?:unknown|not found|does not exist|doesn't exist|unavailable)\b|\bunknown (?:user|recipient|mailbox|address)\b|\bno such (?:user|recipient|mailbox|address)\b|\binvalid (?:recipient|mailbox)\b/i;

/** What one outcome of an attempt means for the way out; null where the recipient was accepted. */
export function troubleOf(outcome: RecipientOutcome, stage: Stage): Trouble | null {
  const { verdict, code, reply } = outcome;
  if (verdict === 'accepted') return null;
  if (verdict === 'unknown') return 'unknown';
  if (OPENING.has(stage)) return 'unreachable';
  if (code === 'smtp_recipient_rejected' && isAboutMailbox(reply)) return 'no-such-recipient';
  if (code !== null && REFUSALS.has(code) && reply !== null)
    return reply.startsWith('4') ? 'temporary' : 'refused';
  return code === 'smtp_temporary' ? 'temporary' : 'unreachable';
}

/** No words at all: the address never reached a server, because it is none. */
function isAboutMailbox(reply: string | null): boolean {
  if (reply === null || ABOUT_MAILBOX.test(reply)) return true;
  const isNumbered = /^[45]\d\d[ -][45]\.\d/.test(reply);
  return !isNumbered && MAILBOX_WORDS.test(reply);
}

/** What a send came to: the trouble of each recipient that no server took, by the last attempt that names it. */
export function troublesOf(attempts: readonly Attempt[]): ReadonlyMap<string, Trouble> {
  const troubles = new Map<string, Trouble>();
  for (const { stage, outcomes } of attempts) {
    for (const outcome of outcomes) {
      const trouble = troubleOf(outcome, stage);
      if (trouble === null) troubles.delete(outcome.address);
      else troubles.set(outcome.address, trouble);
    }
  }
  return troubles;
}

/** Whether a server had anything to say about the message in a send, be it yes or no. */
export function wasAnswered(attempts: readonly Attempt[]): boolean {
  return attempts.some(({ stage, outcomes }) =>
    outcomes.some((outcome) => {
      const trouble = troubleOf(outcome, stage);
      return trouble === null || (trouble !== 'unreachable' && outcome.reply !== null);
    }),
  );
}
