import type { CancelTimer, Clock } from '../shared/model/clock.ts';
import { forgetMessage } from './forget-message.ts';
import type { Store } from './store.ts';

/** How large the file of state may become before the oldest of the log makes room: years of alerts and reports. */
const LOG_BYTES = 256 * 1024 * 1024;
/** So many at once, that sending does not wait for it. */
const AT_A_TIME = 50;
const LOOK_EVERY_MS = 3_600_000;
const GO_ON_MS = 1000;

export interface LogRetentionOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly maxBytes?: number;
  /** Told how many messages a step has forgotten or freed of their files. */
  readonly onForgotten?: (count: number) => void;
  readonly onFault: (error: unknown) => void;
}

export interface LogRetention {
  /** Looks now and every hour. */
  start(): void;
  stop(): void;
}

/**
 * Keeps the delivery log from growing for ever. It goes by size alone: by age, a clock that was set wrong would empty
 * it. What makes room is the oldest first: the files of mails that all recipients were sent, then whole mails. What
 * waits is never touched, nor the files of a mail that may be sent again.
 */
export function createLogRetention(options: LogRetentionOptions): LogRetention {
  const { store, clock, maxBytes = LOG_BYTES, onFault } = options;
  let cancel: CancelTimer = () => {};

  const usedBytes = () => {
    const pragma = (name: string) => Number(store.get(`PRAGMA ${name}`)?.[name]);
    return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  };

  const step = (): number => {
    if (usedBytes() <= maxBytes) return 0;
    return store.transaction(() => {
      const withFiles = store.all(OLDEST_WITH_FILES, AT_A_TIME);
      const dropFiles = (seq: number) => store.run('DELETE FROM attachment WHERE message_seq = ?', seq);
      const oldest = withFiles.length > 0 ? withFiles : store.all(OLDEST_SETTLED, AT_A_TIME);
      let count = 0;
      for (const row of oldest) {
        if (usedBytes() <= maxBytes) break;
        const seq = Number(row['seq']);
        if (withFiles.length > 0) dropFiles(seq);
        else forgetMessage(store, seq);
        count += 1;
      }
      return count;
    });
  };

  const look = () => {
    let nextMs = LOOK_EVERY_MS;
    try {
      const count = step();
      if (count > 0) {
        options.onForgotten?.(count);
        nextMs = GO_ON_MS;
      }
    } catch (error) {
      onFault(error);
    }
    cancel = clock.after(nextMs, look);
  };

  return {
    start: look,
    stop: () => cancel(),
  };
}

const IS_SETTLED = 'NOT EXISTS (SELECT 1 FROM queue WHERE message_seq = message.seq)';

/** Everybody was sent it, and nobody turned out not to have got it, so nobody can ask for it to be sent again. */
const IS_ACCEPTED = `NOT EXISTS (SELECT 1 FROM recipient WHERE message_seq = message.seq
  AND (status <> 'accepted' OR coalesce(news_state, '') IN ('failed', 'bounced')))`;

const OLDEST_WITH_FILES = `SELECT DISTINCT message.seq AS seq FROM attachment JOIN message ON message.seq = message_seq
  WHERE ${IS_SETTLED} AND ${IS_ACCEPTED} ORDER BY message.seq LIMIT ?`;

const OLDEST_SETTLED = `SELECT seq FROM message WHERE ${IS_SETTLED} ORDER BY seq LIMIT ?`;
