import { existsSync } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer } from './answers.ts';

/** The built page: `index.html` and its files, whose names change with what is in them. */
export interface PageFiles {
  /** Whether there is a page at all. */
  exist(): boolean;
  /** The file that a path of the address stands for; null where there is none. */
  find(path: string): Promise<Answer | null>;
}

/**
 * Only its own files are loaded, run and shown; it is framed by nobody, and frames nothing but its own address, for mails.
 * Styles set by scripts through the object model need no leave (CSP 3, 2.4.1).
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  txt: 'text/plain',
};

/** Names that begin with a letter or digit: no dots that lead out, no hidden files, no separators of other systems. */
const PATH = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+\.([a-z0-9]+)$/;

/** Files of `pageDir`, read when they are asked for. */
export function createPageFiles(pageDir: string | null): PageFiles {
  return {
    exist: () => pageDir !== null && existsSync(join(pageDir, 'index.html')),
    async find(path) {
      const wanted = path === '/' ? '/index.html' : path;
      const type = TYPES[PATH.exec(wanted)?.[1] ?? ''];
      if (pageDir === null || type === undefined) return null;
      const body = await readPlainFile(join(pageDir, wanted));
      if (body === null) return null;
      return { status: 200, type, body, headers: headersOf(wanted, type) };
    },
  };
}

function headersOf(path: string, type: string): Readonly<Record<string, string>> {
  if (type === 'text/html') return { 'content-security-policy': PAGE_POLICY };
  return path.startsWith('/assets/') ? { 'cache-control': FOR_EVER } : {};
}

/** A file whose name bears a digest of its content never changes (RFC 8246). */
const FOR_EVER = 'private, max-age=31536000, immutable';

/** The bytes of a file that is one; links lead elsewhere and are none. */
async function readPlainFile(path: string): Promise<Buffer | null> {
  try {
    return (await lstat(path)).isFile() ? await readFile(path) : null;
  } catch {
    return null;
  }
}
