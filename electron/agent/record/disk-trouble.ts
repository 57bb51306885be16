import type { MemoryOutbox } from '../../../mail/memory-outbox.ts';
import { isDiskFailure } from '../../../mail/store-failure.ts';
import type { Store } from '../../../mail/store.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { Message } from '../../../shared/model/message.ts';
import type { TroubleStatus } from '../../../shared/model/status.ts';
import type { AgentLog } from '../log.ts';

/** The time in which the disk takes nothing: mail goes from memory, and log and status say so. */
export interface DiskTrouble {
  keep(messages: readonly Message[], error: unknown): void;
  /** Called at each check: ends the trouble when the disk takes what was kept. */
  look(): void;
  shown(): TroubleStatus[];
}

export function createDiskTrouble(
  memory: MemoryOutbox,
  disk: Store,
  clock: Clock,
  log: AgentLog,
): DiskTrouble {
  let since: number | null = null;
  let why = '';
  const text = () =>
    `The disk of the data folder takes nothing (${why}). ${memory.size()} mails are kept in memory and sent from there; they would be lost with the program. Free some space on that disk.`;

  const diskTakes = () => {
    try {
      disk.run("INSERT OR REPLACE INTO setting (key, value) VALUES ('diskLookedAt', ?)", String(clock.now()));
      return true;
    } catch (error) {
      if (isDiskFailure(error)) return false;
      throw error;
    }
  };

  return {
    keep(messages, error) {
      why = error instanceof Error ? error.message : String(error);
      memory.take(messages);
      if (since === null || messages.length > 0) log.warn(text());
      since ??= clock.now();
    },
    look() {
      if (since === null) return;
      memory.moveToDisk();
      if (memory.size() > 0 || !diskTakes()) return;
      since = null;
      log.info('the disk of the data folder takes what is written again; nothing is kept in memory any more');
    },
    shown: () => (since === null ? [] : [{ name: 'Disk full', since, text: text() }]),
  };
}
