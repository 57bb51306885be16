import type { IncomingMessage } from 'node:http';
import { type ConsoleAccess, SESSION_COOKIE } from './console-access.ts';

/** What is asked of a caller before it is told anything. */
export interface Callers {
  /** The name under which the session's cookie is kept. */
  readonly cookie: string;
  /** Whether the request was meant for this address; not so where a page elsewhere has its own name point here. */
  isForUs(request: IncomingMessage): boolean;
  /** Whether a page of another origin made the browser send it. */
  isForeign(request: IncomingMessage): boolean;
  hasSession(request: IncomingMessage): boolean;
  /** Whether the caller brings the token of the data folder, as commands and the desktop app do. */
  hasToken(request: IncomingMessage): boolean;
  /**
   * Whether the caller may call methods: commands bring the token; browsers bring the cookie, and the Origin that tells
   * that they come from the console's own page.
   */
  mayCall(request: IncomingMessage): boolean;
  /** Whether the caller may hear events: as for calls, but browsers name no origin when they read from their own. */
  mayListen(request: IncomingMessage): boolean;
}

/** Cookies are shared by all ports of a computer: each agent's bears its port, so that two do not overwrite each other's. */
export function createCallers(access: ConsoleAccess, port: () => number): Callers {
  const hosts = () => [`127.0.0.1:${port()}`, `localhost:${port()}`];
  const callers: Callers = {
    get cookie() {
      return `${SESSION_COOKIE}_${port()}`;
    },
    isForUs({ headersDistinct: { host = [] } }) {
      // Of several, Node believes the first and a proxy perhaps the last (RFC 9112 3.2).
      return host.length === 1 && hosts().includes(host[0] ?? '');
    },
    isForeign({ headers }) {
      const { origin } = headers;
      if (origin !== undefined && !hosts().some((host) => origin === `http://${host}`)) return true;
      // Other ports of this computer are the same site to browsers, cookies and all; only the same origin is ours. `none`
      // is the user's own doing, such as an address typed in (W3C Fetch Metadata 2.3).
      const site = headers['sec-fetch-site'];
      return site !== undefined && site !== 'same-origin' && site !== 'none';
    },
    hasSession({ headers }) {
      const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
      const session = cookies.find((cookie) => cookie.startsWith(`${callers.cookie}=`));
      return session !== undefined && access.isSession(session.slice(callers.cookie.length + 1));
    },
    hasToken: (request) => access.isToken(bearerOf(request) ?? ''),
    mayCall(request) {
      if (callers.isForeign(request)) return false;
      const bearer = bearerOf(request);
      if (bearer !== null) return access.isToken(bearer);
      return request.headers.origin !== undefined && callers.hasSession(request);
    },
    mayListen(request) {
      if (callers.isForeign(request)) return false;
      const bearer = bearerOf(request);
      return bearer === null ? callers.hasSession(request) : access.isToken(bearer);
    },
  };
  return callers;
}

function bearerOf({ headers }: IncomingMessage): string | null {
  return headers.authorization === undefined
    ? null
    : (/^Bearer (\S+)$/.exec(headers.authorization)?.[1] ?? '');
}
