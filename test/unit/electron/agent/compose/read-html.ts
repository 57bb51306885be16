const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
};

/** What a person reads in an HTML mail: the text of its body, white space as one space. */
export function htmlText(html: string): string {
  return oneSpaced(
    html
      .replace(/^[\s\S]*<body[^>]*>/, '')
      .replace(/<[^>]*>/g, ' ')
      .replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => ENTITIES[entity] ?? entity),
  );
}

/** What a person reads in a text mail. */
export function oneSpaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
