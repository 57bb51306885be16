import { createHash, randomBytes } from 'node:crypto';

/** Letters and digits that are not mistaken for one another when read aloud or copied by hand (Crockford's base 32). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUPS = 4;
const GROUP_LENGTH = 5;

/** A one-time code of 100 random bits, in groups: `7K3QD-…`. Nobody guesses it in the minutes it is valid. */
export function newCode(): string {
  const characters = [...randomBytes(GROUPS * GROUP_LENGTH)].map((byte) => ALPHABET.charAt(byte % 32));
  return Array.from({ length: GROUPS }, (_, group) =>
    characters.slice(group * GROUP_LENGTH, (group + 1) * GROUP_LENGTH).join(''),
  ).join('-');
}

/** What is kept of a code. Blanks, hyphens and case do not matter, and what looks alike is alike. */
export function hashCode(code: string): string {
  const bare = code.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  return createHash('sha256').update(bare).digest('base64url');
}
