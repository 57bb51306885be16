/** The HTML of mails that were composed to be looked at, for the frames of the page. */
export interface PreviewFrames {
  /** Keeps it under this id, and forgets the oldest where there are too many. */
  keep(id: string, html: string): void;
  find(id: string): string | null;
}

/** An editor makes a preview with each pause in typing; only the newest are shown anywhere. */
const PREVIEWS_MAX = 20;

export function createPreviewFrames(): PreviewFrames {
  const frames = new Map<string, string>();
  return {
    keep(id, html) {
      frames.set(id, html);
      for (const oldest of frames.keys()) {
        if (frames.size <= PREVIEWS_MAX) return;
        frames.delete(oldest);
      }
    },
    find: (id) => frames.get(id) ?? null,
  };
}
