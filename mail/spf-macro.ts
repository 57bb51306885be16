import ipaddr from 'ipaddr.js';

/** What the letters of a macro stand for. */
export interface MacroValues {
  /** MAIL FROM, an address. */
  readonly sender: string;
  /** The domain whose record is read. */
  readonly domain: string;
  readonly ip: string;
  /** The name that was said at EHLO. */
  readonly helo: string;
}

/** A domain of a mechanism with its macros filled in (RFC 7208 7); null where it does not follow the rules. */
export function expandMacros(text: string, values: MacroValues): string | null {
  let isWrong = false;
  const expanded = text.replace(/%(?:\{([a-zA-Z])(\d{0,3})(r?)([.\-+,/_=]*)\}|([%_-]))?/g, (...groups) => {
    const [, letter, digits, reverse, delimiters, escape] = groups as (string | undefined)[];
    if (escape !== undefined) return ESCAPES[escape] ?? '';
    const value = letter === undefined ? null : valueOf(letter.toLowerCase(), values);
    if (value === null || digits === '0') {
      isWrong = true;
      return '';
    }
    const parts = split(value, delimiters === undefined || delimiters === '' ? '.' : delimiters);
    if (reverse === 'r') parts.reverse();
    return (digits === undefined || digits === '' ? parts : parts.slice(-Number(digits))).join('.');
  });
  return isWrong ? null : expanded.slice(-253);
}

const ESCAPES: Readonly<Record<string, string>> = { '%': '%', _: ' ', '-': '%20' };

function split(value: string, delimiters: string): string[] {
  const parts = [''];
  for (const character of value) {
    if (delimiters.includes(character)) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

function valueOf(letter: string, { sender, domain, ip, helo }: MacroValues): string | null {
  const at = sender.lastIndexOf('@');
  switch (letter) {
    case 's':
      return sender;
    case 'l':
      return sender.slice(0, at);
    case 'o':
      return sender.slice(at + 1);
    case 'd':
      return domain;
    case 'i':
      return dotted(ip);
    case 'h':
      return helo;
    case 'v':
      return ipaddr.parse(ip).kind() === 'ipv4' ? 'in-addr' : 'ip6';
    // The name an address resolves back to; that it is not known is what most receivers answer (RFC 7208 7.3).
    case 'p':
      return 'unknown';
    default:
      return null;
  }
}

/** IPv4 as it is, IPv6 as its 32 digits (RFC 7208 7.3). */
function dotted(ip: string): string {
  const address = ipaddr.parse(ip);
  if (address.kind() === 'ipv4') return address.toString();
  return address
    .toByteArray()
    .flatMap((byte) => [byte >> 4, byte & 15])
    .map((digit) => digit.toString(16))
    .join('.');
}
