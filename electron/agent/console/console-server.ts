import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Handlers } from '../../../shared/contract/ipc.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import { type Answer, json, NO_SUCH_PAGE, plainPage, send, text } from './answers.ts';
import { type Callers, createCallers } from './callers.ts';
import type { ConsoleAccess } from './console-access.ts';
import { ENTER_PAGE, NO_SESSION_PAGE, USED_LINK_PAGE } from './entrance-pages.ts';
import { createEventStreams, type EventStreams } from './event-streams.ts';
import type { LiveEvents } from './live-events.ts';
import { answerMail, type MailFrames } from './mail-frames.ts';
import { createPageFiles, type PageFiles } from './page-files.ts';
import { createRefusals } from './refusals.ts';

export interface ConsoleServerOptions {
  /** 0 for any free port. */
  readonly port: number;
  readonly access: ConsoleAccess;
  /** What answers calls: loaded with the first of them. */
  readonly handlers: () => Promise<Handlers>;
  readonly live: LiveEvents;
  readonly clock: Clock;
  /** The web console; null where only commands are served (`--no-console`). */
  readonly console: WebConsole | null;
  readonly onFault: (error: unknown) => void;
  /** Told, now and then, of callers that were not let in. */
  readonly onRefused: (text: string) => void;
}

/** A page, its events and a few commands need a dozen; every user of the computer can open them, and each costs a file. */
const CONNECTIONS_MAX = 200;
/** How often connections that are too slow are looked for. */
const LOOK_MS = 5000;

export interface WebConsole {
  /** Where the built page lies; null where none was built. */
  readonly pageDir: string | null;
  /** A page without scripts that stands in for one that was not built. */
  readonly standIn: () => string;
  readonly mails: MailFrames;
}

/** The agent's door on the loopback interface: the control API for commands, and the web console. */
export interface ConsoleServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1; rejects with the system's error where the port cannot be had. */
export async function startConsoleServer(options: ConsoleServerOptions): Promise<ConsoleServer> {
  let port = options.port;
  const callers = createCallers(options.access, () => port);
  const { live, clock } = options;
  const streams = createEventStreams({ live, clock, mayListen: callers.mayListen });
  const files = createPageFiles(options.console?.pageDir ?? null);
  const door: Door = { options, callers, streams, files };
  const refused = createRefusals(clock, options.onRefused);
  const server = createServer({ connectionsCheckingInterval: LOOK_MS }, (request, response) => {
    answer(door, request, response)
      .catch((error: unknown): Answer => {
        options.onFault(error);
        return json(500, { message: faultText(error) });
      })
      .then((reply) => {
        if (reply === 'streams') return;
        refused(reply.status);
        send(response, reply);
      })
      .catch(options.onFault);
  });
  server.maxConnections = CONNECTIONS_MAX;
  // Loopback callers are quick; who is not, holds no socket.
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  port = await listen(server, options.port);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        streams.close();
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

interface Door {
  readonly options: ConsoleServerOptions;
  readonly callers: Callers;
  readonly streams: EventStreams;
  readonly files: PageFiles;
}

/** 'streams': events go to this caller from now on, and nothing else. */
async function answer(
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer | 'streams'> {
  const { callers, options } = door;
  if (!callers.isForUs(request)) return text(421, 'This address serves this computer only.');
  const url = URL.parse(request.url ?? '/', 'http://127.0.0.1');
  if (url === null) return NO_SUCH_PAGE;
  if (url.pathname === '/api/events') return answerEvents(door, request, response);
  if (url.pathname.startsWith('/api/')) {
    if (!callers.mayCall(request)) return NOT_ALLOWED;
    // The contract's schemas are worth a megabyte, and most agents run for months without a call.
    const { answerCall } = await import('./calls.ts');
    return answerCall(request, url.pathname.slice('/api/'.length), await options.handlers());
  }
  return options.console === null ? NO_SUCH_PAGE : answerPage(door, options.console, request, url);
}

const NOT_ALLOWED = json(401, {
  message: 'This call needs the token of the data folder, or a session of the console.',
});

function answerEvents(door: Door, request: IncomingMessage, response: ServerResponse): Answer | 'streams' {
  if (!door.callers.mayListen(request)) return NOT_ALLOWED;
  if (request.method !== 'GET') return json(405, { message: 'Events are read by GET.' }, { allow: 'GET' });
  if (door.streams.open(request, response)) return 'streams';
  return json(
    503,
    { message: 'Too many windows listen already; close one of them.' },
    { 'retry-after': '10' },
  );
}

async function answerPage(
  { options, callers, files }: Door,
  { standIn, mails }: WebConsole,
  request: IncomingMessage,
  url: URL,
): Promise<Answer> {
  const { pathname } = url;
  if (request.method !== 'GET') return text(405, 'Pages are read by GET.', { allow: 'GET' });
  const link = pathname === '/' ? url.searchParams.get('link') : null;
  if (link !== null) return enter(options.access, callers, link);
  // A page elsewhere may lead here by a link of its own; it may not embed, fetch or count what is here.
  const isVisit = pathname === '/' && request.headers['sec-fetch-mode'] === 'navigate';
  if (!isVisit && callers.isForeign(request)) return text(403, 'This page serves itself only.');
  if (!callers.hasSession(request) && !callers.hasToken(request)) return plainPage(403, NO_SESSION_PAGE);
  if (pathname === '/' && !files.exist()) return plainPage(200, standIn());
  return (await answerMail(pathname, mails)) ?? (await files.find(pathname)) ?? NO_SUCH_PAGE;
}

function enter(access: ConsoleAccess, callers: Callers, link: string): Answer {
  const session = access.takeLink(link);
  if (session === null) return plainPage(403, USED_LINK_PAGE);
  const cookie = `${callers.cookie}=${session}; HttpOnly; SameSite=Strict; Path=/`;
  // The link is Strict's first contact: some browsers send the cookie only from the second request on.
  return plainPage(200, ENTER_PAGE, { 'set-cookie': cookie, refresh: '0; url=/' });
}
