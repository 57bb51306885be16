/** Text as it stands between tags, or in a value in double quotes. */
export function escapeHtml(text: string): string {
  return withoutAngles(text.replaceAll('&', '&amp;')).replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

/**
 * HTML in which references may stand already, so that nothing in it is a tag. Cut and joined: for a megabyte of angles that
 * takes a third to a half of the time of `replaceAll` (own measurement).
 */
export function withoutAngles(html: string): string {
  return /[<>]/.test(html) ? html.split('<').join('&lt;').split('>').join('&gt;') : html;
}
