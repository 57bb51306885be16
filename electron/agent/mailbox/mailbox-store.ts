import type { Store } from '../../../mail/store.ts';
import type { ProofOfArrival } from '../../../shared/model/status.ts';

/** When the mailbox was tried last, and whether the login was refused then. */
export interface LastTry {
  readonly at: number;
  readonly refused: boolean;
}

/** A mail of Tocsin's own that is to arrive in the mailbox. */
export interface RoundTrip extends ProofOfArrival {
  /** Message-ID without angle brackets. */
  readonly messageId: string;
}

/** What is remembered of the mailbox. `mailbox` names it by server and user; another one starts afresh. */
export interface MailboxStore {
  lastTry(mailbox: string): LastTry | null;
  saveTry(mailbox: string, at: number, refused: boolean): void;
  /** Those of the mails that were not looked at yet; what is remembered of mails that are gone is forgotten. */
  unread(mailbox: string, uids: readonly string[]): string[];
  /** Mails that were to be removed and still lie there: the connection broke off before that counted. */
  toRemove(mailbox: string): string[];
  /** Called in the transaction that writes down what follows from the mail. */
  markRead(mailbox: string, uid: string, remove: boolean): void;
  lastTrip(): RoundTrip | null;
  sent(messageId: string, at: number): void;
  /**
   * The Message-ID of a round trip as it was sent, where this mail is one; else null. The Web Service, where it stood in,
   * has given it a domain of its own: what stands before the @ names it.
   */
  awaited(messageId: string): string | null;
  arrived(messageId: string, at: number): void;
  lost(messageId: string, at: number): void;
  /** Whether somebody was told that mail does not arrive, and not yet that it does again. */
  isTold(): boolean;
  setTold(told: boolean): void;
}

/** Round trips are kept for as long as a late one may still arrive, and to be looked at. */
const KEPT_TRIPS = 200;

export function createMailboxStore(store: Store): MailboxStore {
  return {
    lastTry(mailbox) {
      const row = store.get('SELECT at, refused FROM mailbox_try WHERE mailbox = ?', mailbox);
      return row === undefined ? null : { at: Number(row['at']), refused: row['refused'] === 1 };
    },
    saveTry(mailbox, at, refused) {
      store.transaction(() => {
        store.run('DELETE FROM mailbox_try');
        store.run(
          'INSERT INTO mailbox_try (mailbox, at, refused) VALUES (?, ?, ?)',
          mailbox,
          at,
          refused ? 1 : 0,
        );
      });
    },
    unread: (mailbox, uids) =>
      store.transaction(() => {
        const there = new Set(uids);
        const known = new Set<string>();
        for (const row of store.all('SELECT mailbox, uid FROM mailbox_mail')) {
          const uid = String(row['uid']);
          if (row['mailbox'] === mailbox && there.has(uid)) known.add(uid);
          else
            store.run('DELETE FROM mailbox_mail WHERE mailbox = ? AND uid = ?', String(row['mailbox']), uid);
        }
        return uids.filter((uid) => !known.has(uid));
      }),
    toRemove: (mailbox) =>
      store
        .all('SELECT uid FROM mailbox_mail WHERE mailbox = ? AND to_remove = 1', mailbox)
        .map((row) => String(row['uid'])),
    markRead(mailbox, uid, remove) {
      store.run(
        'INSERT OR REPLACE INTO mailbox_mail (mailbox, uid, to_remove) VALUES (?, ?, ?)',
        mailbox,
        uid,
        remove ? 1 : 0,
      );
    },
    lastTrip() {
      const row = store.get('SELECT * FROM round_trip ORDER BY seq DESC LIMIT 1');
      if (row === undefined) return null;
      const arrivedAt = typeof row['arrived_at'] === 'number' ? row['arrived_at'] : null;
      const state = arrivedAt !== null ? 'arrived' : row['lost_at'] === null ? 'on-its-way' : 'lost';
      return { messageId: String(row['message_id']), state, sentAt: Number(row['sent_at']), arrivedAt };
    },
    sent(messageId, at) {
      store.run('INSERT INTO round_trip (message_id, sent_at) VALUES (?, ?)', messageId, at);
      store.run('DELETE FROM round_trip WHERE seq <= (SELECT max(seq) FROM round_trip) - ?', KEPT_TRIPS);
    },
    awaited(messageId) {
      const local = messageId.slice(0, messageId.lastIndexOf('@') + 1);
      if (local.length < 2) return null;
      const row = store.get(
        'SELECT message_id FROM round_trip WHERE substr(message_id, 1, length(?1)) = ?1',
        local,
      );
      return row === undefined ? null : String(row['message_id']);
    },
    arrived(messageId, at) {
      store.run(
        'UPDATE round_trip SET arrived_at = ? WHERE message_id = ? AND arrived_at IS NULL',
        at,
        messageId,
      );
    },
    lost(messageId, at) {
      store.run('UPDATE round_trip SET lost_at = ? WHERE message_id = ?', at, messageId);
    },
    isTold: () => store.get('SELECT 1 FROM lost_told') !== undefined,
    setTold(told) {
      store.run('DELETE FROM lost_told');
      if (told) store.run('INSERT INTO lost_told (told) VALUES (1)');
    },
  };
}
