import type { RouteState } from '../../../mail/dispatcher.ts';
import type { FallbackOptions, FallbackRoute } from '../../../mail/fallback.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import { errorSentence } from '../../../shared/errors.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import { senderOf } from './sender.ts';

export interface FallbackSources {
  readonly settings: () => Settings;
  readonly hostName: string;
  readonly clock: Clock;
  /** Whether mail goes to the practice mailbox, which does not fail. */
  readonly practising: () => boolean;
  /** The way through the Web Service as it is now. */
  readonly relay: () => RouteState;
  /** When the subscription ends, on the wall clock; null where that is not known, or never. */
  readonly subscriptionEndsAt: () => number | null;
}

/** From so long before its end on, whatever falls back says when the subscription ends (S3). */
const ENDS_SOON_MS = 30 * 24 * 3_600_000;

/** The Web Service as the way for what this computer's own servers do not take, as the settings have it (S4, S5). */
export function createFallbackRoute(sources: FallbackSources): FallbackOptions {
  return {
    route: () => fallbackRoute(sources),
    isAdministrator: (address) => isAdministrator(address, sources.settings(), sources.hostName),
  };
}

function fallbackRoute(sources: FallbackSources): FallbackRoute {
  const { relay } = sources.settings();
  if (relay === null || sources.practising()) return { outlet: null, reason: null };
  if (!relay.useWhenSmtpFails)
    return { outlet: null, reason: 'the settings do not let it stand in (relay.useWhenSmtpFails)' };
  const state = sources.relay();
  if (state.outlet === null) {
    return { outlet: null, reason: state.obstacle ?? insideSentence(errorSentence(state.code)) };
  }
  return { outlet: state.outlet, note: endNote(sources.subscriptionEndsAt(), sources.clock.now()) };
}

/** The log has it as part of a longer sentence. */
function insideSentence(sentence: string): string {
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}

function endNote(endsAt: number | null, now: number): string | null {
  if (endsAt === null || endsAt - now > ENDS_SOON_MS) return null;
  return `the subscription ends on ${new Date(endsAt).toISOString()}, and nothing goes this way afterwards`;
}

/** S5: an address of the notification profile, or of the domain that mail is sent from. */
function isAdministrator(address: string, settings: Settings, hostName: string): boolean {
  const own = domainOf(senderOf(settings, hostName).address);
  const wanted = address.toLowerCase();
  const { emails, sms } = settings.profile;
  return domainOf(wanted) === own || [...emails, ...sms].some((known) => known.toLowerCase() === wanted);
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
