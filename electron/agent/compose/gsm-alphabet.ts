/**
 * The alphabet of text messages: GSM 03.38, now 3GPP TS 23.038 6.2.1. A message of 160 septets goes out as one; a single
 * character outside of it would make the whole message UCS-2 with 70.
 */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ' +
  ' !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§' +
  '¿abcdefghijklmnopqrstuvwxyzäöñüà';

/** The extension table, 6.2.1.1: reached by an escape, so two septets each. */
const EXTENSION = '\f^{}\\[~]|€';

const SEPTETS: ReadonlyMap<string, number> = new Map([
  ...Array.from(BASIC, (character): [string, number] => [character, 1]),
  ...Array.from(EXTENSION, (character): [string, number] => [character, 2]),
]);

/** What is written for common characters that the alphabet lacks. */
const REPLACEMENTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '“': '"',
    '”': '"',
    '„': '"',
    '«': '"',
    '»': '"',
    '‘': "'",
    '’': "'",
    '‚': "'",
    '`': "'",
    '´': "'",
    '‐': '-',
    '‑': '-',
    '–': '-',
    '—': '-',
    '−': '-',
    '…': '..',
    '•': '-',
    '·': '-',
    '×': 'x',
    '°': '',
    '≤': '<=',
    '≥': '>=',
    '→': '->',
    '←': '<-',
    œ: 'oe',
    Œ: 'OE',
    ł: 'l',
    Ł: 'L',
    đ: 'd',
    Đ: 'D',
    ð: 'd',
    Ð: 'D',
    þ: 'th',
    Þ: 'Th',
    ı: 'i',
    ẞ: 'ß',
    Α: 'A',
    Β: 'B',
    Ε: 'E',
    Ζ: 'Z',
    Η: 'H',
    Ι: 'I',
    Κ: 'K',
    Μ: 'M',
    Ν: 'N',
    Ο: 'O',
    Ρ: 'P',
    Τ: 'T',
    Υ: 'Y',
    Χ: 'X',
  }),
);

/** How many of a message's 160 septets a text takes that is wholly in the alphabet; null if it is not. */
export function septetsOf(text: string): number | null {
  let sum = 0;
  for (const character of text) {
    const septets = SEPTETS.get(character);
    if (septets === undefined) return null;
    sum += septets;
  }
  return sum;
}

/**
 * Writes a text in the alphabet: what is in it stays, accents that it lacks are dropped (č becomes c), Greek is written
 * in capitals, typographic marks become plain ones, and everything else "?".
 */
export function toGsm(text: string): string {
  return Array.from(text.normalize('NFC'), gsmCharacter).join('');
}

function gsmCharacter(character: string): string {
  if (SEPTETS.has(character)) return character;
  const replacement = REPLACEMENTS.get(character);
  if (replacement !== undefined) return replacement;
  const plain = character.normalize('NFKD').replace(/\p{M}/gu, '');
  const candidates = [plain, plain.toUpperCase()].map((text) => REPLACEMENTS.get(text) ?? text);
  return candidates.find((text) => septetsOf(text) !== null) ?? '?';
}

/** A text of the alphabet, or as much of it as fits into `max` septets with ".." at its end. */
export function cutToSeptets(text: string, max: number): string {
  if ((septetsOf(text) ?? Number.POSITIVE_INFINITY) <= max) return text;
  let kept = '';
  let sum = 2;
  for (const character of text) {
    sum += SEPTETS.get(character) ?? Number.POSITIVE_INFINITY;
    if (sum > max) break;
    kept += character;
  }
  return `${kept.trimEnd()}..`;
}
