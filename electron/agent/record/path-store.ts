import { z } from 'zod';
import type { Store } from '../../../mail/store.ts';
import { type ErrorCode, isErrorCode } from '../../../shared/errors.ts';
import type { RouteChoice } from '../../../shared/model/message.ts';

/** What is remembered of a way out across restarts. Times are on the wall clock. */
export interface PathRecord {
  /** Since when nothing was accepted any more; null while it works. */
  readonly deadSince: number | null;
  readonly code: ErrorCode | null;
  readonly reply: string | null;
  /** When the administrator was last told, of this time or an earlier one. */
  readonly toldAt: number | null;
  /** By which way, and the Message-ID of the first mail about this time; null where nobody was told of it. */
  readonly notice: { readonly messageId: string; readonly by: RouteChoice } | null;
  /** When it was accepted again, until that has been told. */
  readonly backAt: number | null;
}

export const WORKING: PathRecord = {
  deadSince: null,
  code: null,
  reply: null,
  toldAt: null,
  notice: null,
  backAt: null,
};

const record = z.object({
  deadSince: z.number().nullable(),
  code: z.string().nullable(),
  reply: z.string().nullable(),
  toldAt: z.number().nullable(),
  notice: z.object({ messageId: z.string(), by: z.enum(['smtp', 'relay']) }).nullable(),
  backAt: z.number().nullable(),
});

/** What was written down of a way; one that cannot be read counts as working, for the next deliveries tell anew. */
export function readPath(store: Store, route: RouteChoice): PathRecord {
  const value = store.get('SELECT value FROM setting WHERE key = ?', key(route))?.['value'];
  if (typeof value !== 'string') return WORKING;
  const parsed = record.safeParse(parse(value));
  if (!parsed.success) return WORKING;
  const { code } = parsed.data;
  return { ...parsed.data, code: code !== null && isErrorCode(code) ? code : null };
}

export function writePath(store: Store, route: RouteChoice, path: PathRecord): void {
  store.run('INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)', key(route), JSON.stringify(path));
}

function key(route: RouteChoice): string {
  return `mail path ${route}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
