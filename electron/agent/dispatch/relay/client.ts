import type { KeyObject } from 'node:crypto';
import { signRequest } from '../../../../mail/relay-signature.ts';
import type { Clock, Random } from '../../../../shared/model/clock.ts';
import type { ServerName } from '../../../../shared/model/delivery.ts';
import { answerOf, type RelayAnswer } from './answer.ts';
import { hostOfUrl } from './enrolment.ts';
import { createHttp, type Exchange, EXCHANGE_LIMITS, type ExchangeLimits } from './http-exchange.ts';

export interface RelayCall {
  readonly method: 'GET' | 'POST';
  /** Below the address of the service, such as `/v1/messages`. */
  readonly path: string;
  readonly body?: Buffer;
  readonly idempotencyKey?: string;
  /** Not signed: enrolling and looking whether it is there. */
  readonly unsigned?: boolean;
}

/** A Web Service as an installation reaches it. It never throws for what servers and networks do. */
export interface RelayClient {
  readonly server: ServerName;
  /** Such as `relay.example`. */
  readonly label: string;
  call(call: RelayCall): Promise<RelayAnswer>;
  /** How far the service's clock is ahead of this computer's, in milliseconds; null while nobody knows. */
  clockOffsetMs(): number | null;
  /** The service has told its time in an answer that took from `beganAt` until now. */
  noteServerTime(serverTime: number, beganAt: number): void;
  close(): void;
}

export interface RelayClientOptions {
  readonly url: string;
  /** A private authority's certificate in PEM, or null. */
  readonly ca: string | null;
  /** Null for calls that are not signed. */
  readonly key: { readonly keyId: string; readonly privateKey: KeyObject } | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits?: ExchangeLimits;
}

/** Host, port and security of a Web Service's address. */
function serverOfUrl(url: string): ServerName {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === 'https:';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    security: secure ? 'tls' : 'none',
  };
}

export function createRelayClient(options: RelayClientOptions): RelayClient {
  const { clock, random, key } = options;
  const base = options.url.replace(/\/+$/, '');
  const http = createHttp(new URL(base), options.ca, clock, options.limits ?? EXCHANGE_LIMITS);
  let offsetMs: number | null = null;

  const send = async ({ method, path, body, idempotencyKey, unsigned }: RelayCall): Promise<Exchange> => {
    const url = new URL(`${base}${path}`);
    const now = clock.now() + (offsetMs ?? 0);
    const content = body ?? null;
    const signed =
      unsigned || key === null
        ? {}
        : await signRequest(
            {
              method,
              targetUri: url.href,
              body: content,
              idempotencyKey: idempotencyKey ?? null,
              now,
              // A nonce counts once, so each try gets one of its own.
              nonce: random.id(now),
            },
            key,
          );
    const headers: Record<string, string> = { accept: 'application/json', ...signed };
    if (content !== null) headers['content-type'] = 'application/json';
    return http.exchange({ method, url, body: content, headers });
  };

  /** A connection that was kept and has died meanwhile is no news of the service: once more, on a new one. */
  const sendAlive = async (call: RelayCall): Promise<Exchange> => {
    const exchange = await send(call);
    return exchange.kind === 'failed' && exchange.stale ? send(call) : exchange;
  };

  const noteServerTime: RelayClient['noteServerTime'] = (serverTime, beganAt) => {
    if (Number.isNaN(serverTime)) return;
    offsetMs = Math.round(serverTime - (beganAt + clock.now()) / 2);
  };

  return {
    server: serverOfUrl(base),
    label: hostOfUrl(base),
    async call(call) {
      const beganAt = clock.now();
      const answer = answerOf(await sendAlive(call), clock.now());
      if (answer.kind !== 'refused' || answer.refusal !== 'clock_skew' || answer.serverTime === null)
        return answer;
      // Signed by the service's own time, it goes through at once.
      noteServerTime(answer.serverTime, beganAt);
      return answerOf(await sendAlive(call), clock.now());
    },
    clockOffsetMs: () => offsetMs,
    noteServerTime,
    close: () => http.close(),
  };
}
