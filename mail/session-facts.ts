import { getServers } from 'node:dns';
import { isIP, isIPv4, isIPv6 } from 'node:net';
import type { StageFacts } from '../shared/model/stage-facts.ts';
import { cleanReply } from './smtp-reply.ts';

/** Methods of AUTH that take a password. */
const PASSWORD_METHODS: ReadonlySet<string> = new Set(['PLAIN', 'LOGIN', 'CRAM-MD5']);

export function takesPassword(method: string): boolean {
  return PASSWORD_METHODS.has(method);
}

/** The methods that EHLO's answer lists (RFC 4954 3; `AUTH=` is an old spelling). */
export function methodsOffered(ehlo: string): string[] {
  const methods = capabilitiesOf(ehlo).flatMap(
    (line) => /^AUTH[ =](.*)/i.exec(line)?.[1]?.split(/[ =]/) ?? [],
  );
  return [...new Set(methods.map((method) => method.toUpperCase()).filter((method) => method !== ''))];
}

/** What EHLO's answer lists (RFC 5321 4.1.1.1), without the server's name on its first line. */
function capabilitiesOf(ehlo: string): string[] {
  return ehlo
    .split('\n')
    .slice(1)
    .flatMap((line) => /^250[ -](.*)/.exec(line.trim())?.[1] ?? [])
    .map((line) => cleanReply(line))
    .slice(0, MOST_CAPABILITIES);
}

/** Servers list some dozen. */
const MOST_CAPABILITIES = 50;

/** Whether commands may follow each other without waiting for replies (RFC 2920), by the server's answer to EHLO. */
export function offersPipelining(ehlo: string): boolean {
  return capabilitiesOf(ehlo).some((line) => /^PIPELINING$/i.test(line));
}

/** `ehlo` is the server's answer to it. */
export function greetingFacts(ehlo: string, isEncrypted: boolean): StageFacts {
  return { kind: 'greeting', capabilities: capabilitiesOf(ehlo), isEncrypted };
}

export function dnsFacts(host: string, addresses: readonly string[]): StageFacts {
  const literal = isIP(host.replace(/^\[|\]$/g, '')) !== 0;
  return {
    kind: 'dns',
    asked: literal ? 'literal' : 'system',
    nameServers: literal ? [] : getServers(),
    ipv4: addresses.filter((address) => isIPv4(address)),
    ipv6: addresses.filter((address) => isIPv6(address)),
  };
}
