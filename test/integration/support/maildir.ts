import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One mail as it lies in a mailbox. */
export interface StoredMail {
  /** Without angle brackets; null where there is none. */
  readonly messageId: string | null;
  readonly subject: string | null;
  /** Unfolded, by lower-case name; of a name that occurs more than once, all values in order. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** As it was transferred: not decoded. */
  readonly body: string;
}

/** Every mail of a Maildir, in the order of delivery. */
export function readMaildir(dir: string): StoredMail[] {
  return ['new', 'cur'].flatMap((part) => {
    const partDir = join(dir, part);
    if (!existsSync(partDir)) return [];
    return readdirSync(partDir)
      .sort()
      .map((name) => parseMail(readFileSync(join(partDir, name), 'utf8')));
  });
}

/** Splits a mail into its headers and its body. */
function parseMail(raw: string): StoredMail {
  const text = raw.replaceAll('\r\n', '\n');
  const end = text.indexOf('\n\n');
  const head = end === -1 ? text : text.slice(0, end);
  const headers = new Map<string, string[]>();
  for (const line of head.replaceAll(/\n[ \t]+/g, ' ').split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return {
    messageId: headers.get('message-id')?.[0]?.replaceAll(/^<|>$/g, '') ?? null,
    subject: headers.get('subject')?.[0] ?? null,
    headers,
    body: end === -1 ? '' : text.slice(end + 2),
  };
}
