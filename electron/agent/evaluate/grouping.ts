/** From a group's first mail on, whatever follows within this time is joined into one mail. */
export const FIRST_WINDOW_MS = 30_000;
/** After that, a group gets one mail in this time, until nothing new has come for as long. */
export const LATER_WINDOW_MS = 5 * 60_000;

/** What is remembered of a group: of notices that go to the same people by the same way. */
export interface Group<Notice> {
  /** When the last mail left; null where none has since it was quiet. Wall-clock time, moved along with the clock. */
  readonly mailAt: number | null;
  /** Whether that mail was the first after a quiet time. */
  readonly isFirst: boolean;
  /** When the group was last looked at: what tells that the clock was set back. */
  readonly seenAt: number;
  /** Notices that wait for the end of the window, in the order in which they came. */
  readonly held: readonly Held<Notice>[];
}

export interface Held<Notice> {
  readonly at: number;
  readonly notice: Notice;
}

export interface GroupStep<Notice> {
  /** What is told now, in one mail; empty: nothing. */
  readonly leaves: readonly Notice[];
  /** Null: the group is quiet, and nothing has to be remembered of it. */
  readonly group: Group<Notice> | null;
}

/**
 * Decides what leaves now and what is held. The first never waits. A clock that was set back is made up for, as far as two
 * looks tell; one that was set forward lets what is held leave early. Pure.
 */
export function stepGroup<Notice>(
  before: Group<Notice> | null,
  fresh: readonly Notice[],
  now: number,
): GroupStep<Notice> {
  const group = before === null ? quietGroup<Notice>(now) : groupAsOf(before, now);
  const held = [...group.held, ...fresh.map((notice) => ({ at: now, notice }))];
  const dueAt = leavesAt({ ...group, held });
  if (dueAt !== null && dueAt <= now) {
    const isFirst = isQuiet(group, now) && group.held.length === 0;
    return {
      leaves: held.map(({ notice }) => notice),
      group: { mailAt: now, isFirst, seenAt: now, held: [] },
    };
  }
  if (held.length === 0 && isQuiet(group, now)) return { leaves: [], group: null };
  return { leaves: [], group: { ...group, seenAt: now, held } };
}

/** When what is held leaves, in wall-clock time; null where nothing is held. */
export function leavesAt(group: Group<unknown>): number | null {
  const [oldest] = group.held;
  if (oldest === undefined) return null;
  if (group.mailAt === null) return oldest.at;
  const firstEndsAt = group.mailAt + FIRST_WINDOW_MS;
  return group.isFirst && oldest.at < firstEndsAt ? firstEndsAt : group.mailAt + LATER_WINDOW_MS;
}

/** Whether a look at the group would change anything: something leaves, or it has become quiet. */
export function isDue(group: Group<unknown>, now: number): boolean {
  const dueAt = leavesAt(group);
  return dueAt === null ? isQuiet(group, now) : dueAt <= now;
}

function quietGroup<Notice>(now: number): Group<Notice> {
  return { mailAt: null, isFirst: false, seenAt: now, held: [] };
}

function isQuiet(group: Group<unknown>, now: number): boolean {
  return group.mailAt === null || now >= group.mailAt + LATER_WINDOW_MS;
}

/**
 * The group as if the clock had always been as it is now: no wait becomes longer because it was set back. Called at each
 * check, because nothing tells how far a clock was set back but the time of the last look.
 */
export function groupAsOf<Notice>(group: Group<Notice>, now: number): Group<Notice> {
  const byMs = Math.max(0, group.seenAt - now);
  if (byMs === 0) return { ...group, seenAt: now };
  return {
    mailAt: group.mailAt === null ? null : group.mailAt - byMs,
    isFirst: group.isFirst,
    seenAt: now,
    held: group.held.map(({ at, notice }) => ({ at: at - byMs, notice })),
  };
}
