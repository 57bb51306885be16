import { decodeHTMLAttribute } from 'entities';
import { escapeHtml, withoutAngles } from './escape-html.ts';

/**
 * What the HTML of a relayed mail may hold: text, tables, links and looks. Nothing that runs, loads, submits or frames;
 * pictures only from https addresses. None of the tags allowed changes how a reader takes what is inside of it (as script,
 * style, textarea, svg or noscript do), so that what was written with its characters escaped is read as it was meant.
 */
const TAGS: ReadonlySet<string> = new Set(
  (
    'a abbr b blockquote br caption center code col colgroup dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i img ins ' +
    'kbd li ol p pre s samp small span strong sub sup table tbody td tfoot th thead tr tt u ul'
  ).split(' '),
);
const EVERYWHERE: ReadonlySet<string> = new Set(
  (
    'style class dir lang title role aria-hidden aria-label align valign width height bgcolor color border ' +
    'cellpadding cellspacing colspan rowspan'
  ).split(' '),
);
const BY_TAG: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['a', new Set(['href', 'name'])],
  ['img', new Set(['src', 'alt'])],
  ['ol', new Set(['start', 'type'])],
]);
/** Taken out with what stands in them. */
const DROPPED: ReadonlySet<string> = new Set(
  'script style title textarea option noscript template iframe object svg'.split(' '),
);
/** A link leads to a page, an address to write or call, or a place in the mail; a picture comes from a server, encrypted. */
const LINK = /^(?:https?:\/\/|mailto:|tel:|#)/i;
const PICTURE = /^https:\/\//i;

/** Properties that lay out and colour; none that moves a box over others or loads a file. */
const PROPERTY =
  /^(?:-?mso-[a-z-]+|(?:background-color|border|color|direction|display|font|height|letter-spacing|line-height|list-style|margin|max-height|max-width|min-height|min-width|opacity|overflow|overflow-wrap|padding|table-layout|text|vertical-align|visibility|white-space|width|word)(?:-[a-z-]+)?)$/;
const VALUE = /^[\w\s#%.,!'"/+-]*(?:\((?:[\w\s%.,/-]*)\)[\w\s#%.,!'"/+-]*)*$/;
const LOADS = /url|expression|image|attr\(|var\(/i;
const VALUE_MOST_CHARACTERS = 400;
/** Of a whole style attribute. A real one has some hundred; a longer one is left out. */
const STYLE_MOST_CHARACTERS = 16_384;

/** What becomes of a tag. */
export interface TagRule {
  /** The tag that is written for it: itself, a div for the body, or none. */
  readonly written: string | null;
  /** Whether what stands inside goes with it. */
  readonly dropsContent: boolean;
  readonly allowsAttribute: (name: string) => boolean;
}

export function tagRule(tag: string): TagRule {
  const written = tag === 'body' ? 'div' : TAGS.has(tag) ? tag : null;
  const own = BY_TAG.get(tag);
  return {
    written,
    dropsContent: DROPPED.has(tag),
    allowsAttribute: (name) => written !== null && (EVERYWHERE.has(name) || own?.has(name) === true),
  };
}

/** What an allowed attribute says, escaped, from what stood there, references included; null where it is left out. */
export function cleanAttribute(name: string, raw: string): string | null {
  switch (name) {
    case 'href':
      return address(decodeHTMLAttribute(raw), LINK);
    case 'src':
      return address(decodeHTMLAttribute(raw), PICTURE);
    case 'style':
      return raw.length > STYLE_MOST_CHARACTERS
        ? null
        : escapeHtml(cleanStyle(decodeHTMLAttribute(raw))) || null;
    case 'alt':
      return asValue(raw);
    default:
      return asValue(raw) || null;
  }
}

/** Nothing but the quote around it could end a value. */
function asValue(raw: string): string {
  return withoutAngles(raw).replaceAll('"', '&quot;');
}

/** Readers take no notice of control characters in an address: it is judged and written without them. */
function address(value: string, allowed: RegExp): string | null {
  // oxlint-disable-next-line no-control-regex -- these are what is taken out
  const plain = value.replace(/[\u0000-\u001f\u007f]+/g, '').trim();
  return allowed.test(plain) ? escapeHtml(plain) : null;
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
        value.length <= VALUE_MOST_CHARACTERS &&
        PROPERTY.test(property) &&
        VALUE.test(value) &&
        !LOADS.test(value)
      );
    })
    .map((declaration) => declaration.trim())
    .join(';');
}
