/** Exit statuses of the contract: 0 done; 1 it ran and the answer is no; 2 wrong usage; 3 cannot run. */
export const EXIT = { done: 0, no: 1, usage: 2, cannot: 3 } as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command: what to say on stderr, and with which status. */
export class CommandFailure extends Error {
  readonly status: ExitStatus;
  /** The code of the error table, where there is one. */
  readonly code: string | null;

  constructor(status: ExitStatus, message: string, code: string | null = null) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
