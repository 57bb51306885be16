const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * What is wrong with an address of a Web Service, or null: https only, except on this computer itself, because codes
 * and mails go there. Nothing but host, port and path: user names would be kept in the settings, in clear.
 */
export function relayUrlFault(text: string): string | null {
  const parts = /^(https?):\/\/([^/?#@\s]+)(\/[^?#\s]*)?$/i.exec(text);
  if (parts === null) return 'must be an address such as https://relay.example';
  const [, scheme = '', authority = ''] = parts;
  const host = authority.replace(/:\d+$/, '');
  if (scheme.toLowerCase() === 'https' || LOOPBACK_HOST.test(host)) return null;
  return 'must begin with https://; plain http is allowed only to this computer itself';
}
