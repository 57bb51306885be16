import { foldLines } from 'nodemailer/lib/mime-funcs';
import type { MailParts } from './mime.ts';
import { encodedText } from './text-encoding.ts';

/** A header line that is shorter stays whole. */
const FOLD_FROM_CHARACTERS = 76;

/** Dot-atoms of a name in small letters: nothing in them is to be written otherwise than it is. */
const PLAIN_ADDRESS =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z](?:[a-z0-9-]*[a-z0-9])?$/;

/**
 * The bytes that nodemailer would write for a mail of text, or of text and HTML, whose headers are in plain ASCII: most
 * mails are, and composing one by nodemailer takes as long as sending it. Null for every other mail.
 */
export function plainMime(parts: MailParts): string | null {
  const headers = plainHeaders(parts);
  if (headers === null) return null;
  const { html, text } = parts;
  const isText = html === null || html === '';
  const mime = isText ? textMail(headers, text) : alternatives(headers, text, html, parts.boundary());
  return mime.endsWith('\r\n') ? mime : `${mime}\r\n`;
}

function textMail(headers: string, text: string): string {
  const { encoding, body } = encodedText(text);
  return `${headers}Content-Transfer-Encoding: ${encoding}\r\nMIME-Version: 1.0\r\n${TEXT}\r\n\r\n${body}`;
}

const TEXT = 'Content-Type: text/plain; charset=utf-8';
const HTML = 'Content-Type: text/html; charset=utf-8';

/** RFC 2046 5.1.4: the plain text first. */
function alternatives(headers: string, text: string, html: string, base: string): string {
  const boundary = `--_NmP-${base}-Part_1`;
  const type = header('Content-Type', `multipart/alternative; boundary="${boundary}"`);
  const both = `${part(boundary, TEXT, text)}\r\n${part(boundary, HTML, html)}\r\n--${boundary}--\r\n`;
  return `${headers}MIME-Version: 1.0\r\n${type}\r\n${both}`;
}

function part(boundary: string, type: string, content: string): string {
  const { encoding, body } = encodedText(content);
  return `--${boundary}\r\n${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`;
}

/** All headers but those about MIME, in nodemailer's order. */
function plainHeaders(parts: MailParts): string | null {
  const { to, replyTo, subject, date, messageId, references } = parts;
  const from = fromHeader(parts.from);
  if (from === null || to.length === 0 || subject === '' || Number.isNaN(date.getTime())) return null;
  if (!to.every(isPlainAddress) || (replyTo !== null && !isPlainAddress(replyTo))) return null;
  let above = '';
  for (const [key, value] of Object.entries(parts.headers)) above += header(key, value);
  let below = header('To', to.join(', '));
  if (replyTo !== null) below += header('Reply-To', replyTo);
  const last = references.at(-1);
  if (last !== undefined) {
    below += header('In-Reply-To', `<${last}>`);
    below += header('References', `<${references.join('> <')}>`);
  }
  below += header('Subject', subject);
  below += header('Message-ID', `<${messageId}>`);
  below += header('Date', date.toUTCString().replace('GMT', '+0000'));
  return arePlain(above + below) ? above + from + below : null;
}

function header(key: string, value: string): string {
  const line = `${key}: ${value}`;
  return line.length < FOLD_FROM_CHARACTERS ? `${line}\r\n` : `${foldLines(line, FOLD_FROM_CHARACTERS)}\r\n`;
}

/** The last one that was written, because the mails of a queue are all from the same. */
let lastFrom: { readonly name: string; readonly address: string; readonly header: string } | null = null;

function fromHeader({ name, address }: MailParts['from']): string | null {
  if (lastFrom?.name === name && lastFrom.address === address) return lastFrom.header;
  const plain = plainName(name);
  if (plain === null || !isPlainAddress(address)) return null;
  lastFrom = { name, address, header: header('From', plain === '' ? address : `${plain} <${address}>`) };
  return lastFrom.header;
}

/** Whether headers stand as they are: nothing to encode (RFC 2047), and nothing that seems to be encoded. */
function arePlain(headers: string): boolean {
  return /^(?:[ !#-~]*\r\n)*$/.test(headers) && !headers.includes('=?');
}

function isPlainAddress(address: string): boolean {
  return PLAIN_ADDRESS.test(address) && !address.includes('xn--');
}

/** A display name, in quotation marks where it needs them (RFC 5322 3.2.4); null where it has to be encoded. */
function plainName(name: string): string | null {
  if (/^[\w ]*$/.test(name)) return name;
  return /^[ -~]*$/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : null;
}
