import type { ErrorCode } from '../shared/errors.ts';
import type { Clock } from '../shared/model/clock.ts';
import type { Attempt, AttemptRoute } from '../shared/model/delivery.ts';
import type { RouteChoice } from '../shared/model/message.ts';
import type { FallbackOptions } from './fallback.ts';
import type { FinalFailure, Lease } from './lease.ts';
import type { Outbox } from './outbox.ts';
import type { Outlet } from './outlet.ts';

/** What a message meets on its route when it is its turn. */
export type RouteState =
  | { readonly outlet: Outlet }
  /** There is no way out by this route; what is queued for it waits, with this as the reason. */
  | {
      readonly outlet: null;
      readonly route: AttemptRoute;
      readonly code: ErrorCode;
      readonly reason: string;
      /** What stands against the route, whichever message asks; absent: what the code says. */
      readonly obstacle?: string;
    };

export interface DispatcherOptions {
  readonly outbox: Outbox;
  readonly clock: Clock;
  /** The way out by a route as it is now; asked before each message. */
  readonly route: (choice: RouteChoice) => RouteState;
  /** The Web Service as a way for what the mail servers do not take; absent where there is none by nature. */
  readonly fallback?: FallbackOptions;
  /** Told when so much mail waits that more connections are used. */
  readonly onBacklog?: () => void;
  /** Told of what was written down, after it is durable. */
  readonly onRecorded?: (
    lease: Lease,
    attempts: readonly Attempt[],
    failures: readonly FinalFailure[],
  ) => void;
  /** Told of recipients given up without a server to try them on. */
  readonly onExpired?: (failures: readonly FinalFailure[]) => void;
  /** Told of an unexpected exception; the message's lease is left to run out. */
  readonly onFault: (error: unknown) => void;
}
