/** How long each step may take, in milliseconds. */
export interface SmtpLimits {
  /** DNS, connecting, TLS and the greeting, each. */
  readonly connectMs: number;
  /** Each command. */
  readonly commandMs: number;
  /** From MAIL to the answer to the final dot. */
  readonly messageMs: number;
}

/** Shorter than RFC 5321 4.5.3.2 allows a patient relay (5 and 10 minutes): an alert has somewhere else to go. */
export function smtpLimits(timeoutSeconds: number): SmtpLimits {
  return { connectMs: timeoutSeconds * 1000, commandMs: 60_000, messageMs: 120_000 };
}
