import type { DeliveryLog } from '../../mail/delivery-log.ts';
import { type SmtpEvents, type SmtpEventsOptions, startSmtpEvents } from './events/smtp-events.ts';
import { newsFromLog } from './mailbox/delivery-news.ts';
import { type MailboxWatch, type MailboxWatchOptions, startMailboxWatch } from './mailbox/mailbox-watch.ts';

export interface MailWatchOptions
  extends SmtpEventsOptions,
    Omit<MailboxWatchOptions, keyof SmtpEventsOptions | 'deliveries' | 'news' | 'events'> {
  readonly deliveries: DeliveryLog;
}

/** What happens to mail on its way and after it was accepted: SMTP events, returned mail, proof of arrival. */
export interface MailWatch {
  readonly events: SmtpEvents;
  readonly mailbox: MailboxWatch;
  stop(): Promise<void>;
}

export function startMailWatch(options: MailWatchOptions): MailWatch {
  const events = startSmtpEvents(options);
  const mailbox = startMailboxWatch({ ...options, news: newsFromLog(options.deliveries), events });
  return {
    events,
    mailbox,
    async stop() {
      await mailbox.stop();
      await events.stop();
    },
  };
}
