import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { nodeCodeOf } from '../../../../mail/resolve.ts';
import { describeTls, tlsFacts, trustContext } from '../../../../mail/tls.ts';
import type { Clock } from '../../../../shared/model/clock.ts';

/** How far an exchange came: looking up the name, connecting, encrypting, and the call itself. */
export type ExchangeStage = 'dns' | 'connect' | 'tls' | 'call';

/** A stage that is over: how long it took, and what there is to say of it. */
export interface StageMark {
  readonly stage: ExchangeStage;
  readonly ms: number;
  readonly detail: string | null;
}

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

export type Exchange =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly type: string;
      readonly retryAfter: string | null;
      readonly text: string;
      readonly marks: readonly StageMark[];
    }
  | {
      readonly kind: 'failed';
      readonly stage: ExchangeStage;
      readonly nodeCode: string;
      /** Whether the other end may have the request. */
      readonly sent: boolean;
      /** A connection kept from before turned out to be dead: a new one may work. */
      readonly stale: boolean;
      readonly marks: readonly StageMark[];
    };

/** In milliseconds; tests have less time. */
export interface ExchangeLimits {
  /** To have a connection, encrypted where it is to be. */
  readonly connectMs: number;
  /** From the beginning to the last byte of the answer. */
  readonly wholeMs: number;
}

export const EXCHANGE_LIMITS: ExchangeLimits = { connectMs: 10_000, wholeMs: 20_000 };

/** The state of a message to a hundred recipients, each with its server's words, is a tenth of this. */
const MOST_ANSWER_BYTES = 1024 * 1024;
/** A connection is kept so long for the next call, in milliseconds: enough for a burst, too short to go stale. */
const IDLE_MS = 10_000;
const MOST_CONNECTIONS = 6;

/** HTTP to one service: connections that are kept, deadlines, no redirects, answers of bounded size. */
export interface Http {
  exchange(request: ExchangeRequest): Promise<Exchange>;
  /** Ends every connection; exchanges under way fail. */
  close(): void;
}

/** `ca`: a private authority's certificate in PEM, trusted besides the usual ones. */
export function createHttp(
  base: URL,
  ca: string | null,
  clock: Clock,
  limits: ExchangeLimits = EXCHANGE_LIMITS,
): Http {
  const keep = { keepAlive: true, timeout: IDLE_MS, maxSockets: MOST_CONNECTIONS, maxFreeSockets: 2 };
  const secure = base.protocol === 'https:';
  const agent = secure ? new HttpsAgent({ ...keep, secureContext: trustContext(ca) }) : new HttpAgent(keep);
  const open = new Set<() => void>();

  const exchange: Http['exchange'] = ({ method, url, headers, body }) =>
    new Promise((resolve) => {
      const marks: StageMark[] = [];
      let stage: ExchangeStage = 'dns';
      let began = clock.monotonic();
      let isOver = false;
      const length = body === null ? {} : { 'content-length': String(body.length) };
      const options = { method, agent, headers: { ...headers, ...length } };
      const call = secure ? httpsRequest(url, options) : httpRequest(url, options);

      const pass = (next: ExchangeStage, detail: string | null = null) => {
        const now = clock.monotonic();
        marks.push({ stage, ms: now - began, detail });
        began = now;
        stage = next;
      };
      const finish = (outcome: Exchange) => {
        if (isOver) return;
        isOver = true;
        cancelConnect();
        cancelWhole();
        open.delete(abort);
        resolve(outcome);
      };
      const fail = (nodeCode: string) => {
        const sent = stage === 'call';
        const stale = sent && call.reusedSocket && nodeCode !== 'ETIMEDOUT' && nodeCode !== 'EMSGSIZE';
        finish({ kind: 'failed', stage, nodeCode, sent, stale, marks });
        call.destroy();
      };
      const abort = () => fail('ECONNABORTED');
      const cancelConnect = clock.after(limits.connectMs, () => {
        if (stage !== 'call') fail('ETIMEDOUT');
      });
      const cancelWhole = clock.after(limits.wholeMs, () => fail('ETIMEDOUT'));
      open.add(abort);

      call.once('socket', (socket) => {
        if (call.reusedSocket) {
          stage = 'call';
          return;
        }
        socket.setNoDelay(true);
        // An address needs no look-up.
        if (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) pass('connect', url.hostname);
        socket.on('lookup', (error: unknown, address: string) => {
          // Told for each address of a name.
          if (stage === 'dns' && !error) pass('connect', address);
        });
        socket.once('connect', () => {
          if (stage === 'dns') pass('connect', url.hostname);
          pass(secure ? 'tls' : 'call', `${socket.remoteAddress ?? url.hostname}:${socket.remotePort ?? ''}`);
        });
        socket.once('secureConnect', () => pass('call', describeTls(tlsFacts(socket))));
      });
      call.once('error', (error) => fail(nodeCodeOf(error) ?? 'EPROTO'));
      call.once('response', (incoming) => {
        readAnswer(incoming).then(
          (text) => {
            marks.push({ stage: 'call', ms: clock.monotonic() - began, detail: null });
            finish({
              kind: 'answered',
              status: incoming.statusCode ?? 0,
              type: incoming.headers['content-type'] ?? '',
              retryAfter: incoming.headers['retry-after'] ?? null,
              text,
              marks,
            });
          },
          (error: unknown) => fail(nodeCodeOf(error) ?? 'ECONNRESET'),
        );
      });
      call.end(body ?? undefined);
    });

  return {
    exchange,
    close() {
      for (const abort of open) abort();
      agent.destroy();
    },
  };
}

/** The whole answer; rejects where it is cut off or longer than any answer of the service. */
async function readAnswer(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size > MOST_ANSWER_BYTES) throw Object.assign(new Error('too long'), { code: 'EMSGSIZE' });
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
