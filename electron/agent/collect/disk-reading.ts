import { type Reading, unknown } from '../../../shared/model/sample.ts';

export function noMount(target: string | null): Reading {
  return unknown(`no file system is mounted at ${target ?? 'an empty path'}`);
}

/**
 * Percent used of what is used or may be used by ordinary programs: the Use% of df(1), without its rounding up. What is kept
 * for the administrator does not count as free. Null where both are nothing.
 */
export function usedOfUsable(used: number, free: number): number | null {
  return used + free > 0 ? (used / (used + free)) * 100 : null;
}
