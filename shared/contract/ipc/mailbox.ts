import { z } from 'zod';
import { textOrNull } from './common.ts';
import { testId, type TestStage, testStage } from './mail.ts';
import { schemaFor } from './schema-for.ts';

/** What came of opening the mailbox: the stages in order. */
export interface MailboxTestReport {
  readonly opened: boolean;
  /** In one sentence. */
  readonly sentence: string;
  readonly server: string | null;
  readonly stages: readonly TestStage[];
}

const mailboxTestReport = schemaFor<MailboxTestReport>()(
  z.object({
    opened: z.boolean(),
    sentence: z.string(),
    server: textOrNull,
    stages: z.array(testStage),
  }),
);

/** The mailbox that is read for returned mail. */
export const MAILBOX_METHODS = {
  'mailbox.test': {
    request: z.strictObject({
      /**
       * `mailbox` as it stands in a form, not saved yet; a password that is left out is the one that is stored for the same
       * protocol, host, port and user. Without it, the mailbox of the settings.
       */
      mailbox: z.unknown().optional(),
      /** Its stages are told as events as well, under this name. */
      testId: testId.optional(),
    }),
    reply: mailboxTestReport,
  },
} as const;
