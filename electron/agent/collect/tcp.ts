import { connect, type LookupFunction, type Socket } from 'node:net';
import type { Clock } from '../../../shared/model/clock.ts';
import type { MetricName } from '../../../shared/model/metrics.ts';
import { type Reading, unknown } from '../../../shared/model/sample.ts';
import { type HostPort, parseHostPort } from './host-port.ts';
import { createSharedLookup, type ResolveName } from './shared-lookup.ts';
import type { MetricSource } from './source.ts';
import { describeTcpFailure } from './tcp-failure.ts';

const DEADLINE_MS = 5_000;

export interface TcpSourceOptions {
  readonly clock: Clock;
  /** How names become addresses; the system's way where it is left out. */
  readonly resolveName?: ResolveName;
}

type Outcome =
  | { readonly kind: 'open'; readonly milliseconds: number }
  | { readonly kind: 'closed'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * tcp.state and tcp.connectMilliseconds of `host:port`, by connecting and hanging up at once. A port that refuses, does
 * not answer within 5 s, or whose name does not resolve is closed, with the reason as its detail; its connect time is
 * unknown. The connect time is that of the handshake alone, without the name lookup.
 */
export function createTcpSource({ clock, resolveName }: TcpSourceOptions): MetricSource {
  const lookup = createSharedLookup(resolveName);
  const running = new Map<string, Connect>();

  function outcomeOf(target: string, address: HostPort): Promise<Outcome> {
    const connecting = running.get(target) ?? new Connect(address, clock, lookup);
    if (!running.has(target)) {
      running.set(target, connecting);
      void connecting.outcome.then(() => running.delete(target));
    }
    return connecting.outcome;
  }

  return {
    metrics: ['tcp.state', 'tcp.connectMilliseconds'],
    measure(requests) {
      return requests.map(({ metric, target }) => {
        const address = parseHostPort(target ?? '');
        if (target === null || address === null)
          return unknown('the target must be host:port or [IPv6]:port');
        return outcomeOf(target, address).then((outcome) => tcpReading(metric, outcome));
      });
    },
    close() {
      for (const connecting of running.values()) connecting.abandon();
    },
  };
}

/** One connect, from the lookup of the name to its outcome. The socket is gone when the outcome is there. */
class Connect {
  readonly outcome: Promise<Outcome>;
  readonly #socket: Socket;
  #settle: (outcome: Outcome) => void = () => undefined;

  constructor({ host, port }: HostPort, clock: Clock, lookup: LookupFunction) {
    let attemptAtMs: number | null = null;
    this.#socket = connect({ host, port, lookup, noDelay: true });
    const cancelDeadline = clock.after(DEADLINE_MS, () => {
      const what = attemptAtMs === null ? 'the name was not resolved' : 'no answer';
      this.#settle({ kind: 'closed', detail: `${what} within ${DEADLINE_MS / 1000} s` });
    });
    this.outcome = new Promise<Outcome>((resolve) => {
      this.#settle = (outcome) => {
        cancelDeadline();
        this.#socket.destroy();
        resolve(outcome);
      };
    });
    // A name may have several addresses, tried one after the other: the time is that of the one that answered.
    this.#socket.on('connectionAttempt', () => {
      attemptAtMs = clock.monotonic();
    });
    this.#socket.once('connect', () => {
      const now = clock.monotonic();
      this.#settle({ kind: 'open', milliseconds: now - (attemptAtMs ?? now) });
    });
    // Not once(): an error that comes after the outcome must not end the program.
    this.#socket.on('error', (error) => {
      const { detail, ourOwn } = describeTcpFailure(error);
      this.#settle(ourOwn ? { kind: 'unknown', reason: detail } : { kind: 'closed', detail });
    });
  }

  abandon(): void {
    this.#settle({ kind: 'unknown', reason: 'measuring was stopped' });
  }
}

function tcpReading(metric: MetricName, outcome: Outcome): Reading {
  const wantsState = metric === 'tcp.state';
  switch (outcome.kind) {
    case 'open':
      return { value: wantsState ? 'open' : outcome.milliseconds };
    case 'closed':
      return wantsState
        ? { value: 'closed', detail: outcome.detail }
        : unknown(`the port is closed: ${outcome.detail}`);
    case 'unknown':
      return unknown(outcome.reason);
  }
}
