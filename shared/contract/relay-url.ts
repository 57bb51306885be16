const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/** Whether an address leads to this computer itself, so that plain http goes over no network. */
function isOnThisComputer(authority: string): boolean {
  return LOOPBACK_HOST.test(authority.replace(/:\d+$/, ''));
}

/**
 * What is wrong with an endpoint of a sign-in service, or null: https only, except on this computer itself, because tokens
 * go there. RFC 6749 3.1 and 3.2 let it have a query and no fragment.
 */
export function endpointFault(text: string): string | null {
  const parts = /^(https?):\/\/([^/?#@\s]+)([/?][^#\s]*)?$/i.exec(text);
  if (parts === null) return 'must be an address such as https://login.example/oauth2/token';
  const [, scheme = '', authority = ''] = parts;
  if (scheme.toLowerCase() === 'https' || isOnThisComputer(authority)) return null;
  return 'must begin with https://; plain http is allowed only to this computer itself';
}

/**
 * What is wrong with an address of a Web Service, or null: https only, except on this computer itself, because codes
 * and mails go there. Nothing but host, port and path: user names would be kept in the settings, in clear.
 */
export function relayUrlFault(text: string): string | null {
  const parts = /^(https?):\/\/([^/?#@\s]+)(\/[^?#\s]*)?$/i.exec(text);
  if (parts === null) return 'must be an address such as https://relay.example';
  const [, scheme = '', authority = ''] = parts;
  if (scheme.toLowerCase() === 'https' || isOnThisComputer(authority)) return null;
  return 'must begin with https://; plain http is allowed only to this computer itself';
}
