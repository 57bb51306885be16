import type { CancelTimer, Clock } from '../shared/model/clock.ts';
import type { OpenFailure } from './open-session.ts';
import type { ServerSlot } from './server-slot.ts';
import type { SmtpSession } from './smtp-session.ts';

/**
 * How long the preferred server may take before the next one is started beside it, in milliseconds. Most servers
 * greet within a second; an alert is late long before a connection times out.
 */
export const HEDGE_AFTER_MS = 3_000;

/** When a server was asked for a session: wall clock and monotonic, in milliseconds. */
interface Began {
  readonly at: number;
  readonly ms: number;
}

export interface OpenedFirst {
  readonly first: {
    readonly slot: ServerSlot;
    readonly session: SmtpSession;
    readonly reused: boolean;
    readonly began: Began;
  } | null;
  readonly failures: readonly {
    readonly slot: ServerSlot;
    readonly failure: OpenFailure;
    readonly began: Began;
    readonly durationMs: number;
  }[];
  /** Those that were still being opened when another one was ready. */
  readonly slow: readonly ServerSlot[];
  /** Whether one that was preferred has given us all the sessions it gives anybody: its turn comes, so no other is asked. */
  readonly isFull: boolean;
}

/** In milliseconds. */
export interface OpenFirstLimits {
  /** When the next server is started beside one that takes long. */
  readonly hedgeAfterMs: number;
  /** How long to wait at most; null for as long as the servers may take. */
  readonly mostMs: number | null;
}

/**
 * Opens servers in order of preference until one is ready: the next one is started when one fails, or beside it when
 * it takes long. Nothing has been sent before a session is ready, so this cannot send anything twice. Sessions that
 * become ready later are put away for other messages.
 */
export function openFirst(
  slots: readonly ServerSlot[],
  fresh: ReadonlySet<ServerSlot>,
  clock: Clock,
  { hedgeAfterMs, mostMs }: OpenFirstLimits,
): Promise<OpenedFirst> {
  return new Promise((resolve) => {
    const waiting = [...slots];
    const running = new Set<ServerSlot>();
    const failures: OpenedFirst['failures'][number][] = [];
    let settled = false;
    let isFull = false;
    let cancelHedge: CancelTimer = () => {};
    let cancelMost: CancelTimer = () => {};

    const finish = (first: OpenedFirst['first']): void => {
      settled = true;
      cancelHedge();
      cancelMost();
      resolve({ first, failures: [...failures], slow: [...running], isFull });
    };

    const start = async (slot: ServerSlot): Promise<void> => {
      const began = { at: clock.now(), ms: clock.monotonic() };
      running.add(slot);
      const acquired = await slot.acquire(fresh.has(slot));
      running.delete(slot);
      if ('session' in acquired) {
        if (settled) await slot.release(acquired.session, true);
        else finish({ slot, session: acquired.session, reused: acquired.reused, began });
        return;
      }
      if (settled) return;
      if ('isFull' in acquired) {
        isFull = true;
        waiting.length = 0;
        if (running.size === 0) finish(null);
        return;
      }
      failures.push({ slot, failure: acquired.failure, began, durationMs: acquired.openMs });
      next();
      if (running.size === 0) finish(null);
    };

    const next = (): void => {
      cancelHedge();
      const slot = waiting.shift();
      if (slot === undefined) return;
      if (waiting.length > 0) cancelHedge = clock.after(hedgeAfterMs, next);
      void start(slot);
    };

    if (waiting.length === 0) return finish(null);
    if (mostMs !== null) cancelMost = clock.after(mostMs, () => finish(null));
    next();
  });
}
