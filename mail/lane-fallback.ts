import type { Attempt } from '../shared/model/delivery.ts';
import type { DispatcherOptions } from './dispatch-options.ts';
import {
  decideFallback,
  type FallbackDecision,
  type FallbackOptions,
  planWhileDown,
  submissionReason,
  whileDown,
} from './fallback.ts';
import type { Candidate, Lease, Submission } from './lease.ts';
import type { Outlet } from './outlet.ts';

/** Everything that waits is tried at once when a way opens, but not more often than this: ways may come and go. */
const OPENED_EVERY_MS = 60_000;
/** What the Web Service may have is given back after half an hour; that is looked at so often. */
const RELEASE_EVERY_MS = 60_000;

/** The fallback as the workers of the mail servers use it. */
export interface LaneFallback {
  /** The Web Service, where it can be used now. */
  usable(): Outlet | null;
  /** Whether it is set up for this at all, so that it is worth knowing when it and the servers are back. */
  isSetUp(): boolean;
  /** Called at each look at the queue: sees to what changed since the last one. */
  refresh(servers: Outlet): void;
  maySend(servers: Outlet, candidate: Candidate, isPinned: boolean): boolean;
  /** The lease as it is to be sent: by the Web Service where no server can be used. Called in the lease's transaction. */
  prepare(lease: Lease, servers: Outlet): Lease;
  decide(lease: Lease, attempts: readonly Attempt[]): FallbackDecision;
  /** Why a message waits although the Web Service might carry it; `goes` where it does not wait. */
  whileDown(candidate: Candidate, isPinned: boolean): ReturnType<typeof whileDown>;
  /** Hands a set over. Empty where the Web Service cannot be used any more. */
  send(lease: Lease, submission: Submission): Promise<readonly Attempt[]>;
}

export function createLaneFallback(
  options: FallbackOptions,
  { outbox, clock }: Pick<DispatcherOptions, 'outbox' | 'clock'>,
): LaneFallback {
  let wasOpen = false;
  let openedMs = Number.NEGATIVE_INFINITY;
  let releasedMs = Number.NEGATIVE_INFINITY;

  const usable = () => {
    const { outlet } = options.route();
    return outlet?.available(null) ? outlet : null;
  };

  return {
    usable,
    isSetUp: () => options.route().outlet !== null,

    refresh(servers) {
      const relay = usable();
      if (relay === null && clock.monotonic() - releasedMs >= RELEASE_EVERY_MS) {
        releasedMs = clock.monotonic();
        outbox.release(clock.now());
      }
      const isOpen = relay !== null && !servers.available(null);
      if (!isOpen) wasOpen = false;
      // The servers are known to be down, and there is a way round them: nobody waits for the next try by schedule.
      if (isOpen && !wasOpen && clock.monotonic() - openedMs >= OPENED_EVERY_MS) {
        wasOpen = true;
        openedMs = clock.monotonic();
        outbox.makeDue('smtp', clock.now());
      }
    },

    maySend(servers, candidate, isPinned) {
      if (candidate.isSubmitted) return usable() !== null;
      return !servers.available(null) && whileDown(options, candidate, isPinned).goes;
    },

    prepare(lease, servers) {
      if (lease.submission !== null || servers.available(lease.pinnedServer)) return lease;
      servers.setWaiting(true, true);
      return outbox.submit(lease, planWhileDown(options, lease, servers), clock.now());
    },

    decide(lease, attempts) {
      const ageMs = clock.now() - lease.message.createdAt;
      return decideFallback(options, lease, attempts, ageMs);
    },

    whileDown: (candidate, isPinned) => whileDown(options, candidate, isPinned),

    async send(lease, submission) {
      const relay = usable();
      if (relay === null) return [];
      const attempts = await relay.send({
        message: lease.message,
        recipients: lease.recipients,
        pinnedServer: null,
        attachments: [],
        submissionKey: submission.key,
      });
      return attempts.map((attempt) => ({ ...attempt, reason: submissionReason(submission, attempt) }));
    },
  };
}
