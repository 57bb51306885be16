import { isIP, type LookupFunction } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../../shared/model/clock.ts';
import { type Reading, unknown } from '../../../shared/model/sample.ts';
import { failureText } from './failure.ts';
import { type HostPort, parseHostPort } from './host-port.ts';
import { parseWebAddress } from './http.ts';
import { createSharedLookup, type ResolveName } from './shared-lookup.ts';
import { type MetricSource, MINUTE_MS } from './source.ts';
import { describeTlsFailure } from './tls-failure.ts';

const DEADLINE_MS = 10_000;
const DAY_MS = 86_400_000;

export interface TlsSourceOptions {
  readonly clock: Clock;
  readonly resolveName?: ResolveName;
  readonly deadlineMs?: number;
}

/**
 * tls.expiresInDays: the time until the certificate of host:port or of an https address ends, in days and cut to hundredths; below 0
 * where it has ended. Connects, reads the certificate without judging it, and hangs up. A server that starts in clear
 * (STARTTLS) shows none. Unknown with the reason where no certificate could be read: that a port is closed is the business
 * of tcp.state.
 */
export function createTlsSource(options: TlsSourceOptions): MetricSource {
  const { clock, deadlineMs = DEADLINE_MS } = options;
  const lookup = createSharedLookup(options.resolveName);
  const underWay = new Set<() => void>();

  function readCertificate(address: HostPort): Promise<Reading> {
    const { promise, resolve } = Promise.withResolvers<Reading>();
    let socket: TLSSocket | null = null;
    const settle = (reading: Reading) => {
      cancelDeadline();
      underWay.delete(abandon);
      socket?.destroy();
      resolve(reading);
    };
    const abandon = () => settle(unknown('measuring was stopped'));
    const cancelDeadline = clock.after(deadlineMs, () =>
      settle(unknown(`no certificate came within ${deadlineMs / 1000} s`)),
    );
    underWay.add(abandon);
    const fail = (error: unknown) =>
      settle(unknown(`no certificate could be read: ${describeTlsFailure(error).detail}`));
    connectUnverified(address, lookup).then(
      (connecting) => {
        socket = connecting;
        // Not once(): an error that comes after the outcome must not end the program.
        connecting.on('error', fail);
        connecting.on('close', () => settle(unknown('no certificate came before the server hung up')));
        connecting.once('secureConnect', () => settle(certificateReading(connecting, clock.now())));
        if (!underWay.has(abandon)) connecting.destroy();
      },
      (error: unknown) => settle(unknown(failureText(error))),
    );
    return promise;
  }

  return {
    metrics: ['tls.expiresInDays'],
    everyMs: MINUTE_MS,
    measure(requests) {
      return requests.map(({ target }) => {
        const address = parseTlsTarget(target ?? '');
        if (address === null) return unknown('the target must be host:port or https://host');
        return readCertificate(address);
      });
    },
    close() {
      for (const abandon of underWay) abandon();
    },
  };
}

/** `host:port`, `[v6]:port` or an https address, whose port is 443 unless it says another; null where it is none. */
export function parseTlsTarget(target: string): HostPort | null {
  const plain = parseHostPort(target);
  if (plain !== null) return plain;
  const url = parseWebAddress(target);
  if (url?.protocol !== 'https:') return null;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return host === '' ? null : { host, port: url.port === '' ? 443 : Number(url.port) };
}

/** Nothing is sent on this connection but the handshake, so whom it leads to need not be known. */
async function connectUnverified({ host, port }: HostPort, lookup: LookupFunction): Promise<TLSSocket> {
  const { connect } = await import('node:tls');
  // SNI carries names only (RFC 6066 3).
  const name = isIP(host) === 0 ? { servername: host } : {};
  return connect({ host, port, lookup, rejectUnauthorized: false, minVersion: 'TLSv1', ...name });
}

function certificateReading(socket: TLSSocket, now: number): Reading {
  const certificate = socket.getPeerX509Certificate();
  const endsAtMs = certificate?.validToDate.getTime() ?? Number.NaN;
  if (!Number.isFinite(endsAtMs)) return unknown('the server showed no certificate that says when it ends');
  return { value: daysUntil(endsAtMs, now), detail: `it ends at ${new Date(endsAtMs).toISOString()}` };
}

/** Cut, not rounded: what has 13.999 days left must not pass for 14. */
export function daysUntil(endMs: number, now: number): number {
  return Math.floor(((endMs - now) / DAY_MS) * 100) / 100;
}
