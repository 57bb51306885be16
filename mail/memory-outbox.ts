import type { SQLInputValue } from 'node:sqlite';
import type { Clock, Random } from '../shared/model/clock.ts';
import type { Message } from '../shared/model/message.ts';
import { createDispatcher, type Dispatcher, type DispatcherOptions } from './dispatcher.ts';
import { forgetMessage, MESSAGE_PARTS } from './forget-message.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { OUTBOX_SCHEMA } from './outbox-schema.ts';
import { openStore, type Row, type Store } from './store.ts';
import { isDiskFailure } from './store-failure.ts';

export interface MemoryOutboxOptions
  extends Pick<DispatcherOptions, 'route' | 'fallback' | 'onRecorded' | 'onExpired' | 'onFault'> {
  /** Where everything goes as soon as the disk takes it. */
  readonly disk: Store;
  readonly clock: Clock;
  readonly random: Random;
  /** Mails have entered the outbox on the disk. */
  readonly onQueued: () => void;
}

/**
 * Keeps and sends mail that the disk does not take: full, read-only or failing. It is an outbox like the other, in
 * memory, and it moves to the other with everything that was recorded about it. What is here dies with the process; the
 * alert's state is not on the disk either then, so an alert that still holds fires anew.
 */
export interface MemoryOutbox {
  take(messages: readonly Message[]): void;
  /** Moves to the disk what is not on its way at this moment; without effect while the disk takes nothing. */
  moveToDisk(): void;
  /** Messages that are only here; the disk takes them when there is room. */
  size(): number;
  /** Tries what waits at once. */
  tryNow(): void;
  stop(): Promise<void>;
}

/** More would not be a computer that tells people something, and would fill its memory as well. */
const MOST_MESSAGES = 2000;

export function createMemoryOutbox(options: MemoryOutboxOptions): MemoryOutbox {
  const { disk, clock } = options;
  /** Made when it is first needed, which is hardly ever. */
  let parts: Parts | null = null;

  const make = (): Parts => {
    const opened = openStore(':memory:', { schemas: [OUTBOX_SCHEMA] });
    if (!opened.ok) throw new Error(opened.error.message);
    const outbox = createOutbox(opened.value, options.random);
    return { store: opened.value, outbox, dispatcher: createDispatcher({ ...options, outbox }) };
  };

  const size = () => Number(parts?.store.get('SELECT count(*) AS n FROM message')?.['n'] ?? 0);

  /** Two dispatchers share the outlets: the one with nothing to send must not say that no mail waits. */
  const retireIfEmpty = () => {
    if (parts === null || size() > 0) return;
    const { store, dispatcher } = parts;
    parts = null;
    dispatcher.stop().then(() => store.close(), options.onFault);
  };

  return {
    take(messages) {
      if (messages.length === 0) return;
      parts ??= make();
      const room = Math.max(0, MOST_MESSAGES - size());
      if (messages.length > room) {
        const tooMany = messages.length - room;
        options.onFault(new Error(`${tooMany} mails found no room, neither on the disk nor in memory`));
      }
      parts.outbox.accept(messages.slice(0, room), clock.now());
      parts.dispatcher.wake();
    },
    moveToDisk() {
      if (parts === null) return;
      const { store } = parts;
      const rows = store.all(
        `SELECT * FROM message
           WHERE seq NOT IN (SELECT message_seq FROM queue WHERE lease_until IS NOT NULL) ORDER BY seq`,
      );
      if (rows.length === 0) return;
      try {
        disk.transaction(() => {
          for (const row of rows) copyMessage(row, store, disk);
        });
      } catch (error) {
        if (!isDiskFailure(error)) options.onFault(error);
        return;
      }
      store.transaction(() => {
        for (const row of rows) forgetMessage(store, Number(row['seq']));
      });
      retireIfEmpty();
      options.onQueued();
    },
    size,
    tryNow: () => parts?.dispatcher.tryNow(null),
    async stop() {
      await parts?.dispatcher.stop();
      parts?.store.close();
      parts = null;
    },
  };
}

interface Parts {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly dispatcher: Dispatcher;
}

function copyMessage(row: Row, from: Store, to: Store): void {
  const { seq, ...message } = row;
  insert(to, 'message', message);
  const newSeq = Number(to.get('SELECT seq FROM message WHERE id = ?', String(row['id']))?.['seq']);
  for (const part of MESSAGE_PARTS) {
    for (const owned of from.all(`SELECT * FROM ${part} WHERE message_seq = ?`, Number(seq))) {
      // An attempt has a number of its own, which is taken already there.
      const { seq: _, ...values } = owned;
      insert(to, part, { ...values, message_seq: newSeq });
    }
  }
}

function insert(store: Store, table: string, row: Row): void {
  const names = Object.keys(row);
  const places = names.map(() => '?').join(', ');
  store.run(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${places})`,
    ...(Object.values(row) as SQLInputValue[]),
  );
}
