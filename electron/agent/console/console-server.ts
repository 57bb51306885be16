import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Handlers, isMethodName, METHODS, type MethodName } from '../../../shared/contract/ipc.ts';
import { SETTINGS_MAX_BYTES } from '../../../shared/contract/settings.ts';
import { type ConsoleAccess, SESSION_COOKIE } from './console-access.ts';

export interface ConsoleServerOptions {
  /** 0 for any free port. */
  readonly port: number;
  readonly access: ConsoleAccess;
  readonly handlers: Handlers;
  /** The web console's page; null where only commands are served (`--no-console`). */
  readonly page: (() => string | Promise<string>) | null;
  readonly onFault: (error: unknown) => void;
}

/** The agent's door on the loopback interface: the control API for commands, and the web console. */
export interface ConsoleServer {
  readonly port: number;
  close(): Promise<void>;
}

/** An answer on its way to a browser or a command. */
interface Answer {
  readonly status: number;
  readonly type: 'text/html' | 'text/plain' | 'application/json';
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A settings file, in JSON again, may grow by escapes. */
const BODY_MAX_BYTES = 2 * SETTINGS_MAX_BYTES;

/** The page loads nothing, runs nothing and may not be framed (QUALITY.md, Bad input). */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** Listens on 127.0.0.1; rejects with the system's error where the port cannot be had. */
export async function startConsoleServer(options: ConsoleServerOptions): Promise<ConsoleServer> {
  let port = options.port;
  const server = createServer((request, response) => {
    answer(request, port, options)
      .catch((error: unknown): Answer => {
        options.onFault(error);
        return json(500, { message: faultText(error) });
      })
      .then((reply) => send(response, reply))
      .catch(options.onFault);
  });
  // Loopback callers are quick; who is not, holds no socket.
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  port = await listen(server, options.port);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What the system refused, in its words (they bear a code); of a fault of our own nothing but that it was one. */
function faultText(error: unknown): string {
  return error instanceof Error && 'code' in error
    ? `Tocsin could not carry this out: ${error.message}. Its log says more.`
    : 'Tocsin could not answer because of a fault of its own. Its log says more.';
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function answer(
  request: IncomingMessage,
  port: number,
  options: ConsoleServerOptions,
): Promise<Answer> {
  // A page elsewhere that has its own name point to 127.0.0.1 comes with that name (DNS rebinding).
  if (![`127.0.0.1:${port}`, `localhost:${port}`].includes(request.headers.host ?? '')) {
    return text(421, 'This address serves this computer only.');
  }
  const url = URL.parse(request.url ?? '/', `http://127.0.0.1:${port}`);
  if (url === null) return text(404, 'There is no such page.');
  if (url.pathname.startsWith('/api/'))
    return answerCall(request, url.pathname.slice('/api/'.length), port, options);
  if (options.page === null || request.method !== 'GET' || url.pathname !== '/')
    return text(404, 'There is no such page.');
  const link = url.searchParams.get('link');
  if (link !== null) {
    const session = options.access.takeLink(link);
    if (session === null) return text(403, NO_ENTRY);
    const cookie = `${SESSION_COOKIE}=${session}; HttpOnly; SameSite=Strict; Path=/`;
    // The link is Strict's first contact: some browsers send the cookie only from the second request on.
    return {
      status: 200,
      type: 'text/html',
      body: ENTER,
      headers: { 'set-cookie': cookie, refresh: '0; url=/' },
    };
  }
  if (!hasSession(request, options.access)) return text(403, NO_ENTRY);
  return { status: 200, type: 'text/html', body: await options.page() };
}

const NO_ENTRY = 'Run "tocsin console" on this computer. It prints an address that opens this page once.';
const ENTER =
  '<!doctype html><meta charset="utf-8"><title>Tocsin</title><p><a href="/">Open the console</a></p>';

async function answerCall(
  request: IncomingMessage,
  name: string,
  port: number,
  options: ConsoleServerOptions,
): Promise<Answer> {
  if (!mayCall(request, port, options.access)) {
    return json(401, {
      message: 'This call needs the token of the data folder, or a session of the console.',
    });
  }
  if (request.method !== 'POST' || !isMethodName(name))
    return json(404, { message: `There is no method “${name}”.` });
  const body = await readBody(request);
  if (body === null) return json(413, { message: `A call may have at most ${BODY_MAX_BYTES} bytes.` });
  const parsed = parseCall(name, body);
  if (!parsed.ok) return json(400, { message: parsed.message });
  const handler = options.handlers[name] as (call: unknown) => unknown;
  return json(200, (await handler(parsed.call)) ?? null);
}

/** Commands bring the token. Browsers bring the cookie, and must come from the console's own page. */
function mayCall(request: IncomingMessage, port: number, access: ConsoleAccess): boolean {
  const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return access.isToken(bearer);
  const origin = request.headers.origin;
  const own = origin === `http://127.0.0.1:${port}` || origin === `http://localhost:${port}`;
  return own && hasSession(request, access);
}

function hasSession(request: IncomingMessage, access: ConsoleAccess): boolean {
  const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  const session = cookies.find((cookie) => cookie.startsWith(`${SESSION_COOKIE}=`));
  return session !== undefined && access.isSession(session.slice(SESSION_COOKIE.length + 1));
}

/** The body as text, or null where it is larger than allowed; what exceeds the limit is not kept. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > BODY_MAX_BYTES) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseCall(
  name: MethodName,
  body: string,
): { ok: true; call: unknown } | { ok: false; message: string } {
  try {
    const parsed = METHODS[name].request.safeParse(body === '' ? {} : JSON.parse(body));
    if (parsed.success) return { ok: true, call: parsed.data };
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || name} ${issue.message}`);
    return { ok: false, message: faults.join('; ') };
  } catch {
    return { ok: false, message: `The call of ${name} is not valid JSON.` };
  }
}

function json(status: number, value: unknown): Answer {
  return { status, type: 'application/json', body: JSON.stringify(value) };
}

function text(status: number, body: string): Answer {
  return { status, type: 'text/plain', body: `${body}\n` };
}

function send(response: ServerResponse, reply: Answer): void {
  const headers = { ...SECURITY_HEADERS, ...reply.headers, 'content-type': `${reply.type}; charset=utf-8` };
  response.writeHead(reply.status, headers).end(reply.body);
}
