import type { MailboxSettings, Settings } from '../../../shared/contract/settings.ts';
import { readAuthority } from '../settings/authorities.ts';
import type { MailboxServer } from './mailbox-session.ts';

/** How a mailbox of the settings, or of a form, is opened. `password` is null where none is known. */
export function mailboxServer(
  mailbox: MailboxSettings,
  password: string | null,
  settings: Settings,
): MailboxServer {
  const { protocol, host, port, security, user } = mailbox;
  return { protocol, host, port, security, user, password, ca: authorityFor(host, settings) };
}

/** A mailbox beside one of the mail servers is trusted by the same certificates. */
function authorityFor(mailboxHost: string, { smtp }: Settings): string | null {
  const server = smtp.servers.find(
    ({ host, caFile }) => caFile !== null && host.toLowerCase() === mailboxHost.toLowerCase(),
  );
  return typeof server?.caFile === 'string' ? readAuthority(server.caFile) : null;
}
