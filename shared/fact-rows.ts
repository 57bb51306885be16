import type { ErrorCode } from './errors.ts';
import { formatDuration } from './format.ts';
import type { AddressTry, CertificateFacts, StageFacts } from './model/stage-facts.ts';

/** One fact in words. */
export interface FactRow {
  readonly name: string;
  readonly value: string;
}

/** What was found out at a stage of a test, for people to read; most telling first. */
export function factRows(facts: StageFacts): readonly FactRow[] {
  return rowsOf(facts).filter(({ value }) => value !== '');
}

function rowsOf(facts: StageFacts): FactRow[] {
  switch (facts.kind) {
    case 'dns': {
      const none = facts.ipv4.length + facts.ipv6.length === 0 ? '' : 'none';
      return [
        { name: 'IPv4 (A)', value: facts.ipv4.join(', ') || none },
        { name: 'IPv6 (AAAA)', value: facts.ipv6.join(', ') || none },
        {
          name: 'Asked',
          value:
            facts.asked === 'literal'
              ? 'nobody: the server is set by its address'
              : `the hosts file and DNS of this system${facts.nameServers.length === 0 ? '' : ` (name servers ${facts.nameServers.join(', ')})`}`,
        },
      ];
    }
    case 'connect':
      return facts.tries.map((tried) => ({ name: tried.address, value: tryText(tried, facts.port) }));
    case 'tls':
      return [
        { name: 'Version', value: facts.version?.replace('TLSv', 'TLS ') ?? '' },
        { name: 'Cipher', value: facts.cipher ?? '' },
        {
          name: 'Checked against',
          value:
            facts.checkedBy === 'fingerprint'
              ? 'the fingerprint that is set'
              : 'the authorities this computer trusts',
        },
        ...chainRows(facts.certificates),
      ];
    case 'greeting':
      return [
        {
          name: facts.isEncrypted ? 'Offers' : 'Offers, unencrypted',
          value: facts.capabilities.join(', ') || 'nothing besides plain SMTP',
        },
      ];
    case 'auth':
      return [
        { name: 'Methods offered', value: facts.offered.join(', ') || 'none' },
        { name: 'Method tried', value: facts.tried ?? 'none' },
      ];
  }
}

/**
 * The fingerprint of the certificate that a test found and that could be trusted instead of an authority; null where
 * that is not what the test failed by. A name or a date that does not fit is mended by no fingerprint.
 */
export function offeredFingerprint(stage: {
  readonly code: ErrorCode | null;
  readonly facts: StageFacts | null;
}): string | null {
  const { code, facts } = stage;
  if (facts?.kind !== 'tls') return null;
  if (code !== 'smtp_certificate_untrusted' && code !== 'smtp_certificate_changed') return null;
  return facts.certificates[0]?.fingerprint256 ?? null;
}

function tryText({ ms, outcome, nodeCode }: AddressTry, port: number): string {
  const time = formatDuration(Math.max(1, ms));
  switch (outcome) {
    case 'connected':
      return `port ${port} connected after ${time}`;
    case 'failed':
      return `port ${port} failed after ${time}${nodeCode === null ? '' : ` (${nodeCode})`}`;
    case 'left':
      return `port ${port} had not answered after ${time}`;
  }
}

function chainRows([own, ...signers]: readonly CertificateFacts[]): FactRow[] {
  if (own === undefined) return [];
  const issuer = own.issuer === own.subject ? 'itself' : own.issuer || 'somebody without a name';
  const chain = signers.map(
    (signer) => `${signer.subject || 'somebody without a name'} (${validity(signer)})`,
  );
  return [
    { name: 'Certificate', value: own.subject || 'without a name' },
    { name: 'Names', value: own.names.join(', ') },
    { name: 'Valid', value: validity(own) },
    { name: 'Signed by', value: chain.join(', signed by ') || `${issuer}; nothing more was shown` },
    { name: 'SHA-256', value: own.fingerprint256 },
  ];
}

function validity({ validFrom, validUntil }: CertificateFacts): string {
  return `${dayOf(validFrom)} to ${dayOf(validUntil)}`;
}

function dayOf(ms: number | null): string {
  return ms === null ? 'unknown' : new Date(ms).toISOString().slice(0, 10);
}
