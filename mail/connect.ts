import { connect, isIPv6, type Socket } from 'node:net';
import type { CancelTimer, Clock } from '../shared/model/clock.ts';
import type { AddressTry } from '../shared/model/stage-facts.ts';
import { nodeCodeOf } from './resolve.ts';

/** RFC 8305 5: the next address is tried when the one before has not answered for this long, in milliseconds. */
const NEXT_ADDRESS_AFTER_MS = 250;

/** Codes that mean "no way there from here"; another address's code says more about the server. */
const NO_ROUTE: ReadonlySet<string> = new Set([
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EHOSTUNREACH',
]);

/** A connection, or why there is none; either way with every address that was tried, in the order of trying. */
export type Connected = { readonly tries: readonly AddressTry[] } & (
  | { readonly socket: Socket; readonly address: string }
  | { readonly nodeCode: string }
);

/** An address that is being tried; `ended` is null for as long as it is. */
interface Try {
  readonly address: string;
  readonly sinceMs: number;
  ended: Pick<AddressTry, 'ms' | 'outcome' | 'nodeCode'> | null;
}

/**
 * Connects to the first of some addresses that answers. They are tried in turn, families alternating (RFC 8305 4);
 * one that keeps silent does not hold up the next. When `signal` is aborted, every attempt ends and the code is
 * `ETIMEDOUT`. The socket has Nagle's delay turned off (measured elsewhere: it costs 40 ms a mail) and belongs to
 * the caller.
 */
export function connectAny(
  addresses: readonly string[],
  port: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<Connected> {
  return new Promise((resolve) => {
    const waiting = alternate(addresses);
    const sockets = new Set<Socket>();
    const codes: string[] = [];
    const tries: Try[] = [];
    let cancelNext: CancelTimer = () => {};
    let settled = false;

    const finish = (result: { socket: Socket; address: string } | { nodeCode: string }): void => {
      if (settled) return;
      settled = true;
      cancelNext();
      signal.removeEventListener('abort', onAbort);
      for (const socket of sockets) {
        if (!('socket' in result) || socket !== result.socket) socket.destroy();
      }
      const msSince = (sinceMs: number): number => clock.monotonic() - sinceMs;
      resolve({
        ...result,
        tries: tries.map(({ address, sinceMs, ended }) => ({
          address,
          ...(ended ?? { ms: msSince(sinceMs), outcome: 'left', nodeCode: null }),
        })),
      });
    };
    const onAbort = (): void => finish({ nodeCode: 'ETIMEDOUT' });

    const tryNext = (): void => {
      cancelNext();
      if (settled) return;
      const address = waiting.shift();
      if (address === undefined) {
        if (sockets.size === 0) finish({ nodeCode: mostTelling(codes) });
        return;
      }
      const socket = connect({ host: address, port, noDelay: true });
      sockets.add(socket);
      const tried: Try = { address, sinceMs: clock.monotonic(), ended: null };
      tries.push(tried);
      const end = (outcome: AddressTry['outcome'], nodeCode: string | null): void => {
        tried.ended ??= { ms: clock.monotonic() - tried.sinceMs, outcome, nodeCode };
      };
      socket.on('error', (error) => {
        sockets.delete(socket);
        const code = nodeCodeOf(error) ?? 'ECONNRESET';
        codes.push(code);
        end('failed', code);
        tryNext();
      });
      socket.once('connect', () => {
        socket.removeAllListeners('error');
        // The owner adds a listener of its own; until then an error must not bring the process down.
        socket.on('error', () => {});
        end('connected', null);
        finish({ socket, address });
      });
      if (waiting.length > 0) cancelNext = clock.after(NEXT_ADDRESS_AFTER_MS, tryNext);
    };

    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    tryNext();
  });
}

function alternate(addresses: readonly string[]): string[] {
  const first = addresses.filter((address) => isIPv6(address) === isIPv6(addresses[0] ?? ''));
  const second = addresses.filter((address) => !first.includes(address));
  return first
    .flatMap((address, index) => [address, ...second.slice(index, index + 1)])
    .concat(second.slice(first.length));
}

function mostTelling(codes: readonly string[]): string {
  return codes.find((code) => !NO_ROUTE.has(code)) ?? codes[0] ?? 'ETIMEDOUT';
}
