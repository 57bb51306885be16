/** A rectangle on the desktop, in the pixels of the system (device independent). */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** LOOK.md, "Window". */
const WINDOW_SIZE = { width: 960, height: 640 } as const;
export const WINDOW_SIZE_MIN = { width: 720, height: 480 } as const;
/** So much of the window must be on a screen for somebody to take hold of it. */
const VISIBLE_MIN = 100;

/**
 * Where the window opens: as it was left, unless the screen it was on is gone. Null leaves the place to the system, and
 * the size is kept all the same.
 */
export function windowPlace(
  kept: Place | null,
  screens: readonly Place[],
): { readonly width: number; readonly height: number; readonly x?: number; readonly y?: number } {
  if (kept === null) return WINDOW_SIZE;
  const width = Math.max(kept.width, WINDOW_SIZE_MIN.width);
  const height = Math.max(kept.height, WINDOW_SIZE_MIN.height);
  const isSeen = screens.some(
    (screen) =>
      overlap(kept.x, width, screen.x, screen.width) >= VISIBLE_MIN &&
      // Windows are taken hold of by their upper edge.
      kept.y >= screen.y - 1 &&
      kept.y <= screen.y + screen.height - VISIBLE_MIN,
  );
  return isSeen ? { x: kept.x, y: kept.y, width, height } : { width, height };
}

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart);
}
