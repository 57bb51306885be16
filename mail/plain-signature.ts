import type { SignableRequest, VerifiedSignature } from './relay-signature.ts';

/** A signature of the plainest kind, read, and what it must have been made over. */
export interface PlainSignature extends VerifiedSignature {
  readonly keyId: string;
  readonly base: Buffer;
  readonly signature: Buffer;
}

/** One signature, of names and parameters that need no escapes, spelt the one way RFC 9421 4.1 serializes them. */
const INPUT =
  /^([a-z][a-z0-9_-]{0,63})=\((("@?[a-z][a-z0-9-]*")( "@?[a-z][a-z0-9-]*")*)\)((?:;[a-z]{1,7}=(?:"[ !#-[\]-~]{1,200}"|[1-9]\d{0,14}))+)$/;
const PARAMETER = /;([a-z]+)=(?:"([^"]*)"|(\d+))/g;
/** 64 bytes, which an ed25519 signature has. */
const SIGNATURE = /^([a-z][a-z0-9_-]{0,63})=:([A-Za-z0-9+/]{86}==):$/;
const TEXTS: ReadonlySet<string> = new Set(['keyid', 'nonce', 'alg']);
const TIMES: ReadonlySet<string> = new Set(['created', 'expires']);

/**
 * Reads the signature of a request where it is written as this program's own `signRequest` writes it, in a tenth of the
 * time that reading structured fields takes, which was a tenth of all that accepting a message costs. Null for whatever
 * is written otherwise, right or wrong: the caller then reads it by the book.
 */
export function readPlainSignature({ method, targetUri, headers }: SignableRequest): PlainSignature | null {
  const input = headers['signature-input'];
  const given = headers['signature'];
  if (typeof input !== 'string' || typeof given !== 'string') return null;
  const [, label, components = '', , , written = ''] = INPUT.exec(input) ?? [];
  const [, signedLabel, base64 = ''] = SIGNATURE.exec(given) ?? [];
  if (label === undefined || label !== signedLabel) return null;

  const parameters = new Map<string, string>();
  for (const [, name = '', text, digits] of written.matchAll(PARAMETER)) {
    const value = TEXTS.has(name) ? text : TIMES.has(name) ? digits : undefined;
    if (value === undefined || parameters.has(name)) return null;
    parameters.set(name, value);
  }
  const keyId = parameters.get('keyid');
  if (keyId === undefined || (parameters.get('alg') ?? 'ed25519') !== 'ed25519') return null;

  const covered = components.slice(1, -1).split('" "');
  const lines: string[] = [];
  for (const [index, name] of covered.entries()) {
    const value = componentOf(name, method, targetUri, headers);
    if (value === null || covered.indexOf(name) !== index) return null;
    lines.push(`"${name}": ${value}\n`);
  }
  // RFC 9421 2.5: the last line is the input itself, without its label.
  lines.push(`"@signature-params": ${input.slice(label.length + 1)}`);
  return {
    keyId,
    created: secondsOrNull(parameters.get('created')),
    expires: secondsOrNull(parameters.get('expires')),
    nonce: parameters.get('nonce') ?? null,
    covered,
    base: Buffer.from(lines.join('')),
    signature: Buffer.from(base64, 'base64'),
  };
}

/** RFC 9421 2.1, 2.2.1 and 2.2.2; null for other components, and for headers that would have to be put in order first. */
function componentOf(
  name: string,
  method: string,
  targetUri: string,
  headers: SignableRequest['headers'],
): string | null {
  if (name === '@method') return method.toUpperCase();
  if (name === '@target-uri') return targetUri;
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'string' && !/^\s|\s$|[\r\n]/.test(value) ? value : null;
}

function secondsOrNull(digits: string | undefined): number | null {
  return digits === undefined ? null : Number(digits);
}
