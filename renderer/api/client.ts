import type { EventName, MethodName, PayloadOf, ReplyOf, RequestOf } from '../../shared/contract/ipc.ts';

/** Whether the agent's events come in. `lost`: it ended, is starting, or the session has; the client tries by itself. */
export type Connection = 'open' | 'lost';

/**
 * Everything that the page knows of the agent. In the browser it is reached over the loopback console, in the desktop
 * app over Electron's IPC; the page is the same.
 */
export interface TocsinClient {
  /**
   * Asks the agent. Rejects with a `CallFailure`, whose message is the sentence to show. What arrives was checked against
   * the contract.
   */
  call<Name extends MethodName>(name: Name, request: RequestOf<Name>): Promise<ReplyOf<Name>>;
  /**
   * Tells every such event from now on, until the function that is returned is called. Of `status.changed` the newest
   * that has come is told once at the beginning, never within this call.
   */
  subscribe<Name extends EventName>(event: Name, listener: (payload: PayloadOf<Name>) => void): () => void;
  connection(): Connection;
  /** Told each time it changes, until the function that is returned is called. */
  onConnection(listener: (connection: Connection) => void): () => void;
}

/**
 * Why a call failed. `lost`: the agent does not answer. `signed-out`: the session has ended. `refused`: the agent said no
 * and why. `mismatch`: what it answered is not what this page was written for.
 */
export type CallFailureKind = 'lost' | 'signed-out' | 'refused' | 'mismatch';

/** A call that failed; its message is a sentence for people. */
export class CallFailure extends Error {
  readonly kind: CallFailureKind;

  constructor(kind: CallFailureKind, message: string) {
    super(message);
    this.name = 'CallFailure';
    this.kind = kind;
  }
}
