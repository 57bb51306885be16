import type { AlertNotice, GroupNotice } from './compose.ts';
import { compareTones } from './tone.ts';

/** The notices of a group in the order in which people want to read them. */
export interface GroupView {
  /** What fires or flaps, the worst first, then what has lasted longest. */
  readonly active: readonly AlertNotice[];
  readonly resolved: readonly AlertNotice[];
  /** Both, the active ones first. */
  readonly notices: readonly AlertNotice[];
  /** The alerts in that order, each once, however often it came and went. */
  readonly names: readonly string[];
  /** What the whole mail is marked by. */
  readonly worst: AlertNotice;
}

/** Throws where there is no notice at all: nobody makes a mail of nothing. */
export function groupView({ notices }: Pick<GroupNotice, 'notices'>): GroupView {
  const sorted = notices.toSorted(
    (left, right) => compareTones(left.severity, right.severity) || left.since - right.since,
  );
  const active = sorted.filter(({ kind }) => kind !== 'resolved');
  const resolved = sorted.filter(({ kind }) => kind === 'resolved');
  const all = [...active, ...resolved];
  const [first] = all;
  if (first === undefined) throw new Error('a group mail without alerts');
  // What is new says more than what people have been told before.
  const worst = active.find(({ kind, severity }) => severity === first.severity && kind === 'alert') ?? first;
  return { active, resolved, notices: all, names: [...new Set(all.map(({ name }) => name))], worst };
}

/**
 * At most one notice for each incident, from all that were held of it in the order in which they came: what was overtaken
 * is told as it is now.
 */
export function mergedNotices(held: readonly AlertNotice[]): AlertNotice[] {
  const merged = new Map<string, AlertNotice>();
  for (const notice of held) {
    const key = JSON.stringify([notice.name, notice.incidentId]);
    const before = merged.get(key);
    merged.set(key, before === undefined ? notice : overtaken(before, notice));
  }
  return [...merged.values()];
}

function overtaken(before: AlertNotice, after: AlertNotice): AlertNotice {
  if (before.kind !== 'alert' && before.isUntold !== true) return after;
  // Nobody is reminded of what they have not been told.
  return after.kind === 'reminder' ? { ...after, kind: 'alert' } : { ...after, isUntold: true };
}
