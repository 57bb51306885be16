import type { ErrorCode } from '../shared/errors.ts';
import type { Clock } from '../shared/model/clock.ts';
import type { ServerName } from '../shared/model/delivery.ts';
import type { FaultWords } from './access-token.ts';
import type { ServerHealth } from './outlet.ts';

/**
 * How often a server that is down is tried while mail waits, in milliseconds. Postfix took 269 s and nullmailer 30 s
 * to notice a server that was back (measured); an alert should not wait longer than its server.
 */
const PROBE_EVERY_MS = 5_000;
/** After so long the server is not coming back any moment, and one try a minute is enough. */
const PROBE_EAGERLY_FOR_MS = 10 * 60_000;
const PROBE_LATER_EVERY_MS = 60_000;

/** A refused login is not repeated for an hour: many servers lock an account after some wrong passwords. */
const PAUSE_MS = 60 * 60_000;

/** A server that broke off a message is used after the others for so long, in milliseconds. */
const SUSPECT_MS = 60_000;

/** Why a server could not be used. */
export interface HealthFault {
  readonly code: ErrorCode;
  readonly reply: string | null;
  /** What is said in place of the code's own words. */
  readonly words?: FaultWords;
  readonly pauses: boolean;
}

/** What is known about one server: whether it can be used, since when, and when it is to be tried again. */
export class HealthOfServer {
  readonly #server: ServerName;
  readonly #clock: Clock;
  #state: ServerHealth['state'] = 'unused';
  #since: number | null = null;
  #fault: HealthFault | null = null;
  /** On the monotonic clock, so that a jump of the wall clock neither storms nor stalls. */
  #downSinceMs = 0;
  #dueMs = 0;
  #closelySinceMs = Number.NEGATIVE_INFINITY;
  #suspectUntilMs = 0;
  #lastAcceptedAt: number | null = null;
  #lastDurationMs: number | null = null;

  constructor(server: ServerName, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
  }

  /** Whether messages may be given to it. */
  get usable(): boolean {
    return this.#state === 'unused' || this.#state === 'ok';
  }

  /** Whether it failed inside a transaction a short while ago, so that others come first. */
  get suspect(): boolean {
    return this.#clock.monotonic() < this.#suspectUntilMs;
  }

  /** Milliseconds until it is to be tried again; 0 when that time has come. Meaningful while not usable. */
  get dueInMs(): number {
    return Math.max(0, this.#dueMs - this.#clock.monotonic());
  }

  opened(): void {
    this.#change('ok', null);
  }

  failed(fault: HealthFault): void {
    const nowMs = this.#clock.monotonic();
    if (this.usable) this.#downSinceMs = nowMs;
    this.#change(fault.pauses ? 'paused' : 'down', fault);
    const eager = nowMs - Math.max(this.#downSinceMs, this.#closelySinceMs) < PROBE_EAGERLY_FOR_MS;
    this.#dueMs = nowMs + (fault.pauses ? PAUSE_MS : eager ? PROBE_EVERY_MS : PROBE_LATER_EVERY_MS);
  }

  /** Mail has gone another way because of it: it is looked for as eagerly as if it had gone down just now. */
  watchClosely(): void {
    this.#closelySinceMs = this.#clock.monotonic();
    if (this.#state === 'down') this.#dueMs = Math.min(this.#dueMs, this.#closelySinceMs + PROBE_EVERY_MS);
  }

  /** A connection was lost, or ran into a deadline, while a message was handed over. */
  brokeOff(): void {
    this.#suspectUntilMs = this.#clock.monotonic() + SUSPECT_MS;
  }

  accepted(durationMs: number): void {
    this.#suspectUntilMs = 0;
    this.#lastAcceptedAt = this.#clock.now();
    this.#lastDurationMs = durationMs;
  }

  /** Forgets that it was down or paused. */
  reset(): void {
    this.#suspectUntilMs = 0;
    if (!this.usable) this.#change('unused', null);
  }

  snapshot(): ServerHealth {
    return {
      server: this.#server,
      state: this.#state,
      since: this.#state === 'unused' ? null : this.#since,
      code: this.#fault?.code ?? null,
      reply: this.#fault?.reply ?? null,
      ...(this.#fault?.words === undefined ? {} : { words: this.#fault.words }),
      nextProbeAt: this.usable ? null : this.#clock.now() + this.dueInMs,
      lastAcceptedAt: this.#lastAcceptedAt,
      lastDurationMs: this.#lastDurationMs,
    };
  }

  #change(state: ServerHealth['state'], fault: HealthFault | null): void {
    if (state !== this.#state) this.#since = this.#clock.now();
    this.#state = state;
    this.#fault = fault;
  }
}
