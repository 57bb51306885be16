import { createDeliveryLog } from '../../mail/delivery-log.ts';
import { createOutbox, type Outbox } from '../../mail/outbox.ts';
import type { Store } from '../../mail/store.ts';
import type { Attempt, RecipientOutcome, ServerName, Verdict } from '../../shared/model/delivery.ts';
import { fakeRandom } from './fake-clock.ts';
import { memoryStore } from './memory-store.ts';

/** The server that attempts were made at. */
export const SERVER: ServerName = { host: 'mail.contoso.example', port: 25, security: 'none' };

/** An attempt at which each recipient came off so. */
export function anAttempt(
  verdicts: Readonly<Record<string, Verdict>>,
  given: Partial<Attempt> = {},
): Attempt {
  const outcomes = Object.entries(verdicts).map(([address, verdict]): RecipientOutcome => {
    const code = {
      accepted: null,
      retry: 'smtp_temporary',
      rejected: 'smtp_recipient_rejected',
      unknown: 'smtp_outcome_unknown',
    } as const;
    return { address, verdict, code: code[verdict], reply: verdict === 'unknown' ? null : '250 or other' };
  });
  const base = {
    at: 0,
    durationMs: 5,
    route: 'smtp',
    server: SERVER,
    stage: 'data',
    code: null,
    reply: null,
    reason: 'primary server',
  } as const;
  return { ...base, outcomes, ...given };
}

/** An outbox in a real database. */
export class OutboxRig {
  readonly store: Store = memoryStore();
  readonly outbox: Outbox = createOutbox(this.store, fakeRandom());

  lease(now: number, maySend: (pinned: ServerName | null) => boolean = () => true) {
    return this.outbox.lease('smtp', now, maySend);
  }

  /** A lease of what is due; throws where nothing is. */
  mustLease(now: number) {
    const leased = this.lease(now);
    if (!leased) throw new Error(`nothing is due at ${now}`);
    return leased;
  }

  log() {
    return createDeliveryLog(this.store);
  }
}
