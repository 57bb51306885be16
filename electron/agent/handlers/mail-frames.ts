import type { DeliveryLog } from '../../../mail/delivery-log.ts';
import type { PracticeMailbox } from '../../../mail/practice-mailbox.ts';
import type { MailFrames } from '../console/mail-frames.ts';
import type { PreviewFrames } from '../console/preview-frames.ts';
import { readMail } from './read-mail.ts';

/** The mails that a page shows in frames: those of the log, those the practice mailbox received, and previews. */
export function mailFrames(parts: {
  readonly deliveries: DeliveryLog;
  readonly practice: PracticeMailbox;
  readonly previews: PreviewFrames;
}): MailFrames {
  return {
    log: async (id) => parts.deliveries.find(id)?.message.html ?? null,
    practice: async (id) => {
      const content = await parts.practice.read(id);
      return content === null ? null : (await readMail(content)).html;
    },
    preview: async (id) => parts.previews.find(id),
  };
}
