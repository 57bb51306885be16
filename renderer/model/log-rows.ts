import type { DeliverySummary } from '../../shared/model/delivery.ts';
import { isSame } from './settings-change.ts';

type Rows = readonly DeliverySummary[];

/**
 * Takes in the newest part of the log as it is now. Rows that are as they were keep their objects, so that nothing is drawn
 * anew. Null where the part does not reach what is held: more has come than one part holds.
 */
export function withNewest(held: Rows, part: Rows, partSize: number): Rows | null {
  const fresh = keepingObjects(held, part);
  const last = part.at(-1);
  if (part.length < partSize || last === undefined) return fresh;
  const inPart = new Set(part.map(({ id }) => id));
  if (!held.some(({ id }) => inPart.has(id))) return null;
  // What is newer than the end of the part and not in it no longer passes the filter.
  const older = held.filter(({ id, createdAt }) => !inPart.has(id) && createdAt <= last.createdAt);
  return [...fresh, ...older];
}

/** Takes in what rows further down have become; none is added or removed. */
export function withChanges(held: Rows, part: Rows): Rows {
  const byId = new Map(part.map((row) => [row.id, row]));
  return held.map((row) => {
    const now = byId.get(row.id);
    return now === undefined || isSame(now, row) ? row : now;
  });
}

/** Adds the part of the log that comes after what is held. */
export function withOlder(held: Rows, part: Rows): Rows {
  const known = new Set(held.map(({ id }) => id));
  return [...held, ...part.filter(({ id }) => !known.has(id))];
}

/** Behind which rows to ask again, for rows that are not settled yet: at most so many parts of that size. */
export function unsettledParts(held: Rows, partSize: number, most: number): readonly string[] {
  const starts: string[] = [];
  let covered = partSize;
  for (const [place, row] of held.entries()) {
    if (starts.length === most) break;
    if (place < covered || !row.recipients.some(({ status }) => status === 'queued')) continue;
    starts.push(held[place - 1]?.id ?? '');
    covered = place + partSize;
  }
  return starts;
}

function keepingObjects(held: Rows, part: Rows): Rows {
  const byId = new Map(held.map((row) => [row.id, row]));
  return part.map((row) => {
    const before = byId.get(row.id);
    return before !== undefined && isSame(before, row) ? before : row;
  });
}
