/** What a mail shows: its bodies, and its headers as they came. */
export interface MailParts {
  readonly html: string | null;
  readonly text: string;
  readonly headers: string;
}

/** More of the headers than this is not shown, in characters. */
const HEADERS_MAX = 64 * 1024;

/** Takes a mail apart. One that is malformed shows what can be made of it. */
export async function readMail(content: Buffer): Promise<MailParts> {
  // Loaded late: only those need it who look into the practice mailbox.
  const { default: PostalMime } = await import('postal-mime');
  const { html = null, text = '' } = await PostalMime.parse(content);
  const end = /\r?\n\r?\n/.exec(content.toString('utf8', 0, HEADERS_MAX));
  const headers = content.toString('utf8', 0, HEADERS_MAX).slice(0, end?.index ?? HEADERS_MAX);
  return { html, text, headers };
}
