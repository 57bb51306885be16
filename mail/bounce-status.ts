import { addressFault } from '../shared/address.ts';

/** What a notification says of one recipient. */
export interface ReturnedRecipient {
  /** Every address it is called by: the one that was written to, and where that led. At least one. */
  readonly addresses: readonly string[];
  /** `failed`: given up. `delayed`: is still tried. `delivered`: lies in the mailbox. */
  readonly action: 'failed' | 'delayed' | 'delivered';
  /** Enhanced status code such as 5.1.1 (RFC 3463), or the code of the reply; null where none is given. */
  readonly status: string | null;
  /** The words of the server that refused, or of the one that says so, in one line. */
  readonly diagnostic: string | null;
}

const MOST_RECIPIENTS = 500;
const MOST_WORDS = 500;

export function isDeliveryStatus(mimeType: string): boolean {
  return mimeType === 'message/delivery-status' || mimeType === 'message/global-delivery-status';
}

/** Reads the machine's part of a notification (RFC 3464 2): groups of fields, the first of which is about the mail as a whole. */
export function readDeliveryStatus(text: string): ReturnedRecipient[] {
  const groups = text
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n/)
    .slice(0, MOST_RECIPIENTS);
  return groups.flatMap((group) => recipientOf(fieldsOf(group)) ?? []);
}

type Fields = ReadonlyMap<string, string>;

/** Fields by lower-case name; folded lines are joined. Of a field that stands twice, the first counts. */
function fieldsOf(group: string): Fields {
  const fields = new Map<string, string>();
  let last: string | null = null;
  for (const line of group.split('\n')) {
    if (/^[ \t]/.test(line)) {
      if (last !== null) fields.set(last, `${fields.get(last) ?? ''} ${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    last = colon > 0 && !fields.has(name) ? name : null;
    if (last !== null) fields.set(last, line.slice(colon + 1).trim());
  }
  return fields;
}

const ADDRESS_FIELDS = ['original-recipient', 'final-recipient', 'x-actual-recipient'] as const;

function recipientOf(fields: Fields): ReturnedRecipient | null {
  const addresses = ADDRESS_FIELDS.flatMap((name) => addressOf(fields.get(name)) ?? []);
  const status = statusIn(fields.get('status') ?? '');
  const action = actionOf(fields.get('action') ?? '', status);
  if (addresses.length === 0 || action === null) return null;
  return { addresses: distinct(addresses), action, status, diagnostic: diagnosticOf(fields) };
}

/** `rfc822; ann@contoso.example`, in brackets or not. */
function addressOf(value: string | undefined): string | null {
  const bare = (value ?? '')
    .replace(/^[^;]*;/, '')
    .trim()
    .replace(/^<|>$/g, '')
    .trim();
  return addressFault(bare) === null ? bare : null;
}

/** RFC 3464 2.3.3. `relayed` and `expanded` say nothing about arrival. Without the field, the status says it. */
function actionOf(value: string, status: string | null): ReturnedRecipient['action'] | null {
  const word = /^[a-z]+/.exec(value.trim().toLowerCase())?.[0] ?? null;
  switch (word) {
    case 'failed':
    case 'delayed':
    case 'delivered':
      return word;
    case null:
      return actionOfStatus(status);
    default:
      return null;
  }
}

function actionOfStatus(status: string | null): ReturnedRecipient['action'] | null {
  if (status?.startsWith('5') === true) return 'failed';
  return status?.startsWith('4') === true ? 'delayed' : null;
}

/** The first enhanced status code in a text; part of an address of a computer is none. */
export function statusIn(text: string): string | null {
  return /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d]|\.\d)/.exec(text)?.[1] ?? null;
}

/** `smtp; 550 5.1.1 User unknown`: what stands after the type. */
function diagnosticOf(fields: Fields): string | null {
  const value = fields.get('diagnostic-code') ?? '';
  return oneLine(value.replace(/^\s*[\w-]{1,40}\s*;/, ''));
}

/** One line of bounded length; null where nothing is said. */
export function oneLine(text: string): string | null {
  const line = text
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ')
    .trim();
  return line === '' ? null : line.slice(0, MOST_WORDS);
}

/** Each address once, whatever its case. */
export function distinct(addresses: readonly string[]): string[] {
  const seen = new Set<string>();
  return addresses.filter((address) => {
    const key = address.toLowerCase();
    return seen.has(key) ? false : seen.add(key);
  });
}
