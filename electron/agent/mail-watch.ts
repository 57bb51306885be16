import type { FinalFailure } from '../../mail/outbox.ts';
import { eventsOfLaterFailures } from './events/derive.ts';
import { type SmtpEvents, type SmtpEventsOptions, createSmtpEvents } from './events/smtp-events.ts';
import { type MailboxWatch, type MailboxWatchOptions, createMailboxWatch } from './mailbox/mailbox-watch.ts';

export interface MailWatchOptions
  extends SmtpEventsOptions,
    Omit<MailboxWatchOptions, keyof SmtpEventsOptions | 'events'> {}

/** What happens to mail on its way and after it was accepted: SMTP events, returned mail, proof of arrival. */
export interface MailWatch {
  readonly events: SmtpEvents;
  readonly mailbox: MailboxWatch;
  /** To be called once the ways out and the link to the Web Service stand: what waits to be done is begun. */
  start(): void;
  /**
   * Recipients of one message whom a server had accepted and who turned out not to get it, as the Web Service says.
   * Called in the transaction that writes that down.
   */
  failedLater(failures: readonly FinalFailure[]): void;
  stop(): Promise<void>;
}

export function createMailWatch(options: MailWatchOptions): MailWatch {
  const events = createSmtpEvents(options);
  const mailbox = createMailboxWatch({ ...options, events });
  return {
    events,
    mailbox,
    start() {
      events.start();
      mailbox.start();
    },
    failedLater(failures) {
      const [first] = failures;
      const record = first === undefined ? null : options.deliveries.find(first.message.id);
      events.raise(eventsOfLaterFailures(failures, record, events.context()));
    },
    async stop() {
      await Promise.all([mailbox.stop(), events.stop()]);
    },
  };
}
