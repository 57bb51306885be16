import type { Clock } from '../../../shared/model/clock.ts';
import { withDeadline } from './deadline.ts';

/**
 * File system calls that may hang for as long as a server is away. Node runs them on a pool of four threads, which
 * name lookups share: two at a most may hang here, so that mail can still find its server.
 */
const AT_ONCE = 2;
const DEADLINE_MS = 5_000;

/**
 * Runs slow calls, at most one for each key and two altogether. A call that hung in an earlier cycle is joined, not
 * started again.
 */
export class SlowCalls {
  readonly #clock: Clock;
  readonly #running = new Map<string, Promise<unknown>>();
  readonly #queue: (() => void)[] = [];
  #active = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The call's outcome; rejects after 5 s without one. Calls with one key must be of one kind. */
  run<T>(key: string, call: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key) as Promise<T> | undefined;
    const shared = running ?? this.#begin(key, call);
    return withDeadline(this.#clock, shared, DEADLINE_MS, `no answer within ${DEADLINE_MS / 1000} s`);
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
      if (this.#active < AT_ONCE) start();
      else this.#queue.push(start);
    });
  }
}
