import type { Outbox } from '../../../../mail/outbox.ts';
import type { Store } from '../../../../mail/store.ts';
import type { Settings } from '../../../../shared/contract/settings.ts';
import type { Clock } from '../../../../shared/model/clock.ts';
import type { ComposeContext, Composer } from '../../compose/compose.ts';
import { administrators } from '../../record/troubles.ts';
import { type Enrolment, hostOfUrl } from './enrolment.ts';
import { dayToTell, toldKeys } from './subscription.ts';
import { subscriptionNotice } from './subscription-notice.ts';

export interface SubscriptionNoticesOptions {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly settings: () => Settings;
  readonly composer: () => Promise<Composer>;
  readonly composeContext: () => ComposeContext;
  readonly onQueued: () => void;
  /** Told what was said, for the log of the agent. */
  readonly onTold: (text: string) => void;
}

/**
 * Mails the administrator 30, 7 and 1 days before the subscription ends, and when it has: once each, whatever is restarted in
 * between, because the mail and the mark that it was written are one commit.
 */
export async function tellOfSubscription(
  { expiresAt, url }: Enrolment,
  options: SubscriptionNoticesOptions,
): Promise<void> {
  const { store, clock } = options;
  const days = dayToTell(expiresAt, clock.now());
  if (expiresAt === null || days === null) return;
  const keys = toldKeys(expiresAt, days);
  const isTold = (key: string) => store.get('SELECT 1 FROM setting WHERE key = ?', key) !== undefined;
  const newest = keys.at(-1);
  if (newest === undefined || isTold(newest)) return;
  const composer = await options.composer();
  const context = options.composeContext();
  const recipients = administrators(options.settings());
  const facts = { expiresAt, label: hostOfUrl(url), now: clock.now() };
  const notice = subscriptionNotice(facts, context, recipients);
  const messages = recipients.length === 0 ? [] : composer.notice(notice, context);
  store.transaction(() => {
    if (isTold(newest)) return;
    options.outbox.accept(messages, clock.now());
    for (const key of keys)
      store.run('INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)', key, String(clock.now()));
  });
  options.onTold(notice.headline);
  if (messages.length > 0) options.onQueued();
}
