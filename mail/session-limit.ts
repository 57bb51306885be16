import type { Clock } from '../shared/model/clock.ts';

/** How long a limit is remembered, in milliseconds: other clients of the same server may have gone since. */
const HOLDS_MS = 10 * 60_000;

/**
 * What servers say to a client that has as many connections as they let one have: Postfix, Exim and Sendmail ("too many
 * connections"), Exchange ("maximum number of concurrent connections has exceeded a limit"), Microsoft 365, which lets a
 * mailbox have three ("sender thread limit exceeded", "Concurrent connections limit exceeded").
 */
const TOO_MANY =
  /\btoo many (?:\w+ ){0,3}(?:connections|sessions)\b|\b(?:thread|concurrent (?:\w+ )?connections?)\b.{0,40}\blimit\b/i;

export function saysTooMany(reply: string | null): boolean {
  return reply !== null && TOO_MANY.test(reply);
}

/** How many sessions a server lets us have at a time: any number, until it has refused one. */
export class SessionLimit {
  readonly #clock: Clock;
  #most = Number.POSITIVE_INFINITY;
  #untilMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  allows(sessions: number): boolean {
    return sessions <= this.#most || this.#clock.monotonic() >= this.#untilMs;
  }

  /**
   * Whether a reply means that one more session than these was too many; then they are the limit. Of a server that does
   * not let us have one there is nothing to learn: it cannot be used.
   */
  learn(reply: string | null, others: number): boolean {
    if (others < 1 || !saysTooMany(reply)) return false;
    this.#most = others;
    this.#untilMs = this.#clock.monotonic() + HOLDS_MS;
    return true;
  }

  forget(): void {
    this.#untilMs = 0;
  }
}
