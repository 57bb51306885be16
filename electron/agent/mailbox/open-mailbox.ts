import type { Clock } from '../../../shared/model/clock.ts';
import { type MailboxServer, type MailboxSession, MailboxTrouble } from './mailbox-session.ts';

/** Opens a mailbox by its protocol; rejects with a MailboxTrouble. Each protocol is loaded when it is first used. */
export async function openMailbox(
  server: MailboxServer,
  clock: Clock,
  signal: AbortSignal,
): Promise<MailboxSession> {
  const { password } = server;
  // A line end in a password would begin a command of its own.
  if (password === null || /[\r\n\0]/.test(password))
    throw new MailboxTrouble({ stage: 'auth', code: 'secret_unavailable', reply: null });
  switch (server.protocol) {
    case 'pop3': {
      const { openPop3 } = await import('./pop3-session.ts');
      return openPop3(server, password, clock, signal);
    }
    case 'imap': {
      const { openImap } = await import('./imap-session.ts');
      return openImap(server, password, clock, signal);
    }
  }
}
