import { readFileSync } from 'node:fs';
import type { SmtpServerOptions } from '../../mail/smtp-server-options.ts';

export type SmtpUrl =
  | { readonly kind: 'practice' }
  | { readonly kind: 'server'; readonly server: SmtpServerOptions };

export type SmtpUrlParse =
  | { readonly ok: true; readonly value: SmtpUrl }
  | { readonly ok: false; readonly message: string };

/**
 * Reads `--smtp-url`: `smtp://user:password@host:port` without encryption, with `?starttls` only over STARTTLS,
 * `smtps://…` over TLS from the first byte; `?ca=FILE` trusts a private authority; `practice:` is the practice mailbox.
 * Ports as RFC 6409 and RFC 8314 have them: 25, 587 with STARTTLS, 465 with TLS.
 */
export function parseSmtpUrl(text: string): SmtpUrlParse {
  if (/^practice:?$/.test(text)) return { ok: true, value: { kind: 'practice' } };
  const url = URL.parse(text);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    return fault('It must be smtp://HOST:PORT, smtps://HOST:PORT, or practice: for a practice mailbox.');
  }
  if (url.pathname !== '' && url.pathname !== '/')
    return fault('Nothing may follow the port but ?starttls or ?ca=FILE.');
  const unknown = [...url.searchParams.keys()].find((key) => key !== 'starttls' && key !== 'ca');
  if (unknown !== undefined) return fault(`“${unknown}” is not known; there are starttls and ca.`);
  const starttls = url.searchParams.has('starttls');
  const tls = url.protocol === 'smtps:';
  if (tls && starttls) return fault('smtps:// is encrypted already; leave ?starttls out.');
  const security = tls ? 'tls' : starttls ? 'starttls' : 'none';
  const port = url.port === '' ? { tls: 465, starttls: 587, none: 25 }[security] : Number(url.port);
  const caPath = url.searchParams.get('ca');
  let ca: string | null = null;
  let user: string;
  let password: string;
  try {
    user = decodeURIComponent(url.username);
    password = decodeURIComponent(url.password);
  } catch {
    return fault('User name and password must be percent-encoded: a % in them is written %25.');
  }
  try {
    ca = caPath === null ? null : readFileSync(caPath, 'utf8');
  } catch {
    return fault(`The CA file ${caPath ?? ''} cannot be read.`);
  }
  const auth =
    user === '' ? ({ method: 'none' } as const) : ({ method: 'password', user, password } as const);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { ok: true, value: { kind: 'server', server: { host, port, security, auth, ca } } };
}

function fault(message: string): SmtpUrlParse {
  return { ok: false, message };
}
