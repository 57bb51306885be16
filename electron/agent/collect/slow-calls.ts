import type { Clock } from '../../../shared/model/clock.ts';
import { withDeadline } from './deadline.ts';

/**
 * File system calls that may hang for as long as a server is away. Node runs them on a pool of four threads, which
 * name lookups share: two at a most may hang here, so that mail can still find its server.
 */
const AT_ONCE = 2;
const DEADLINE_MS = 5_000;

/**
 * Runs slow calls, at most one for each key and, unless told, two altogether. A call that hung in an earlier cycle is joined, not
 * started again.
 */
export class SlowCalls {
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  readonly #atOnce: number;
  readonly #running = new Map<string, Promise<unknown>>();
  readonly #queue: (() => void)[] = [];
  #active = 0;

  constructor(clock: Clock, { deadlineMs = DEADLINE_MS, atOnce = AT_ONCE } = {}) {
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
    this.#atOnce = atOnce;
  }

  /** The call's outcome; rejects after the deadline (5 s unless told) without one. Calls with one key must be of one kind. */
  run<T>(key: string, call: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key) as Promise<T> | undefined;
    const shared = running ?? this.#begin(key, call);
    return withDeadline(
      this.#clock,
      shared,
      this.#deadlineMs,
      `no answer within ${this.#deadlineMs / 1000} s`,
    );
  }

  #begin<T>(key: string, call: () => Promise<T>): Promise<T> {
    const started = this.#turn()
      .then(call)
      .finally(() => {
        this.#running.delete(key);
        this.#active -= 1;
        this.#queue.shift()?.();
      });
    this.#running.set(key, started);
    return started;
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => {
      const start = () => {
        this.#active += 1;
        resolve();
      };
      if (this.#active < this.#atOnce) start();
      else this.#queue.push(start);
    });
  }
}
