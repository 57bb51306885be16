import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A call as the scripted service received it. */
export interface ReceivedCall {
  readonly method: string;
  readonly path: string;
  readonly key: string | null;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Which connection it came on, counted from 1. */
  readonly connection: number;
}

/** What the service does with one call. */
export type Answer =
  | 'hang'
  /** Closes the connection before an answer. */
  | 'cut'
  /** Begins an answer and closes the connection inside it. */
  | 'cut-inside'
  | { status: number; body?: unknown; text?: string; headers?: Record<string, string> };

export interface ScriptedRelay {
  readonly url: string;
  readonly calls: ReceivedCall[];
  /** Calls of submissions only. */
  readonly submissions: () => ReceivedCall[];
  /** Answers to submissions, one each; the last one stays. A function sees the call. */
  answers: (Answer | ((call: ReceivedCall) => Answer))[];
  /** Whether small calls are answered as they should be. */
  healthy: boolean;
}

/** 202 as the service gives it. */
export const accepts = (call: ReceivedCall): Answer => ({
  status: 202,
  body: { id: call.key, acceptedAt: '2026-01-05T08:00:00.000Z' },
});

/** A refusal as problem details. */
export function refusal(status: number, code: string, more: object = {}, headers = {}): Answer {
  const body = {
    type: `urn:tocsin:relay:${code}`,
    title: code,
    status,
    detail: `because of ${code}`,
    code,
    ...more,
  };
  return { status, body, headers: { 'content-type': 'application/problem+json', ...headers } };
}

/** A service that does what the test says, over real HTTP; `port` for one that comes back where it was. */
export async function scriptedRelay(answers: ScriptedRelay['answers'], port = 0): Promise<ScriptedRelay> {
  const sockets = new Map<Socket, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks).toString('utf8')));
  });
  const relay: ScriptedRelay = {
    url: '',
    calls: [],
    submissions: () => relay.calls.filter(({ path }) => path === '/v1/messages'),
    answers,
    healthy: true,
  };
  const answer = (request: IncomingMessage, response: ServerResponse, body: string) => {
    const key = request.headers['idempotency-key'];
    const call: ReceivedCall = {
      method: request.method ?? '',
      path: request.url ?? '',
      key: typeof key === 'string' ? key : null,
      headers: request.headers,
      body,
      connection: sockets.get(request.socket) ?? 0,
    };
    relay.calls.push(call);
    if (call.path !== '/v1/messages' && call.path !== '/v1/enrolments') {
      give(
        response,
        relay.healthy ? { status: 200, body: { alive: true } } : { status: 502, text: 'Bad Gateway' },
      );
      return;
    }
    const next = relay.answers.length > 1 ? relay.answers.shift() : relay.answers[0];
    give(response, typeof next === 'function' ? next(call) : (next ?? 'hang'));
  };
  server.on('connection', (socket) => {
    sockets.set(socket, sockets.size + 1);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(relay, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

function give(response: ServerResponse, answer: Answer): void {
  if (answer === 'hang') return;
  if (answer === 'cut') {
    response.destroy();
    return;
  }
  if (answer === 'cut-inside') {
    response.writeHead(202, { 'content-type': 'application/json', 'content-length': '500' });
    response.write('{"id": "');
    setTimeout(() => response.destroy(), 20);
    return;
  }
  const { status, body, text, headers } = answer;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(text ?? JSON.stringify(body ?? {}));
}
