import { messageStateReply } from '../../../../shared/contract/relay-api.ts';
import type { CancelTimer, Clock } from '../../../../shared/model/clock.ts';
import type { FinalFailure } from '../../../../mail/outbox.ts';
import { type NewsItem, writeNews } from '../../../../mail/recipient-news.ts';
import type { Store } from '../../../../mail/store.ts';
import type { RelayAnswer } from './answer.ts';
import type { RelayClient } from './client.ts';
import { keyOfReply } from './verdict.ts';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
/** How long after the acceptance the service is asked what has become of it: soon at first, for most is decided in seconds. */
const ASK_AFTER_MS = [5 * SECOND_MS, 30 * SECOND_MS, 120 * SECOND_MS, 600 * SECOND_MS, HOUR_MS] as const;
const THEN_EVERY_MS = 6 * HOUR_MS;
/** The service gives up after five days itself. */
const ASK_FOR_MS = 5 * 24 * HOUR_MS;
/** In one round, one after the other; the rest waits for the next. */
const MOST_IN_A_ROUND = 20;
const ROUND_EVERY_MS = 1000;
const LOOK_AGAIN_MS = 60_000;

export interface FollowUpOptions {
  readonly store: Store;
  readonly client: RelayClient;
  readonly clock: Clock;
  readonly onAnswer: (answer: RelayAnswer) => void;
  /** Told of recipients who, after the service had accepted, did not get the message; in the transaction that writes it down. */
  readonly onFailures: (failures: readonly FinalFailure[]) => void;
  readonly onFault: (error: unknown) => void;
}

/** Asks the service what became of what it accepted, and writes that down for each recipient. */
export interface FollowUp {
  /** Something was recorded: the acceptances among it are asked about from now on. */
  look(): void;
  stop(): void;
}

/** When to ask next after so many times; null when that is over. Wall-clock milliseconds. */
export function nextAskAt(acceptedAt: number, asked: number): number | null {
  const early = ASK_AFTER_MS[asked];
  if (early !== undefined) return acceptedAt + early;
  const afterMs = HOUR_MS + (asked - ASK_AFTER_MS.length + 1) * THEN_EVERY_MS;
  return afterMs > ASK_FOR_MS ? null : acceptedAt + afterMs;
}

export function startFollowUp(options: FollowUpOptions): FollowUp {
  const { store, client, clock } = options;
  let stopped = false;
  let running = false;
  let isRecorded = true;
  let cancel: CancelTimer = () => {};

  const round = async (): Promise<number> => {
    if (isRecorded) takeNote(store);
    isRecorded = false;
    const now = clock.now();
    // Further away than any wait: the clock was set back.
    const due = store.all(
      'SELECT * FROM relay_follow_up WHERE next_at <= ?1 OR next_at > ?1 + ?2 ORDER BY next_at LIMIT ?3',
      now,
      THEN_EVERY_MS + HOUR_MS,
      MOST_IN_A_ROUND,
    );
    for (const row of due) {
      const key = String(row['submission_key']);
      const answer = await client.call({ method: 'GET', path: `/v1/messages/${encodeURIComponent(key)}` });
      if (stopped) return LOOK_AGAIN_MS;
      options.onAnswer(answer);
      const isForgotten = answer.kind === 'refused' && answer.refusal === 'not_found';
      // The service is away, or does not know this computer: that is no news, and does not count as asked.
      if (answer.kind !== 'ok' && !isForgotten) return LOOK_AGAIN_MS;
      const seq = Number(row['attempt_seq']);
      const asked = Number(row['asked']) + 1;
      const { news, isOver } = newsOf(answer);
      const next = isOver || isForgotten ? null : nextAskAt(Number(row['accepted_at']), asked);
      store.transaction(() => {
        // After some hours' sleep, the times missed are not made up for.
        const nextAt = next === null ? null : Math.max(next, now + SECOND_MS);
        store.run(
          'UPDATE relay_follow_up SET asked = ?, next_at = ? WHERE attempt_seq = ?',
          asked,
          nextAt,
          seq,
        );
        const failures = writeNews(store, String(row['message_id']), news);
        if (failures.length > 0) options.onFailures(failures);
      });
    }
    const next = store.get('SELECT min(next_at) AS at FROM relay_follow_up WHERE next_at IS NOT NULL')?.[
      'at'
    ];
    if (typeof next !== 'number') return LOOK_AGAIN_MS;
    return Math.min(Math.max(next - clock.now(), ROUND_EVERY_MS), LOOK_AGAIN_MS);
  };

  const turn = () => {
    if (running || stopped) return;
    running = true;
    cancel();
    round()
      .catch((error: unknown) => {
        options.onFault(error);
        return LOOK_AGAIN_MS;
      })
      .then((waitMs) => {
        running = false;
        if (!stopped) cancel = clock.after(waitMs, turn);
      }, options.onFault);
  };
  turn();

  return {
    look() {
      isRecorded = true;
      turn();
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}

/** Enters the acceptances that are not entered yet. They stand in the attempts, which were durable with what they came to. */
function takeNote(store: Store): void {
  store.transaction(() => {
    const rows = store.all(
      `SELECT attempt.seq AS seq, attempt.at AS at, attempt.reply AS reply, message.id AS id FROM attempt
         JOIN message ON message.seq = attempt.message_seq
         WHERE attempt.seq > (SELECT coalesce(max(attempt_seq), 0) FROM relay_follow_up)
         AND attempt.route = 'relay' AND attempt.stage = 'accepted' ORDER BY attempt.seq`,
    );
    for (const row of rows) {
      const key = keyOfReply(typeof row['reply'] === 'string' ? row['reply'] : null);
      const at = Number(row['at']);
      store.run(
        'INSERT INTO relay_follow_up (attempt_seq, message_id, submission_key, accepted_at, next_at) VALUES (?, ?, ?, ?, ?)',
        Number(row['seq']),
        String(row['id']),
        key ?? '',
        at,
        key === null ? null : nextAskAt(at, 0),
      );
    }
  });
}

/** The recipients of each acceptance of a message by the service so far. */
export function earlierAcceptances(store: Store, messageId: string): string[][] {
  return store
    .all(
      `SELECT outcomes FROM attempt WHERE route = 'relay' AND stage = 'accepted'
         AND message_seq = (SELECT seq FROM message WHERE id = ?)`,
      messageId,
    )
    .map((row) =>
      (JSON.parse(String(row['outcomes'])) as { address: string }[]).map(({ address }) => address),
    );
}

/** What an answer says of each recipient, and whether all of it is final. */
function newsOf(answer: RelayAnswer): { readonly news: NewsItem[]; readonly isOver: boolean } {
  const parsed = answer.kind === 'ok' ? messageStateReply.safeParse(answer.body) : null;
  if (!parsed?.success) return { news: [], isOver: false };
  const { recipients } = parsed.data;
  const news = recipients.flatMap(({ address, state, at, reply, reason }): NewsItem[] => {
    if (state === 'queued') return [];
    const when = at === null ? Date.parse(parsed.data.acceptedAt) : Date.parse(at);
    return [{ address, news: { state, at: when, source: 'relay', reply: reply ?? reason } }];
  });
  return { news, isOver: recipients.every(({ state }) => state !== 'queued') };
}
