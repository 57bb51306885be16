import type { ClientRequest, IncomingMessage } from 'node:http';
import type { SecureContext } from 'node:tls';
import type { LookupFunction } from 'node:net';
import type { Clock } from '../../../shared/model/clock.ts';
import { errorCode } from './failure.ts';
import type { TcpFailure } from './tcp-failure.ts';
import { describeTlsFailure } from './tls-failure.ts';

/** Of a page no more than this is fetched: enough to see that the server delivers. */
const MAX_BODY_BYTES = 64 * 1024;

/** What came of asking for a page. */
export type WebAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly milliseconds: number }
  | { readonly kind: 'none'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface WebRequestOptions {
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly lookup: LookupFunction;
  /** Whom to trust over https. */
  readonly secureContext: () => Promise<SecureContext>;
  /** What is sent; absent: a GET. */
  readonly send?: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | null;
  };
}

/**
 * Gets a page by one request on a connection of its own, following no redirect, until its end or 64 KB of it are here.
 * Never rejects. `signal` calls it off, with an unknown answer.
 */
export async function requestPage(
  url: URL,
  options: WebRequestOptions,
  signal: AbortSignal,
): Promise<WebAnswer> {
  const { clock, deadlineMs, lookup } = options;
  // Loaded when a page is first watched: 15 MB.
  const isSecure = url.protocol === 'https:';
  const { request } = isSecure ? await import('node:https') : await import('node:http');
  const security = isSecure ? { secureContext: await options.secureContext() } : {};
  return new Promise((resolve) => {
    const startedAtMs = clock.monotonic();
    let sent: ClientRequest | null = null;
    let status: number | null = null;
    const settle = (answer: WebAnswer) => {
      cancelDeadline();
      signal.removeEventListener('abort', onAbort);
      sent?.destroy();
      resolve(answer);
    };
    const onAbort = () => settle({ kind: 'unknown', reason: 'measuring was stopped' });
    const cancelDeadline = clock.after(deadlineMs, () =>
      settle({ kind: 'none', detail: lateDetail(status, deadlineMs) }),
    );
    const fail = (error: unknown) => {
      const { detail, ourOwn } = describeWebFailure(error);
      settle(
        ourOwn ? { kind: 'unknown', reason: detail } : { kind: 'none', detail: afterStatus(status, detail) },
      );
    };
    const onResponse = (response: IncomingMessage) => {
      const code = response.statusCode ?? 0;
      status = code;
      let bytes = 0;
      const arrived = () =>
        settle({ kind: 'answered', status: code, milliseconds: clock.monotonic() - startedAtMs });
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes >= MAX_BODY_BYTES) arrived();
      });
      response.on('end', arrived);
      response.on('error', fail);
    };
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort);
    try {
      sent = request(url, {
        agent: false,
        method: options.send?.method ?? 'GET',
        headers: { 'user-agent': 'Tocsin', accept: '*/*', ...options.send?.headers },
        lookup,
        ...security,
      });
      sent.on('response', onResponse);
      sent.on('error', fail);
      sent.on('close', () => fail(new Error('the connection was closed')));
      sent.end(options.send?.body ?? undefined);
    } catch (error) {
      fail(error);
    }
  });
}

function lateDetail(status: number | null, deadlineMs: number): string {
  const within = `within ${deadlineMs / 1000} s`;
  return status === null
    ? `no answer ${within}`
    : `it answered ${status}, but the page did not end ${within}`;
}

function afterStatus(status: number | null, detail: string): string {
  return status === null ? detail : `it answered ${status}, but the page broke off: ${detail}`;
}

function describeWebFailure(error: unknown): TcpFailure {
  const code = errorCode(error);
  if (code?.startsWith('HPE_')) return { detail: `its answer is not HTTP (${code})`, ourOwn: false };
  if (code === null && error instanceof Error) return { detail: error.message, ourOwn: false };
  return describeTlsFailure(error);
}
