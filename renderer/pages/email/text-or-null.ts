/** What stands in a field; null where that is nothing. */
export function textOrNull(text: string): string | null {
  const bare = text.trim();
  return bare === '' ? null : bare;
}
