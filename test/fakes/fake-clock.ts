import type { CancelTimer, Clock, Random } from '../../shared/model/clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock whose hands the test turns. Timers run inside `advance`, in the order in which they fall due. */
export class FakeClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;
  #timers = new Set<Timer>();
  #order = 0;

  constructor(startMs = Date.UTC(2026, 0, 5, 8, 0, 0)) {
    this.#wallMs = startMs;
  }

  now(): number {
    return this.#wallMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  after(delayMs: number, run: () => void): CancelTimer {
    const timer = { dueMs: this.#monotonicMs + Math.max(0, delayMs), order: this.#order++, run };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass; promises that become ready in between are given their turn. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#monotonicMs + ms;
    await settle();
    for (let next = this.#next(endMs); next !== null; next = this.#next(endMs)) {
      this.#timers.delete(next);
      this.#moveTo(next.dueMs);
      next.run();
      await settle();
    }
    this.#moveTo(endMs);
    await settle();
  }

  /** Time passes and no timer comes: the process was busy. */
  stall(ms: number): void {
    this.#moveTo(this.#monotonicMs + ms);
  }

  /** Sets the wall clock without time passing: a user, NTP or a resume from sleep did it. */
  jump(ms: number): void {
    this.#wallMs += ms;
  }

  #moveTo(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }

  #next(endMs: number): Timer | null {
    let first: Timer | null = null;
    for (const timer of this.#timers) {
      if (timer.dueMs > endMs) continue;
      if (
        first === null ||
        timer.dueMs < first.dueMs ||
        (timer.dueMs === first.dueMs && timer.order < first.order)
      ) {
        first = timer;
      }
    }
    return first;
  }
}

/** Lets everything that is ready run: promise chains and one turn of the event loop. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Chance that repeats: fractions from a fixed sequence, ids that count up. */
export function fakeRandom(fractions: readonly number[] = [0.5]): Random {
  let next = 0;
  let ids = 0;
  return {
    fraction: () => fractions[next++ % fractions.length] ?? 0.5,
    id: () => `id-${String(++ids).padStart(4, '0')}`,
  };
}
