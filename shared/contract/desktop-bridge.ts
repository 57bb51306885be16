import type { MethodName, ReplyOf } from './ipc.ts';

/**
 * Why a call came to nothing. `lost`: the agent does not answer. `refused`: it said no, and why. `mismatch`: what it
 * answered is not what this program was written for.
 */
type CallFailureKind = 'lost' | 'refused' | 'mismatch';

interface FailedCall {
  readonly ok: false;
  readonly kind: CallFailureKind;
  /** The sentence to show. */
  readonly message: string;
}

/** What a call came to, as data: an exception that crosses a process loses all but its text. */
export type CallOutcome<Name extends MethodName> =
  | { readonly ok: true; readonly reply: ReplyOf<Name> }
  | FailedCall;
