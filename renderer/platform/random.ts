/** A name that no other window has made up. */
export function newId(): string {
  return crypto.randomUUID();
}
