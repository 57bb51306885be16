import type { Settings } from '../../../shared/contract/settings.ts';

/** The sender that mails leave with. */
export interface Sender {
  readonly name: string;
  readonly address: string;
}

/** The From of the settings; else the login where that is an address; else an address at this computer. */
export function senderOf(settings: Settings, hostName: string): Sender {
  const name = settings.smtp.from?.name ?? (settings.smtp.from ? '' : 'Tocsin');
  if (settings.smtp.from) return { name, address: settings.smtp.from.address };
  const login = settings.smtp.servers.map((server) =>
    server.auth.method === 'none' ? '' : server.auth.user,
  );
  const address = login.find((user) => /^[^@\s]+@[^@\s]+$/.test(user));
  return { name, address: address ?? `tocsin@${domainOf(hostName)}` };
}

/** The host name as a domain that any server takes. */
function domainOf(hostName: string): string {
  const domain = hostName.toLowerCase().replace(/[^a-z0-9.-]/g, '-');
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(domain) ? domain : 'localhost';
}

/** RFC 5321 4.1.1.1: the host's full name, or an address literal where it has none. */
export function ehloName(hostName: string): string {
  return hostName.includes('.') ? domainOf(hostName) : '[127.0.0.1]';
}
