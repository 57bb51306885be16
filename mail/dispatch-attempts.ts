import type { RouteChoice } from '../shared/model/message.ts';
import type { Attempt } from '../shared/model/delivery.ts';
import type { RouteState } from './dispatch-options.ts';
import type { Lease } from './lease.ts';

/** Why nothing that waits on this route can be tried now, as the delivery log has it; null where that is not known. */
export function whyWaiting(
  state: RouteState,
  choice: RouteChoice,
  at: number,
): Omit<Attempt, 'outcomes'> | null {
  const common = { at, durationMs: 0, stage: 'route' } as const;
  if (state.outlet === null) {
    const { route, code, reason } = state;
    return { ...common, route, server: null, code, reply: null, reason };
  }
  const [first] = state.outlet.health();
  if (!first) return null;
  const { server, code, reply } = first;
  const reason = `not tried yet: ${server.host}:${server.port} is ${first.state}; it is probed, and mail leaves as soon as it answers`;
  return { ...common, route: choice, server, code, reply, reason };
}

/**
 * An outlet threw, which it never should. The message keeps its place in the schedule all the same, and what was with
 * the Web Service stays there: it may have got through.
 */
export function faultAttempt(lease: Lease, now: number): Attempt {
  const isSubmitted = lease.submission !== null;
  return {
    at: now,
    durationMs: 0,
    route: isSubmitted ? 'relay' : lease.message.route,
    server: null,
    stage: 'route',
    code: 'smtp_temporary',
    reply: null,
    reason: 'an unexpected fault inside Tocsin, see its log; it tries again by itself',
    outcomes: lease.recipients.map((address) => ({
      address,
      verdict: isSubmitted ? 'unknown' : 'retry',
      code: 'smtp_temporary',
      reply: null,
    })),
  };
}
