import type { AlertNotice, ComposeContext } from './compose.ts';
import { hasHtml, routeOf } from './envelope.ts';

type Addressed = Pick<AlertNotice, 'recipients' | 'sms' | 'emailProperties'>;

/**
 * Names the group of notices that one mail can serve: the same people, the same way out, the same form. Priority and
 * subject do not part a group: the mail has the highest priority of its notices, and a subject that counts them.
 */
export function groupKey(notice: Addressed, context: Pick<ComposeContext, 'alertFormat'>): string {
  const { recipients, sms, emailProperties } = notice;
  const format = hasHtml(emailProperties, context) ? 'html' : 'text';
  return JSON.stringify([sorted(recipients), sorted(sms), routeOf(emailProperties), format]);
}

const HELD_BACK = 'held back ';

/** Names what is held back for one address, by the way and in the form of the group that it was held back from. */
export function heldBackKey(notice: Addressed, context: Pick<ComposeContext, 'alertFormat'>): string {
  return `${HELD_BACK}${groupKey(notice, context)}`;
}

export function isHeldBackKey(key: string): boolean {
  return key.startsWith(HELD_BACK);
}

function sorted(addresses: readonly string[]): string[] {
  return [...new Set(addresses.map((address) => address.toLowerCase()))].sort();
}
