import type { HeldStatus } from '../../../shared/model/status.ts';
import type { AlertNotice } from '../compose/compose.ts';
import { isHeldBackKey } from '../compose/group-people.ts';
import { groupAsOf, leavesAt } from '../evaluate/grouping.ts';
import { countAsOf, type HourCount } from '../evaluate/hour-cap.ts';
import type { HeldStore, NoticeGroup } from '../record/held-store.ts';
import { heldBackUntil, tell, type Telling, type Writing } from './telling.ts';

/** Remembers who was told what and when, and decides what leaves now: the first at once, what follows joined. */
export interface Teller {
  /** What these notices and the time make of what is held. Nothing has changed until it is written down and taken over. */
  plan(fresh: readonly AlertNotice[], writing: Writing): Telling;
  /** Writes it down, in the transaction that puts its mails into the outbox. */
  write(telling: Telling): void;
  /** Takes it over into memory; what the disk has not taken is written down with the next. */
  takeOver(telling: Telling, isWritten: boolean): void;
  /** Whether memory has something that the disk has not taken. */
  isUnsaved(): boolean;
  /** Looked at regularly, it knows how far the clock was set back. */
  look(now: number): void;
  /** When something held leaves, in wall-clock time; null where nothing is held. */
  nextAt(now: number): number | null;
  /** How many alerts wait, and when the first of them leaves; null where nothing is held. */
  held(now: number): HeldStatus | null;
}

export function createTeller(store: HeldStore): Teller {
  const groups = store.groups();
  const counts = store.counts();
  /** Groups and addresses as memory has them and the disk does not. */
  const unsaved = { groups: new Set<string>(), counts: new Set<string>() };

  const saveWhole = (key: string, group: NoticeGroup | null) => {
    store.saveGroup(key, group);
    if (group === null) return;
    store.release(key);
    store.hold(key, group.held);
  };

  /** Only what has come: a group that holds thousands is not written anew for one more. */
  const saveChange = (key: string, after: NoticeGroup | null) => {
    const before = groups.get(key)?.held ?? [];
    const isGrown = after !== null && before.length > 0 && before.at(-1) === after.held[before.length - 1];
    if (!isGrown) return saveWhole(key, after);
    store.saveGroup(key, after);
    store.hold(key, after.held.slice(before.length));
  };

  const knownCount = (address: string): HourCount | null => counts.get(address) ?? null;

  const heldBackAt = (group: NoticeGroup, now: number): number | null => {
    const [first] = group.held;
    if (first === undefined) return null;
    const addresses = [...first.notice.recipients, ...first.notice.sms];
    return Math.max(
      ...addresses.map((one) => heldBackUntil(group, countAsOf(knownCount(one.toLowerCase()), now))),
    );
  };

  const nextAt = (now: number): number | null => {
    let next: number | null = null;
    for (const [key, group] of groups) {
      const at = isHeldBackKey(key) ? heldBackAt(group, now) : leavesAt(group);
      if (at !== null && (next === null || at < next)) next = at;
    }
    return next;
  };

  return {
    plan: (fresh, writing) => tell({ groups, counts }, fresh, writing),
    write(telling) {
      for (const key of unsaved.groups) {
        if (!telling.groups.has(key)) saveWhole(key, groups.get(key) ?? null);
      }
      for (const [key, group] of telling.groups) {
        if (unsaved.groups.has(key)) saveWhole(key, group);
        else saveChange(key, group);
      }
      for (const address of [...unsaved.counts, ...telling.counts.keys()]) {
        const count = telling.counts.get(address) ?? knownCount(address);
        if (count !== null) store.saveCount(address, count);
      }
    },
    takeOver(telling, isWritten) {
      for (const [key, group] of telling.groups) {
        if (group === null) groups.delete(key);
        else groups.set(key, group);
      }
      for (const [address, count] of telling.counts) counts.set(address, count);
      if (isWritten) {
        unsaved.groups.clear();
        unsaved.counts.clear();
        return;
      }
      for (const key of telling.groups.keys()) unsaved.groups.add(key);
      for (const address of telling.counts.keys()) unsaved.counts.add(address);
    },
    isUnsaved: () => unsaved.groups.size + unsaved.counts.size > 0,
    look(now) {
      for (const [key, group] of groups) groups.set(key, groupAsOf(group, now));
      for (const [address, count] of counts) {
        const asOfNow = countAsOf(count, now);
        if (asOfNow.sentAt.length === 0) counts.delete(address);
        else counts.set(address, asOfNow);
      }
    },
    nextAt,
    held: (now) => heldStatus(groups.values(), nextAt(now)),
  };
}

/** Of groups with what they hold; null where that is nothing. */
export function heldStatus(groups: Iterable<NoticeGroup>, nextAt: number | null): HeldStatus | null {
  const names = new Set<string>();
  for (const { held } of groups) for (const { notice } of held) names.add(notice.name);
  return names.size === 0 ? null : { alerts: names.size, nextAt };
}
