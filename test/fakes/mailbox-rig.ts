import { type MailboxServer, MailboxTrouble } from '../../electron/agent/mailbox/mailbox-session.ts';
import { openMailbox } from '../../electron/agent/mailbox/open-mailbox.ts';
import { systemClock } from '../../mail/platform/clock.ts';
import { makeCertificates } from './certificates.ts';

/** Opens a mailbox of a server of the tests, whose certificates are trusted. */
export function openAt(
  server: Pick<MailboxServer, 'protocol' | 'port'> & Partial<MailboxServer>,
  { clock = systemClock, stop = new AbortController() } = {},
) {
  const to: MailboxServer = {
    host: 'localhost',
    security: 'none',
    user: 'bounces',
    password: 'secret',
    ca: makeCertificates().ca,
    ...server,
  };
  return openMailbox(to, clock, stop.signal);
}

/** The stage and the code of what was expected to fail. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof MailboxTrouble ? `${error.failure.stage} ${error.failure.code}` : String(error);
}
