import type { MessageKind } from '../shared/model/message.ts';
import type { Trouble } from './smtp-trouble.ts';

/** What is known of a message when its own servers did not take it. */
export interface FallbackFacts {
  readonly kind: MessageKind;
  readonly hasAttachments: boolean;
  /** A server may have it already: its reply to the final dot was lost. */
  readonly isPinned: boolean;
  /** Whether all of its recipients are administrators (S5). */
  readonly administratorsOnly: boolean;
  /** Whether a server had anything to say about the message, be it yes or no. */
  readonly wasAnswered: boolean;
  /** By address, those whom no server took. */
  readonly troubles: ReadonlyMap<string, Trouble>;
  /** Tries made of it by SMTP, this one included. */
  readonly tries: number;
  /** Milliseconds since it was decided. */
  readonly ageMs: number;
}

/** Why a message leaves by the Web Service; `down`: all servers were known to be, and none was asked. */
export type FallbackCause = 'down' | 'unreachable' | 'temporary' | 'refused';

export type FallbackVerdict =
  | { readonly goes: true; readonly cause: FallbackCause; readonly recipients: readonly string[] }
  /** With the reason in words, which the log follows "not by the Web Service: " with; null where there is nothing to say. */
  | { readonly goes: false; readonly why: string | null };

/** A server that asks to try later usually means a minute or two; so many tries, or so long, and it is no delay any more. */
const TEMPORARY_TRIES = 2;
const TEMPORARY_MS = 5 * 60_000;

/**
 * Rows S2 and S5: whether what the servers did not take goes by the Web Service, decided for the message as a whole.
 * To administrators only when no server could be worked with; to anybody else also when a server refuses. A mailbox
 * that does not exist does not exist by any way. Pure.
 */
export function fallbackVerdict(facts: FallbackFacts): FallbackVerdict {
  const kinds = new Set(facts.troubles.values());
  const recipients = [...facts.troubles].filter(([, trouble]) => trouble !== 'no-such-recipient');
  if (recipients.length === 0) {
    return stays(kinds.size === 0 ? null : 'the server says that there is no such mailbox');
  }
  if (neverLeaves(facts)) return stays('file alerts and attachments never leave by it');
  if (facts.isPinned || kinds.has('unknown')) return stays('a mail server may have it already');
  const goes = (cause: FallbackCause): FallbackVerdict => ({
    goes: true,
    cause,
    recipients: recipients.map(([address]) => address),
  });
  if (!facts.wasAnswered && !kinds.has('temporary')) return goes('unreachable');
  if (facts.administratorsOnly) return stays('only administrators are addressed, and the server was reached');
  if (kinds.has('refused')) return goes('refused');
  if (kinds.has('unreachable')) return goes('unreachable');
  if (facts.tries >= TEMPORARY_TRIES || facts.ageMs >= TEMPORARY_MS) return goes('temporary');
  return stays('the server asked to try again later, and is asked once more first');
}

/** W1: what file alerts carry never leaves by the Web Service, in either way. */
export function neverLeaves({
  kind,
  hasAttachments,
}: Pick<FallbackFacts, 'kind' | 'hasAttachments'>): boolean {
  return kind === 'file-alert' || hasAttachments;
}

function stays(why: string | null): FallbackVerdict {
  return { goes: false, why };
}
