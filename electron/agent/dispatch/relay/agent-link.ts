import type { AgentLog } from '../../log.ts';
import { createRelayLink, type RelayLink, type RelayLinkOptions } from './link.ts';
import { type SubscriptionNoticesOptions, tellOfSubscription } from './subscription-notices.ts';

export interface AgentLinkOptions
  extends Omit<RelayLinkOptions, 'onSubscription'>,
    Pick<SubscriptionNoticesOptions, 'outbox' | 'composer' | 'composeContext' | 'onQueued'> {
  readonly log: AgentLog;
}

/** The link to the Web Service as an agent has it: with its log, and mails about the subscription. */
export function createAgentLink(options: AgentLinkOptions): Promise<RelayLink> {
  const { log, settings } = options;
  return createRelayLink({
    ...options,
    onAvailable() {
      log.info('the Web Service can be used; what waits for it is sent now');
      options.onAvailable();
    },
    onSubscription(enrolment) {
      const parts = { ...options, settings: () => settings.current(), onTold: log.warn };
      tellOfSubscription(enrolment, parts).catch(options.onFault);
    },
    onFailedLater(failures) {
      log.expired(failures);
      options.onFailedLater(failures);
    },
  });
}
