import sanitizeHtml from 'sanitize-html';

/**
 * What mails of an installation may hold: text, tables, links and looks. Nothing that runs, loads, submits or frames;
 * pictures only from https addresses.
 */
const TAGS = (
  'a abbr b blockquote br caption center code col colgroup dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i img ins ' +
  'kbd li ol p pre s samp small span strong sub sup table tbody td tfoot th thead tr tt u ul'
).split(' ');
const EVERYWHERE = (
  'style class dir lang title role aria-hidden aria-label align valign width height bgcolor color border ' +
  'cellpadding cellspacing colspan rowspan'
).split(' ');

/** Properties that lay out and colour; none that moves a box over others or loads a file. */
const PROPERTY =
  /^(?:-?mso-[a-z-]+|(?:background-color|border|color|direction|display|font|height|letter-spacing|line-height|list-style|margin|max-height|max-width|min-height|min-width|opacity|overflow|overflow-wrap|padding|table-layout|text|vertical-align|visibility|white-space|width|word)(?:-[a-z-]+)?)$/;
const VALUE = /^[\w\s#%.,!'"/+-]*(?:\((?:[\w\s%.,/-]*)\)[\w\s#%.,!'"/+-]*)*$/;

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: TAGS,
  allowedAttributes: { '*': EVERYWHERE, a: ['href', 'name'], img: ['src', 'alt'], ol: ['start', 'type'] },
  allowedSchemes: ['https', 'http', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['https'] },
  allowProtocolRelative: false,
  // Taken out with what stands in them.
  nonTextTags: [
    'script',
    'style',
    'title',
    'textarea',
    'option',
    'noscript',
    'template',
    'iframe',
    'object',
    'svg',
  ],
  // Styles are checked below: parsing each as a style sheet takes twice as long as all the rest.
  parseStyleAttributes: false,
  nestingLimit: 100,
  transformTags: {
    '*': (tagName, { style, ...attribs }) => ({
      tagName: tagName === 'body' ? 'div' : tagName,
      attribs: style === undefined ? attribs : { ...attribs, style: cleanStyle(style) },
    }),
  },
};

/** The HTML of a relayed mail: a whole document, with everything taken out that a mail has no use for. */
export function cleanHtml(html: string): string {
  const body = sanitizeHtml(html, OPTIONS);
  return `<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"></head><body style="margin:0">${body}</body></html>`;
}

/** The HTML of a mail that came as text alone. */
export function htmlOfText(text: string): string {
  return cleanHtml(
    `<div style="font-family:sans-serif;font-size:14px;white-space:pre-wrap">${escapeHtml(text)}</div>`,
  );
}

/** The text of a mail that came as HTML alone: its words, a line for each block. */
export function textOfHtml(html: string): string {
  const marked = html.replace(/<br\b|<\/(?:p|div|tr|table|li|h[1-6]|blockquote|pre)\b/gi, '\n$&');
  const words = sanitizeHtml(marked, { ...OPTIONS, allowedTags: [], transformTags: {} });
  return `${unescapeHtml(words)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Undoes what sanitize-html leaves escaped in plain text. */
function unescapeHtml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

function cleanStyle(style: string): string {
  return style
    .split(';')
    .filter((declaration) => {
      const colon = declaration.indexOf(':');
      const property = declaration.slice(0, colon).trim().toLowerCase();
      const value = declaration.slice(colon + 1).trim();
      return (
        colon > 0 &&
        value.length <= 400 &&
        PROPERTY.test(property) &&
        VALUE.test(value) &&
        !/url|expression|image|attr\(|var\(/i.test(value)
      );
    })
    .map((declaration) => declaration.trim())
    .join(';');
}
