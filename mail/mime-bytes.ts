import MailComposer, { type MailComposerOptions } from 'nodemailer/lib/mail-composer';
import type MimeNode from 'nodemailer/lib/mime-node';
import { encoded } from './text-encoding.ts';

/**
 * The bytes that nodemailer's `compile().build()` gives, but for where soft line breaks stand, one character for each.
 * Without its streams where every part is text: a dozen of them a mail cost more than all the encoding (measured: 0.40 ms
 * against 0.15 ms).
 */
export async function mimeBytes(options: MailComposerOptions): Promise<string> {
  const root = new MailComposer(options).compile();
  if (!isText(root)) return (await root.build()).toString('latin1');
  const pieces: string[] = [];
  writeNode(root, pieces);
  const text = pieces.join('');
  return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`).toString('latin1');
}

function isText(node: MimeNode): boolean {
  if (node.content === undefined) return node.childNodes.length > 0 && node.childNodes.every(isText);
  return typeof node.content === 'string' && /^text\//i.test(header(node, 'Content-Type'));
}

function header(node: MimeNode, name: string): string {
  const value = node.getHeader(name);
  return typeof value === 'string' ? value : '';
}

/** A part with those in it (RFC 2046 5.1.1). Nodemailer writes the headers, which decide the encoding. */
function writeNode(node: MimeNode, pieces: string[]): void {
  pieces.push(node.buildHeaders(), '\r\n\r\n');
  const { content, boundary } = node;
  if (typeof content === 'string') pieces.push(encoded(content, header(node, 'Content-Transfer-Encoding')));
  if (typeof boundary !== 'string') return;
  node.childNodes.forEach((child, index) => {
    pieces.push(`${index > 0 ? '\r\n' : ''}--${boundary}\r\n`);
    writeNode(child, pieces);
  });
  pieces.push(`\r\n--${boundary}--\r\n`);
}
