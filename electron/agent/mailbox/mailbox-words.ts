import { ERRORS, type ErrorCode, type ErrorEntry, errorSentence } from '../../../shared/errors.ts';
import type { MailboxServer } from './mailbox-session.ts';

type Words = Pick<ErrorEntry, 'sentence' | 'cause' | 'mend'>;
type Place = Pick<MailboxServer, 'protocol' | 'host' | 'port'>;

const FIREWALL_HINT = 'Connection to the mailbox server may be blocked by a firewall.';

/** What the codes of connections mean where a mailbox is read: other ports than where mail is sent, and no SMTP. */
export function mailboxWords(code: ErrorCode, { protocol, host, port }: Place): Words {
  const name = protocol === 'pop3' ? 'POP3' : 'IMAP';
  const [plainPort, tlsPort] = protocol === 'pop3' ? [110, 995] : [143, 993];
  const ports = `${plainPort} takes none or STARTTLS, ${tlsPort} takes TLS`;
  const server = `${host}:${port}`;
  switch (code) {
    case 'smtp_host_not_found':
      return {
        ...ERRORS[code],
        sentence: `The IP address of the specified mailbox server ${host} cannot be resolved.`,
      };
    case 'smtp_dns_timeout':
      return {
        ...ERRORS[code],
        sentence: `The IP address of the specified mailbox server ${host} cannot be resolved: DNS does not answer.`,
      };
    case 'smtp_connection_refused':
      return {
        sentence: `The mailbox server ${server} refused the connection.`,
        cause: `Nothing listens on that port, or the connection is turned away. ${FIREWALL_HINT}`,
        mend: `Check the port (${ports}), and whether ${name} is switched on for this server.`,
      };
    case 'smtp_connection_timeout':
      return {
        sentence: `The mailbox server ${server} did not answer in time.`,
        cause: `The server is down, busy, or out of reach. ${FIREWALL_HINT}`,
        mend: `Check the name, the port (${ports}) and the connection security, and whether a firewall blocks the port.`,
      };
    case 'smtp_blocked':
      return {
        sentence: `The connection to the mailbox server ${server} was cut off.`,
        cause: `Something on the way reset it, or the server expects TLS from the first byte. ${FIREWALL_HINT}`,
        mend: `Check port and connection security (${ports}), firewalls and virus scanners.`,
      };
    case 'smtp_not_smtp':
      return {
        sentence: `What answers at ${server} does not speak ${name}.`,
        cause: 'The port belongs to another service, or expects TLS from the first byte.',
        mend: `Check protocol, port and connection security: ${ports}.`,
      };
    case 'smtp_tls_failed':
      return {
        ...ERRORS[code],
        sentence: errorSentence(code, { server }),
        mend: `Check the connection security that belongs to the port: ${ports}.`,
      };
    case 'smtp_certificate_untrusted':
      return {
        ...ERRORS[code],
        sentence: errorSentence(code, { server }),
        mend: 'Add the certificate as CA file of an SMTP server with the same host; the mailbox is trusted by it as well.',
      };
    case 'smtp_starttls_missing':
      return {
        ...ERRORS[code],
        sentence: `The mailbox server ${server} offers no encryption on this port, but the settings require it.`,
        mend: `Use TLS on port ${tlsPort} if the server has it, or set connection security to none if that is acceptable.`,
      };
    case 'smtp_temporary':
      return {
        sentence: `The mailbox server ${server} cannot open the mailbox now.`,
        cause: 'It is busy, or another program has the mailbox open.',
        mend: ERRORS[code].mend,
      };
    default:
      return { ...ERRORS[code], sentence: errorSentence(code, { server }) };
  }
}
