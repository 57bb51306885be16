import type { ServerResponse } from 'node:http';

/** An answer on its way to a browser or a command. */
export interface Answer {
  readonly status: number;
  /** The media type. */
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A policy that lets nothing be loaded, run, framed or sent: of all that is no page of its own. */
const NOTHING_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What the plain pages of the console itself may: their own inline styles. */
const PLAIN_PAGE_POLICY = `${NOTHING_POLICY}; style-src 'unsafe-inline'`;

/** Every answer bears these; `headers` of an answer take their place by name (QUALITY.md, Bad input). */
export const SECURITY_HEADERS = {
  'content-security-policy': NOTHING_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

export function json(status: number, value: unknown, headers: Answer['headers'] = {}): Answer {
  return { status, type: 'application/json', body: JSON.stringify(value), headers };
}

export function text(status: number, body: string, headers: Answer['headers'] = {}): Answer {
  return { status, type: 'text/plain', body: `${body}\n`, headers };
}

/** A page of the console's own, without scripts. */
export function plainPage(status: number, body: string, headers: Answer['headers'] = {}): Answer {
  return {
    status,
    type: 'text/html',
    body,
    headers: { 'content-security-policy': PLAIN_PAGE_POLICY, ...headers },
  };
}

export const NO_SUCH_PAGE = text(404, 'There is no such page.');

/** All headers of an answer. What a browser takes for text is UTF-8. */
export function headersOf({ type, headers }: Answer): Record<string, string> {
  const charset = /^(?:text\/|application\/json)/.test(type) ? '; charset=utf-8' : '';
  return { ...SECURITY_HEADERS, ...headers, 'content-type': `${type}${charset}` };
}

export function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, headersOf(answer)).end(answer.body);
}
