import type { Attempt } from '../shared/model/delivery.ts';
import type { RouteChoice } from '../shared/model/message.ts';
import { Deadline } from './deadline.ts';
import { faultAttempt, whyWaiting } from './dispatch-attempts.ts';
import type { DispatcherOptions, RouteState } from './dispatch-options.ts';
import { notByTheService, withAnotherWay, withWhyNot } from './fallback.ts';
import { createGroupSettle, type Settled } from './group-settle.ts';
import { InHand } from './in-hand.ts';
import { createLaneFallback } from './lane-fallback.ts';
import type { FinalFailure, Lease, MaySend } from './lease.ts';
import type { Outlet } from './outlet.ts';

/** DEFAULTS: one connection per server, five while more than fifty mails wait. A kill doubles at most one mail each. */
const BACKLOG = 50;
const WORKERS = 1;
const BACKLOG_WORKERS = 5;
/** A send that takes longer no longer holds others back: one more may start, up to MOST_WORKERS (promise I9). */
const SLOW_SEND_MS = 2000;
const MOST_WORKERS = 10;
/** Mail that cannot be tried now although its server can be used (it gives us no more connections) is looked at after this. */
const LOOK_AGAIN_MS = 1000;
/** The wall clock is ahead of the time that has passed by more than clocks drift: it was set, or the computer slept. */
const JUMP_MS = 15_000;

export interface Lane {
  /** Gives work to workers that are free. False where that failed, and has been told of. */
  pump(): boolean;
  /** Whether the Web Service is wanted for what the mail servers may not take. */
  wantsFallback(): boolean;
  stop(): Promise<void>;
}

/** The workers of one route. `isWantedElsewhere`: whether its outlet is waited for although nothing waits here. */
export function createLane(
  choice: RouteChoice,
  options: DispatcherOptions,
  isWantedElsewhere: () => boolean,
): Lane {
  const { outbox, clock } = options;
  const fallback =
    choice === 'smtp' && options.fallback ? createLaneFallback(options.fallback, options) : null;
  const running = new Set<Promise<void>>();
  const inHand = new InHand(outbox);
  let stopped = false;
  let isLookingAgain = false;
  let offsetMs = clock.now() - clock.monotonic();

  /** Five days that passed on the clock only are no reason to give up. Nobody else may notice the jump in time. */
  const allowForJump = () => {
    const offsetNowMs = clock.now() - clock.monotonic();
    if (offsetNowMs - offsetMs > JUMP_MS) outbox.postponeGivingUp(clock.now());
    offsetMs = offsetNowMs;
  };

  const maySend =
    (outlet: Outlet): MaySend =>
    (pinned, id, candidate) =>
      !inHand.has(id) &&
      ((!candidate.isSubmitted && outlet.available(pinned)) ||
        fallback?.maySend(outlet, candidate, pinned !== null) === true);

  /** Never throws: it runs from timers, and a database that fails now may work at the next look. */
  const pump = (): boolean => {
    try {
      if (!stopped) fill();
      return true;
    } catch (error) {
      options.onFault(error);
      return false;
    }
  };

  /** With a way round servers that are down, nothing waits for them; new mail does as soon as they are back. */
  const tellWaiting = (outlet: Outlet | null, waiting: number) => {
    const isMissed = fallback?.isSetUp() === true && outlet?.available(null) === false;
    outlet?.setWaiting(waiting > 0 || isMissed || isWantedElsewhere());
  };

  const fill = () => {
    const waiting = outbox.waiting(choice);
    const state = options.route(choice);
    tellWaiting(state.outlet, waiting);
    allowForJump();
    if (waiting === 0) return;
    if (state.outlet !== null) fallback?.refresh(state.outlet);
    expireOverdue();
    if (state.outlet === null || !state.outlet.available(null)) explain(state);
    const wanted = waiting > BACKLOG ? BACKLOG_WORKERS : WORKERS;
    if (wanted > WORKERS) options.onBacklog?.();
    for (let free = Math.min(wanted - inHand.pressing, MOST_WORKERS - inHand.size); free > 0; free--) {
      const lease = inHand.together(next);
      if (lease === null) break;
      start(lease);
    }
  };

  /** The next message to send, with the way it goes. Called in a transaction. */
  const next = (): Lease | null => {
    const { outlet } = options.route(choice);
    if (outlet === null || stopped) return null;
    if (!outlet.available(null) && !fallback?.usable()) return null;
    const lease = outbox.lease(choice, clock.now(), maySend(outlet));
    if (lease === null) return null;
    inHand.take(lease.message.id);
    return fallback === null ? lease : fallback.prepare(lease, outlet);
  };

  const start = (first: Lease) => {
    const worker = work(first)
      .catch(options.onFault)
      .finally(() => running.delete(worker));
    running.add(worker);
  };

  const work = async (first: Lease) => {
    let lease: Lease | null = first;
    /** A send that has shown to be slow lets another worker in. */
    const slow = new Deadline(clock, () => {
      slow.clear();
      if (lease !== null) inHand.putAside(lease.message.id);
      pump();
    });
    while (lease !== null) {
      slow.set(SLOW_SEND_MS);
      const made = await send(lease);
      slow.clear();
      const settled: Settled = await group.settle(lease, made);
      if (settled.attempts.length > 0) tell(lease, settled.attempts, settled.failures);
      lease = settled.following;
    }
    slow.end();
    tellWaiting(options.route(choice).outlet, outbox.waiting(choice));
  };

  /** Never throws: the worker has its next message in hand already. */
  const tell = (lease: Lease, attempts: readonly Attempt[], failures: readonly FinalFailure[]) => {
    try {
      options.onRecorded?.(lease, attempts, failures);
    } catch (error) {
      options.onFault(error);
    }
  };

  /** Never throws. */
  const send = async (lease: Lease): Promise<readonly Attempt[]> => {
    try {
      if (lease.submission !== null) return (await fallback?.send(lease, lease.submission)) ?? [];
      const { outlet } = options.route(choice);
      if (outlet === null) return [];
      return await outlet.send({
        message: lease.message,
        recipients: lease.recipients,
        pinnedServer: lease.pinnedServer,
        attachments: lease.attachments,
      });
    } catch (error) {
      options.onFault(error);
      return [faultAttempt(lease, clock.now())];
    }
  };

  const group = createGroupSettle({
    clock,
    inHand,
    together: (calls, isLate) => {
      allowForJump();
      return isLate ? inHand.togetherSoon(calls, options.onFault) : inHand.together(calls);
    },
    record: (lease, made) => record(lease, made),
    onFault: options.onFault,
  });

  const record = (lease: Lease, made: readonly Attempt[]): Settled => {
    const now = clock.now();
    const decision = lease.submission === null ? fallback?.decide(lease, made) : undefined;
    const { plan = null, isNow = false, why = null } = decision ?? {};
    const isNews = why !== null && outbox.saysAnew(lease.message.id, why);
    const kept = plan === null ? made : withAnotherWay(made, plan.recipients);
    const attempts = isNews ? withWhyNot(kept, why) : kept;
    const failures = outbox.settle(lease, attempts, now);
    if (plan !== null && isNow && !stopped) {
      options.route(choice).outlet?.setWaiting(true, true);
      return { attempts, failures, following: outbox.submit(lease, plan, now) };
    }
    inHand.end(lease.message.id);
    // Nothing could be tried. It goes on only where that is because all servers are known to be down by now.
    const isOver =
      attempts.length === 0 &&
      (lease.submission !== null || options.route(choice).outlet?.available(null) !== false);
    if (isOver && lease.submission === null && !isLookingAgain) {
      isLookingAgain = true;
      clock.after(LOOK_AGAIN_MS, () => {
        isLookingAgain = false;
        pump();
      });
    }
    return { attempts, failures, following: isOver ? null : next() };
  };

  const explain = (state: RouteState) => {
    const attempt = whyWaiting(state, choice, clock.now());
    if (attempt === null) return;
    outbox.explainWaiting(choice, (candidate) => {
      if (candidate.isSubmitted) return null;
      const way = fallback?.whileDown(candidate, false) ?? { goes: false, why: null };
      if (way.goes) return null;
      return way.why === null
        ? attempt
        : { ...attempt, reason: `${attempt.reason}; ${notByTheService(way.why)}` };
    });
  };

  /** What has waited five days and cannot be tried now is given up; what can be tried gets its last try instead. */
  const expireOverdue = () => {
    const state = options.route(choice);
    if (state.outlet?.available(null)) return;
    const code =
      state.outlet === null ? state.code : (state.outlet.health()[0]?.code ?? 'smtp_connection_timeout');
    const failures = outbox.expire(choice, clock.now(), code);
    if (failures.length > 0) options.onExpired?.(failures);
  };

  return {
    pump,
    wantsFallback: () => fallback?.isSetUp() === true && outbox.waiting(choice) > 0,
    async stop() {
      stopped = true;
      group.stop();
      await Promise.allSettled(running);
    },
  };
}
