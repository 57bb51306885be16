import { type RefObject, useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react';

/** So many rows before the end, more are asked for: about two screens. */
const NEAR_ROWS = 30;

/**
 * For a list that scrolls by itself and grows at both ends: what is being read stays where it is when rows come in above it,
 * and `onEndNear` is called when the end comes near. Rows are named by `ids` in their order, and are of one height in pixels. At the very top nothing is held in
 * place, so that what is new is seen. Null for a list that is none of these.
 */
export function useLongList(
  list: RefObject<HTMLElement | null> | null,
  ids: readonly string[],
  rowHeight: number,
  onEndNear: (() => void) | undefined,
): void {
  const before = useRef(ids);
  useLayoutEffect(() => {
    const element = list?.current ?? null;
    const old = before.current;
    before.current = ids;
    if (element === null || old === ids || element.scrollTop === 0) return;
    const top = Math.floor(element.scrollTop / rowHeight);
    const places = new Map(ids.map((id, place) => [id, place]));
    // The row at the top may have gone; then the next one that has not stays.
    const kept = old.findIndex((id, place) => place >= top && places.has(id));
    if (kept < 0) return;
    const moved = (places.get(old[kept] ?? '') ?? kept) - kept;
    if (moved !== 0) element.scrollBy(0, moved * rowHeight);
  }, [list, ids, rowHeight]);

  const look = useEffectEvent(() => {
    const element = list?.current ?? null;
    if (element === null || onEndNear === undefined) return;
    const end = element.scrollTop + element.clientHeight;
    if (ids.length * rowHeight - end < NEAR_ROWS * rowHeight) onEndNear();
  });
  useEffect(() => {
    const element = list?.current ?? null;
    if (element === null) return;
    const onScroll = () => look();
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, [list]);
  useEffect(() => {
    if (ids.length > 0) look();
  }, [ids]);
}
