/** One line of `tocsin log --json`: a message with everything that happened to it. */
export interface LogEntry {
  readonly id: string;
  readonly messageId: string;
  readonly kind: string;
  readonly subject: string;
  readonly source: { readonly type: string; readonly name: string };
  readonly createdAt: string;
  readonly causedAt: string;
  readonly recipients: readonly LogRecipient[];
  readonly attempts: readonly LogAttempt[];
}

export interface LogRecipient {
  readonly address: string;
  readonly status: 'queued' | 'accepted' | 'failed';
  readonly attempts: number;
  readonly code: string | null;
  readonly reply: string | null;
  readonly settledAt: string | null;
}

interface LogAttempt {
  readonly at: string;
  readonly durationMs: number;
  readonly route: string;
  readonly server: { readonly host: string; readonly port: number; readonly security: string } | null;
  readonly stage: string;
  readonly code: string | null;
  readonly reply: string | null;
  readonly reason: string;
  readonly outcomes: readonly {
    readonly address: string;
    readonly verdict: 'accepted' | 'retry' | 'rejected' | 'unknown';
    readonly code: string | null;
    readonly reply: string | null;
  }[];
}

/** Reads what `tocsin log --json` printed: one JSON object a line. */
export function parseLog(stdout: string): LogEntry[] {
  return stdout
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as LogEntry);
}

/** Whether nothing about this message is left to be done. */
export function isSettled(entry: LogEntry): boolean {
  return entry.recipients.every((recipient) => recipient.status !== 'queued');
}

/** The status of each recipient, to compare in one go. */
export function statuses(entry: LogEntry): Record<string, LogRecipient['status']> {
  return Object.fromEntries(entry.recipients.map(({ address, status }) => [address, status]));
}
