import type { ServerHealth } from '../../../../mail/outlet.ts';
import { HealthOfServer } from '../../../../mail/server-health.ts';
import type { CancelTimer, Clock } from '../../../../shared/model/clock.ts';
import type { RelayAnswer } from './answer.ts';
import type { RelayClient } from './client.ts';
import type { SubmissionVerdict } from './verdict.ts';

/** After a submission that failed, the next one waits so long, and twice as long after each further one, in milliseconds. */
const HOLD_FIRST_MS = 5_000;
const HOLD_MOST_MS = 60_000;

/**
 * What is known of the way to the Web Service. While mail waits and the service is down it is looked for by a small call, as
 * often as a mail server is (see HealthOfServer); one that answers those and not the submissions is given time.
 */
export class RelayHealth {
  readonly #client: RelayClient;
  readonly #clock: Clock;
  readonly #onAvailable: () => void;
  readonly #health: HealthOfServer;
  #waiting = false;
  #closed = false;
  #probing = false;
  #cancelProbe: CancelTimer = () => {};
  /** On the monotonic clock: nothing is submitted before. */
  #heldUntilMs = 0;
  #failures = 0;

  constructor(client: RelayClient, clock: Clock, onAvailable: () => void) {
    this.#client = client;
    this.#clock = clock;
    this.#onAvailable = onAvailable;
    this.#health = new HealthOfServer(client.server, clock);
  }

  get usable(): boolean {
    return this.#health.usable;
  }

  snapshot(): ServerHealth {
    return this.#health.snapshot();
  }

  accepted(durationMs: number): void {
    this.#failures = 0;
    this.#revive();
    this.#health.accepted(durationMs);
  }

  /** A submission was answered, if only with no: the way is open. */
  answered(): void {
    this.#failures = 0;
    this.#revive();
  }

  /** Another signed call was answered. That does not say that submissions are taken again. */
  reached(): void {
    if (this.#health.snapshot().code === 'relay_refused_not_ready' || this.#isHeld()) return;
    this.#revive();
  }

  failed(verdict: SubmissionVerdict, retryAfterMs: number | null): void {
    // A connection that cannot be made is looked for at its own pace; what fails after that needs longer.
    if (verdict.stage === 'data' && verdict.code !== 'relay_unreachable') {
      const waitMs = Math.min(HOLD_FIRST_MS * 2 ** this.#failures, HOLD_MOST_MS);
      this.#failures = Math.min(this.#failures + 1, 10);
      this.#heldUntilMs = this.#clock.monotonic() + Math.max(waitMs, retryAfterMs ?? 0);
    }
    const reply = verdict.reply ?? verdict.besides;
    const code = verdict.code ?? 'relay_unreachable';
    this.#health.failed({ code, reply, pauses: verdict.way === 'paused' });
    this.#schedule();
  }

  setWaiting(waiting: boolean): void {
    this.#waiting = waiting;
    this.#schedule();
  }

  /** Forgets faults: the network may be another one now, or the settings. */
  reset(): void {
    this.#heldUntilMs = 0;
    this.#failures = 0;
    this.#health.reset();
    this.#schedule();
  }

  close(): void {
    this.#closed = true;
    this.#cancelProbe();
  }

  #isHeld(): boolean {
    return this.#clock.monotonic() < this.#heldUntilMs;
  }

  #revive(): void {
    const wasUsable = this.#health.usable;
    this.#health.opened();
    this.#schedule();
    if (!wasUsable && !this.#closed) this.#onAvailable();
  }

  #schedule(): void {
    this.#cancelProbe();
    if (!this.#waiting || this.#closed || this.#probing || this.#health.usable) return;
    const heldMs = this.#heldUntilMs - this.#clock.monotonic();
    // A service that is not ready says itself when to come again; it is not looked for in between.
    const dueMs =
      this.#health.snapshot().state === 'paused'
        ? this.#health.dueInMs
        : Math.max(heldMs, this.#health.dueInMs);
    this.#cancelProbe = this.#clock.after(dueMs, () => {
      if (this.#health.dueInMs > 0 || this.#isHeld()) this.#schedule();
      else void this.#probe();
    });
  }

  async #probe(): Promise<void> {
    this.#probing = true;
    const { state } = this.#health.snapshot();
    const answer = await this.#client.call(
      // Whether the enrolment is good again only a signed call tells.
      state === 'paused'
        ? { method: 'GET', path: '/v1/installation' }
        : { method: 'GET', path: '/healthz', unsigned: true },
    );
    this.#probing = false;
    if (this.#closed || this.#health.usable) return;
    if (answer.kind === 'ok') this.#revive();
    else {
      const { code, reply } = this.#health.snapshot();
      this.#health.failed({
        code: code ?? 'relay_unreachable',
        reply: wordsOf(answer) ?? reply,
        pauses: state === 'paused',
      });
      this.#schedule();
    }
  }
}

function wordsOf(answer: RelayAnswer): string | null {
  return answer.kind === 'ok' ? null : answer.detail;
}
