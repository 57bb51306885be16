/** Text as it stands between tags, or in a value in double quotes. */
export function escapeHtml(text: string): string {
  return withoutAngles(text.replaceAll('&', '&amp;')).replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

/** HTML in which references may stand already, so that nothing in it is a tag. */
export function withoutAngles(html: string): string {
  return /[<>]/.test(html) ? html.replaceAll('<', '&lt;').replaceAll('>', '&gt;') : html;
}
