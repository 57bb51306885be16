import { type Bounce, mayBeBounce, readBounce } from '../../../mail/bounce.ts';
import { messageIdOf } from '../../../mail/message-id.ts';
import type { MailboxSession } from './mailbox-session.ts';
import type { MailboxStore } from './mailbox-store.ts';

/** Of a mailbox that is full of other mail, only the newest are looked at the first time. */
const MOST_AT_ONCE = 500;

export interface ReadOptions {
  readonly session: MailboxSession;
  /** Names the mailbox in the store. */
  readonly mailbox: string;
  readonly store: MailboxStore;
  readonly transaction: (work: () => void) => void;
  /** A mail of Tocsin's own has arrived; `at` is when, by the clock of the mailbox's server, or null. */
  readonly onArrived: (messageId: string, at: number | null) => void;
  readonly onBounce: (bounce: Bounce) => void;
}

/**
 * Looks once at every mail that is new: at its headers, and at the whole of it only where those are of a notification.
 * Mails of Tocsin's own are removed; everything else stays as it is. What follows from a mail is written in one commit
 * with the note that it was read.
 */
export async function readMailbox(options: ReadOptions): Promise<void> {
  const { session, store, mailbox } = options;
  const uids = await session.list();
  const unread = store.unread(mailbox, uids);
  for (const uid of store.toRemove(mailbox)) await session.remove(uid);
  const skipped = unread.slice(0, Math.max(0, unread.length - MOST_AT_ONCE));
  options.transaction(() => {
    for (const uid of skipped) store.markRead(mailbox, uid, false);
  });
  for (const uid of unread.slice(skipped.length)) await readOne(uid, options);
}

async function readOne(uid: string, options: ReadOptions): Promise<void> {
  const { session, store, mailbox } = options;
  const headers = await session.headers(uid);
  const messageId = messageIdOf(headers);
  const awaited = messageId === null ? null : store.awaited(messageId);
  if (awaited !== null) {
    options.transaction(() => {
      options.onArrived(awaited, arrivalIn(headers));
      store.markRead(mailbox, uid, true);
    });
    await session.remove(uid);
    return;
  }
  const bytes = mayBeBounce(headers) ? await session.read(uid) : null;
  const bounce = bytes === null ? null : await readBounce(bytes);
  options.transaction(() => {
    if (bounce !== null) options.onBounce(bounce);
    store.markRead(mailbox, uid, false);
  });
}

/** When the last server took it, which is what the first Received header says (RFC 5321 4.4). */
function arrivalIn(headers: string): number | null {
  const unfolded = headers.replace(/\r?\n[ \t]+/g, ' ');
  const [, line = ''] = /^received:(.{1,4000})$/im.exec(unfolded) ?? [];
  const at = Date.parse(
    line
      .slice(line.lastIndexOf(';') + 1)
      .replace(/\([^()]*\)/g, '')
      .trim(),
  );
  return Number.isNaN(at) ? null : at;
}
