import { z } from 'zod';
import type { Schema, Store } from '../../../mail/store.ts';
import { DamagedValue, storedJson } from '../../../mail/store-failure.ts';
import { SEVERITIES } from '../../../shared/model/alert.ts';
import type { AlertNotice } from '../compose/compose.ts';
import type { Group, Held } from '../evaluate/grouping.ts';
import type { HourCount } from '../evaluate/hour-cap.ts';

export const HELD_SCHEMA: Schema = {
  part: 'held-notices',
  steps: [
    `CREATE TABLE notice_group (
       key TEXT PRIMARY KEY, mail_at INTEGER, is_first INTEGER NOT NULL, seen_at INTEGER NOT NULL
     ) STRICT;
     CREATE TABLE held_notice (
       seq INTEGER PRIMARY KEY AUTOINCREMENT, group_key TEXT NOT NULL, at INTEGER NOT NULL, notice TEXT NOT NULL
     ) STRICT;
     CREATE INDEX held_notice_group ON held_notice (group_key);
     CREATE TABLE hour_count (address TEXT PRIMARY KEY, sent_at TEXT NOT NULL, seen_at INTEGER NOT NULL) STRICT;`,
  ],
};

export type NoticeGroup = Group<AlertNotice>;

/** Notices that wait to be told, and what decides when: kept over restarts. Called inside the transaction of the states. */
export interface HeldStore {
  groups(): Map<string, NoticeGroup>;
  counts(): Map<string, HourCount>;
  /** Writes down what is remembered of a group, apart from what it holds; null: nothing is, and it holds nothing. */
  saveGroup(key: string, group: NoticeGroup | null): void;
  hold(key: string, held: readonly Held<AlertNotice>[]): void;
  /** Forgets what a group holds: it has been told. */
  release(key: string): void;
  saveCount(address: string, count: HourCount): void;
}

export function createHeldStore(store: Store): HeldStore {
  const heldOf = (key: string) =>
    store.all('SELECT at, notice FROM held_notice WHERE group_key = ? ORDER BY seq', key).map((row) => ({
      at: Number(row['at']),
      notice: storedNotice(storedJson(row['notice'], 'a notice')),
    }));

  const release = (key: string) => {
    store.run('DELETE FROM held_notice WHERE group_key = ?', key);
  };

  return {
    groups: () =>
      new Map(
        store.all('SELECT key, mail_at, is_first, seen_at FROM notice_group').map((row) => {
          const key = String(row['key']);
          return [
            key,
            {
              mailAt: row['mail_at'] === null ? null : Number(row['mail_at']),
              isFirst: row['is_first'] === 1,
              seenAt: Number(row['seen_at']),
              held: heldOf(key),
            },
          ];
        }),
      ),
    counts: () =>
      new Map(
        store.all('SELECT address, sent_at, seen_at FROM hour_count').map((row) => {
          const sentAt = z.array(z.number()).safeParse(storedJson(row['sent_at'], 'the mails of an hour'));
          if (!sentAt.success) throw new DamagedValue('the mails of an hour');
          return [String(row['address']), { sentAt: sentAt.data, seenAt: Number(row['seen_at']) }];
        }),
      ),
    saveGroup(key, group) {
      if (group === null) {
        store.run('DELETE FROM notice_group WHERE key = ?', key);
        release(key);
        return;
      }
      store.run(
        'INSERT OR REPLACE INTO notice_group (key, mail_at, is_first, seen_at) VALUES (?, ?, ?, ?)',
        key,
        group.mailAt,
        group.isFirst ? 1 : 0,
        group.seenAt,
      );
    },
    hold(key, held) {
      for (const { at, notice } of held) {
        store.run(
          'INSERT INTO held_notice (group_key, at, notice) VALUES (?, ?, ?)',
          key,
          at,
          JSON.stringify(notice),
        );
      }
    },
    release,
    saveCount(address, count) {
      store.run(
        'INSERT OR REPLACE INTO hour_count (address, sent_at, seen_at) VALUES (?, ?, ?)',
        address,
        JSON.stringify(count.sentAt),
        count.seenAt,
      );
    },
  };
}

/** What the mail cannot do without; the words of a reading may be anything. */
const noticeShape = z.looseObject({
  kind: z.enum(['alert', 'reminder', 'resolved', 'flapping']),
  name: z.string(),
  severity: z.enum(SEVERITIES),
  since: z.number(),
  firedAt: z.number(),
  resolvedAt: z.number().nullable(),
  incidentId: z.string(),
  rootMessageId: z.string().nullable(),
  conditions: z.array(
    z.looseObject({
      settings: z.looseObject({ metric: z.string() }),
      reading: z.looseObject({ value: z.union([z.number(), z.string()]).nullable() }),
      phase: z.enum(['clear', 'met', 'holding']),
    }),
  ),
  recipients: z.array(z.string()),
  sms: z.array(z.string()),
  emailProperties: z.looseObject({ smtpOverride: z.boolean() }),
});

function storedNotice(value: unknown): AlertNotice {
  if (!noticeShape.safeParse(value).success) throw new DamagedValue('a notice');
  return value as AlertNotice;
}
