import type { NodemailerError } from 'nodemailer/lib/errors';
import type { StageFacts } from '../shared/model/stage-facts.ts';
import type { FailureKind } from './smtp-reply.ts';

/** Why a step of the dialogue did not end as it should. */
export interface WireFailure {
  readonly kind: FailureKind | 'reply';
  /** All the server said to that step; null where it said nothing. */
  readonly reply: string | null;
  readonly nodeCode: string | null;
  /** What a server showed whose certificate was refused. */
  readonly facts?: StageFacts | null;
}

/** The connection went, and nothing was said. */
export const CLOSED: WireFailure = { kind: 'closed', reply: null, nodeCode: null };

/** What nodemailer's error says, told apart by its codes and never by its sentences. */
export function failureOf(error: NodemailerError): WireFailure {
  const reply = error.response ?? null;
  // It adds this one to replies it did not ask for and to lines that are no replies at all.
  if (reply !== null && !/^[2-5]\d\d(?:[ -]|$)/.test(reply))
    return { kind: 'not-smtp', reply, nodeCode: null };
  if (error.command === 'EHLO' && error.code === 'ECONNECTION' && /^50[0-4]/.test(reply ?? '')) {
    return { kind: 'starttls-missing', reply, nodeCode: null };
  }
  if (reply !== null) return { kind: 'reply', reply, nodeCode: null };
  if (error.code === 'ESOCKET') return { kind: 'system', reply, nodeCode: error.originalCode ?? null };
  if (error.code === 'EPROTOCOL') return { kind: 'not-smtp', reply, nodeCode: null };
  if (error.code === 'ETIMEDOUT') return { kind: 'timeout', reply, nodeCode: null };
  return { kind: 'closed', reply, nodeCode: null };
}
