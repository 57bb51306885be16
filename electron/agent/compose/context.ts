import type { Settings } from '../../../shared/contract/settings.ts';
import type { Clock, Random } from '../../../shared/model/clock.ts';
import type { RouteChoice } from '../../../shared/model/message.ts';
import { COMPUTER_ZONE } from '../../../shared/wall-time.ts';
import { senderOf } from '../dispatch/sender.ts';
import { VERSION } from '../version.ts';
import type { ComposeContext } from './compose.ts';

export interface ContextSources {
  readonly settings: Settings;
  readonly hostName: string;
  readonly clock: Clock;
  readonly random: Random;
  /** In a few words, how mail leaves by the usual route. */
  readonly routeText: string;
  /** Whether the Web Service may stand in where that fails. */
  readonly serviceStandsIn?: boolean;
  /** The way for what Tocsin says of itself: the service where that is the only one there is. */
  readonly noticeRoute?: RouteChoice;
}

/** What a mail composed now says about where it comes from. */
export function composeContextOf(sources: ContextSources): ComposeContext {
  const { settings, hostName, clock } = sources;
  const { address } = senderOf(settings, hostName);
  return {
    installation: settings.installation.name ?? hostName,
    organisation: settings.installation.organisation,
    hostName,
    version: VERSION,
    timeZone: COMPUTER_ZONE,
    alertFormat: settings.installation.alertFormat,
    // The sender's domain, so that the Message-ID looks like the mail it names; spam filters compare them.
    messageDomain: address.slice(address.lastIndexOf('@') + 1),
    smtpRouteText: sources.routeText,
    serviceStandsIn: sources.serviceStandsIn ?? false,
    noticeRoute: sources.noticeRoute ?? 'smtp',
    now: clock.now(),
    newId: () => sources.random.id(clock.now()),
  };
}

/** The same for a mail that goes through the Web Service for once. */
export function relayedContext(context: ComposeContext): ComposeContext {
  return { ...context, smtpRouteText: 'the Tocsin Web Service', serviceStandsIn: false };
}
