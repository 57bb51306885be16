/**
 * Says what is wrong with a text that is no JSON, and where. Never by a piece of the text itself, as the words of
 * JSON.parse do: it may be a password.
 */
export function jsonFault(text: string): string {
  const words = parseFault(text);
  const [, what, position] = /^([^"]+?) in JSON at position (\d+)/.exec(words) ?? [];
  if (what !== undefined) return `${what} (${place(text, Number(position))})`;
  if (!isUnexpected(words)) return 'it ends in the middle';
  // The words name the character and quote its surroundings, but do not say where it stands. It is the last one of the
  // shortest beginning of the text that has the same fault.
  let fine = 0;
  let faulty = text.length;
  while (faulty - fine > 1) {
    const middle = Math.floor((fine + faulty) / 2);
    if (isUnexpected(parseFault(text.slice(0, middle)))) faulty = middle;
    else fine = middle;
  }
  return `there is something that does not belong there (${place(text, faulty - 1)})`;
}

function parseFault(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}

function isUnexpected(words: string): boolean {
  return words.startsWith('Unexpected token') || words.startsWith('Unexpected non-whitespace');
}

function place(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
