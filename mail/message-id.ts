/** A Message-ID in angle brackets anywhere in a header's value: the last one, without the brackets. */
export function messageIdIn(value: string): string | null {
  return [...value.slice(0, 10_000).matchAll(/<([^\s<>@]{1,200}@[^\s<>@]{1,255})>/g)].at(-1)?.[1] ?? null;
}

/** The Message-ID among the headers that a text begins with, folded or not; null where there is none. */
export function messageIdOf(mail: string): string | null {
  const lines = mail.slice(0, 100_000).split(/\r?\n/);
  // Some put a blank line or two before the headers.
  const from = lines.findIndex((line) => line.trim() !== '');
  for (let at = Math.max(0, from); at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.trim() === '') return null;
    if (!/^\s*message-id\s*:/i.test(line)) continue;
    const next = lines[at + 1] ?? '';
    return messageIdIn(`${line}${/^[ \t]/.test(next) ? next : ''}`);
  }
  return null;
}
