/** Where a mail comes from that is shown in a frame. */
export type MailFrameKind = 'log' | 'practice' | 'preview';

const FRAME_KINDS: ReadonlySet<string> = new Set(['log', 'practice', 'preview']);

/**
 * Where the agent serves the HTML of one mail, for a frame of the page: `<iframe sandbox src=…>`. The page's own policy
 * forbids inline styles, which mails are made of, and a frame by `srcdoc` or `blob:` inherits that policy; an address of
 * its own has one of its own, under which styles show and nothing runs or is loaded.
 */
export function mailFramePath(kind: MailFrameKind, id: string): string {
  return `/mail/${kind}/${encodeURIComponent(id)}`;
}

/** Reads such a path; null where it is another. */
export function parseMailFramePath(path: string): { kind: MailFrameKind; id: string } | null {
  const [, kind = '', encoded = ''] = /^\/mail\/([a-z]+)\/([^/]+)$/.exec(path) ?? [];
  if (!FRAME_KINDS.has(kind)) return null;
  try {
    return { kind: kind as MailFrameKind, id: decodeURIComponent(encoded) };
  } catch {
    return null;
  }
}
