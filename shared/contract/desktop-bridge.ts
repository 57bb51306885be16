import type { EventName, MethodName, PayloadOf, ReplyOf, RequestOf } from './ipc.ts';

/**
 * Why a call came to nothing. `lost`: the agent does not answer. `refused`: it said no, and why. `mismatch`: what it
 * answered is not what this program was written for.
 */
export type CallFailureKind = 'lost' | 'refused' | 'mismatch';

export interface FailedCall {
  readonly ok: false;
  readonly kind: CallFailureKind;
  /** The sentence to show. */
  readonly message: string;
}

/** What a call came to, as data: an exception that crosses a process loses all but its text. */
export type CallOutcome<Name extends MethodName> =
  | { readonly ok: true; readonly reply: ReplyOf<Name> }
  | FailedCall;

/** What the desktop app pushes to its page: an event of the agent, or whether the agent is heard. */
export type DesktopPush =
  | {
      readonly [Name in EventName]: {
        readonly kind: 'event';
        readonly event: Name;
        readonly payload: PayloadOf<Name>;
      };
    }[EventName]
  | { readonly kind: 'connection'; readonly connection: 'open' | 'lost' };

/** Everything that the desktop app puts within reach of its page, as `tocsin` of its window: one function for each method. */
export interface DesktopBridge {
  readonly methods: {
    readonly [Name in MethodName]: (request: RequestOf<Name>) => Promise<CallOutcome<Name>>;
  };
  /** Tells everything from now on, and at once what was newest of status and connection, until the returned function is called. */
  subscribe(listener: (push: unknown) => void): () => void;
}

/** The two channels between the desktop app and its page; there are no others. */
export const CALL_CHANNEL = 'tocsin:call';
export const PUSH_CHANNEL = 'tocsin:push';

/** Where the page of the desktop app comes from: a scheme of its own, so that no file and no server can pass for it. */
export const APP_SCHEME = 'tocsin';
export const APP_ORIGIN = 'tocsin://app';
