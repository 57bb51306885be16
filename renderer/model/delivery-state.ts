import { isFailed, type RecipientState } from '../../shared/model/delivery.ts';
import type { State } from './state.ts';

/** How something that was sent fares: a shape and a word. */
export interface DeliveryState {
  readonly state: State;
  readonly word: string;
}

/** What is known of one recipient now. "Accepted" is no proof of arrival, and never says more. */
export function recipientState({ status, news, attempts }: RecipientState): DeliveryState {
  if (news?.state === 'bounced') return { state: 'critical', word: 'Came back' };
  if (isFailed({ status, news })) return { state: 'critical', word: 'Failed' };
  if (news?.state === 'arrived') return { state: 'ok', word: 'Arrived' };
  if (status === 'accepted') return { state: 'ok', word: 'Accepted' };
  return attempts === 0 ? { state: 'unknown', word: 'Waiting' } : { state: 'warning', word: 'Trying again' };
}

/** One word for a message: what wants attention most, and of how many of its recipients it is true. */
export function messageState(recipients: readonly RecipientState[]): DeliveryState {
  const all = recipients.map(recipientState);
  const [worst] = all.toSorted((a, b) => RANK[a.state] - RANK[b.state] || WORD_RANK(a) - WORD_RANK(b));
  if (worst === undefined) return { state: 'unknown', word: 'Nobody to mail' };
  const alike = all.filter(({ word }) => word === worst.word).length;
  return alike === all.length || worst.state === 'ok'
    ? worst
    : { state: worst.state, word: `${worst.word}, ${alike} of ${all.length}` };
}

const RANK: Readonly<Record<State, number>> = { critical: 0, warning: 1, unknown: 2, paused: 3, ok: 4 };
/** Where some have arrived and others were only accepted, no more is said than holds for all. */
const WORD_RANK = ({ word }: DeliveryState): number => (word === 'Arrived' ? 1 : 0);

/** To whom "send again" would send: those who have it already for all that is known are left alone. */
export function recipientsToResend(recipients: readonly RecipientState[]): readonly RecipientState[] {
  return recipients.filter((recipient) => recipient.status !== 'accepted' || isFailed(recipient));
}
