/** Exit statuses of the contract. */
export const EXIT = {
  done: 0,
  /** It ran, and the answer is no: not accepted, not found, checks failed. */
  no: 1,
  /** Wrong usage or invalid input. */
  usage: 2,
  /** Cannot run: folder locked, port taken, no agent, not permitted. */
  cannot: 3,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command: what to say on stderr, and with which status. */
export class CommandFailure extends Error {
  readonly status: ExitStatus;
  /** For `--json`: what else is known. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(status: ExitStatus, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.details = details;
  }
}
