/** How a value is written so that it can end nothing that the template has begun. */
export type Escape = (value: string) => string;

/** As part of a URL, after its host. */
export const escapeForUrl: Escape = (value) => encodeURIComponent(value.toWellFormed());

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeForMarkup: Escape = (value) =>
  withoutControls(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
/** Inside a string of JSON, quotes left out. */
const escapeForJson: Escape = (value) => JSON.stringify(value.toWellFormed()).slice(1, -1);

function withoutControls(value: string): string {
  return value.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}

/** The escape that goes with a body: by its content type, or by how it begins where none is given. */
export function escapeForBody(contentType: string | null, template: string): Escape {
  const type = contentType?.toLowerCase() ?? '';
  if (type.includes('json')) return escapeForJson;
  if (type.includes('x-www-form-urlencoded')) return escapeForUrl;
  if (type.includes('xml') || type.includes('html')) return escapeForMarkup;
  if (type !== '') return withoutControls;
  if (/^\s*[{[]/.test(template)) return escapeForJson;
  return /^\s*</.test(template) ? escapeForMarkup : withoutControls;
}

/** Puts fields in for `{{name}}`. A name that is none of them is left as it stands, so that it is seen. */
export function fillTemplate(template: string, fields: ReadonlyMap<string, string>, escape: Escape): string {
  return template.replace(/\{\{\s*(\w{1,40})\s*\}\}/g, (whole, name: string) => {
    const value = fields.get(name);
    return value === undefined ? whole : escape(value);
  });
}
