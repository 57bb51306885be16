import type { Attempt, DeliverySummary, RecipientState } from '../../../shared/model/delivery.ts';

/** A recipient nobody has tried yet, but for what is given. */
export function recipient(given: Partial<RecipientState> = {}): RecipientState {
  return {
    address: 'it@contoso.example',
    status: 'queued',
    attempts: 0,
    nextAttemptAt: null,
    settledAt: null,
    code: null,
    reply: null,
    news: null,
    ...given,
  };
}

/** A row of the log: `at` gives its place, the greater the newer. */
export function row(id: string, at: number, given: Partial<DeliverySummary> = {}): DeliverySummary {
  return {
    id,
    subject: `Subject of ${id}`,
    source: { type: 'alert', name: 'Disk' },
    createdAt: at,
    route: 'smtp',
    server: null,
    recipients: [recipient({ status: 'accepted' })],
    ...given,
  };
}

/** An attempt that was accepted by mail.contoso.example, but for what is given. */
export function attempt(given: Partial<Attempt> = {}): Attempt {
  return {
    at: Date.UTC(2026, 10, 21, 19, 5, 12),
    durationMs: 212,
    route: 'smtp',
    server: { host: 'mail.contoso.example', port: 587, security: 'starttls' },
    stage: 'accepted',
    code: null,
    reply: '250 2.0.0 Ok',
    reason: 'primary server',
    outcomes: [{ address: 'it@contoso.example', verdict: 'accepted', code: null, reply: '250 2.0.0 Ok' }],
    ...given,
  };
}
