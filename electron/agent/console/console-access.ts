import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../../shared/model/clock.ts';

/** A one-time link is good for so long. */
const LINK_MS = 5 * 60_000;
const SESSION_MS = 12 * 3_600_000;
const MOST_LINKS = 20;
const MOST_SESSIONS = 50;

export const SESSION_COOKIE = 'tocsin_session';

/**
 * Who may come in by the loopback port: commands with the token that lies in the data folder, and browsers that came by
 * a one-time link and hold the cookie they got for it.
 */
export interface ConsoleAccess {
  /** Known to whoever may read the data folder; kept there with mode 0600. */
  readonly token: string;
  /** A new secret for a one-time link. */
  newLink(): string;
  /** Takes a link's secret; gives the session to set as cookie, or null where it is unknown, used or too old. */
  takeLink(secret: string): string | null;
  isToken(given: string): boolean;
  isSession(given: string): boolean;
}

export function createConsoleAccess(clock: Clock): ConsoleAccess {
  const token = newSecret();
  const links = new Map<string, number>();
  const sessions = new Map<string, number>();
  return {
    token,
    newLink() {
      const secret = newSecret();
      remember(links, digest(secret), clock.monotonic() + LINK_MS, MOST_LINKS);
      return secret;
    },
    takeLink(secret) {
      const key = digest(secret);
      const until = links.get(key);
      links.delete(key);
      if (until === undefined || clock.monotonic() > until) return null;
      const session = newSecret();
      remember(sessions, digest(session), clock.monotonic() + SESSION_MS, MOST_SESSIONS);
      return session;
    },
    isToken: (given) => timingSafeEqual(Buffer.from(digest(given)), Buffer.from(digest(token))),
    isSession: (given) => (sessions.get(digest(given)) ?? Number.NEGATIVE_INFINITY) >= clock.monotonic(),
  };
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Secrets are looked up by their digest, so that how long a look-up takes says nothing about them. */
function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Maps keep the order of insertion: the oldest entry goes first. */
function remember(entries: Map<string, number>, key: string, until: number, most: number): void {
  entries.set(key, until);
  for (const oldest of entries.keys()) {
    if (entries.size <= most) return;
    entries.delete(oldest);
  }
}
