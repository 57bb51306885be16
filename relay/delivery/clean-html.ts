import { decodeHTML } from 'entities';
import { Tokenizer } from 'htmlparser2';
import { escapeHtml } from './escape-html.ts';
import { HtmlWriter } from './html-writer.ts';

/** The HTML of a relayed mail: a whole document, with everything taken out that a mail has no use for. */
export function cleanHtml(html: string): string {
  return document(written(html, false).html);
}

/** For a mail that came as HTML alone: that, cleaned, and its words with a line for each block. */
export function htmlAndText(html: string): { readonly html: string; readonly text: string } {
  const writer = written(html, true);
  return { html: document(writer.html), text: tidy(writer.words) };
}

/** The HTML of a mail that came as text alone. */
export function htmlOfText(text: string): string {
  return document(
    `<div style="font-family:sans-serif;font-size:14px;white-space:pre-wrap">${escapeHtml(text)}</div>`,
  );
}

function written(html: string, wantsText: boolean): HtmlWriter {
  const writer = new HtmlWriter(html, wantsText);
  const tokenizer = new Tokenizer({ decodeEntities: false }, writer);
  tokenizer.write(html);
  tokenizer.end();
  return writer;
}

function document(body: string): string {
  return `<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"></head><body style="margin:0">${body}</body></html>`;
}

function tidy(words: string): string {
  return `${decodeHTML(words)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}
