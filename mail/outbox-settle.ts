import type { Random } from '../shared/model/clock.ts';
import type { Attempt } from '../shared/model/delivery.ts';
import type { FinalFailure, Lease } from './lease.ts';
import type { OutboxWrites } from './outbox-writes.ts';
import { nextAttemptAt, PIN_MS } from './retry-policy.ts';
import type { Store } from './store.ts';

/** Writes down what a send came to, for each recipient, in the transaction of whoever calls it. See `Outbox.settle`. */
export type Settle = (lease: Lease, attempts: readonly Attempt[], now: number) => FinalFailure[];

export function createSettle(store: Store, writes: OutboxWrites, random: Random): Settle {
  /** The server that may have the message stays the only one until it has given a definite answer, or for PIN_MS. */
  const updatePin = (seq: number, lease: Lease, attempts: readonly Attempt[], now: number) => {
    const last = attempts.at(-1);
    if (last === undefined) return;
    // Another server may have been asked afterwards for those whom this one refused.
    const lost = attempts.findLast(({ outcomes }) => outcomes.some(({ verdict }) => verdict === 'unknown'));
    if (lost?.server) {
      const { host, port, security } = lost.server;
      store.run(
        `UPDATE message SET pin_until = CASE WHEN pin_host = ?1 AND pin_port = ?2 THEN pin_until ELSE ?4 END,
           pin_host = ?1, pin_port = ?2, pin_security = ?3 WHERE seq = ?5`,
        host,
        port,
        security,
        now + PIN_MS,
        seq,
      );
    } else if (lease.pinnedServer !== null && last.outcomes.some((outcome) => outcome.reply !== null)) {
      store.run('UPDATE message SET pin_host = NULL, pin_until = NULL WHERE seq = ?', seq);
    }
  };

  /** What most sends come to: one server, which took it for everybody whose turn it was. */
  const settleAccepted = (seq: number, lease: Lease, attempt: Attempt, now: number) => {
    writes.insertAttempt(seq, attempt);
    for (const { address, reply } of attempt.outcomes) writes.setAccepted(seq, address, reply, now);
    updatePin(seq, lease, [attempt], now);
    // For most mails that is everybody, and nobody has to be looked for who is queued still.
    if (attempt.outcomes.length === lease.message.recipients.length) writes.dequeue(seq);
    else writes.updateDue(seq, true);
  };

  return (lease, attempts, now) => {
    const seq = writes.seqOfLeased(lease.message);
    const [only] = attempts;
    if (attempts.length === 1 && only?.outcomes.every(({ verdict }) => verdict === 'accepted')) {
      settleAccepted(seq, lease, only, now);
      return [];
    }
    const row = store.get('SELECT give_up_at FROM message WHERE seq = ?', seq);
    const giveUpAt = Number(row?.['give_up_at']);
    const last = new Map(
      attempts.flatMap((attempt) => attempt.outcomes.map((outcome) => [outcome.address, outcome])),
    );
    const failures: FinalFailure[] = [];
    for (const attempt of attempts) writes.insertAttempt(seq, attempt);
    for (const recipient of writes.recipientsOf(seq)) {
      const address = String(recipient['address']);
      const outcome = last.get(address);
      if (outcome === undefined || recipient['status'] === 'accepted') continue;
      // Given up while it was on its way: what a server took is accepted all the same.
      if (recipient['status'] === 'failed' && outcome.verdict !== 'accepted') continue;
      const tried = Number(recipient['attempts']) + 1;
      const next =
        outcome.verdict === 'retry' || outcome.verdict === 'unknown'
          ? nextAttemptAt(tried, now, giveUpAt, random.fraction())
          : null;
      const status = outcome.verdict === 'accepted' ? 'accepted' : next === null ? 'failed' : 'queued';
      const settledAt = status === 'queued' ? null : now;
      const change = { status, attempts: tried, nextAttemptAt: next, settledAt } as const;
      writes.setRecipient(seq, Number(recipient['position']), change, outcome);
      if (status === 'failed')
        failures.push({ message: lease.message, address, code: outcome.code, reply: outcome.reply });
    }
    updatePin(seq, lease, attempts, now);
    writes.updateDue(seq, attempts.length > 0);
    return failures;
  };
}
