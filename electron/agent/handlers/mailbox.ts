import type { Handlers, MailboxTestReport, TestStage } from '../../../shared/contract/ipc.ts';
import { mailboxServer } from '../mailbox/mailbox-server.ts';
import { faultsText, parseMailbox } from '../settings/parse-part.ts';
import type { HandlerParts } from './parts.ts';

export function mailboxHandlers({ settings, clock, live }: HandlerParts): Pick<Handlers, 'mailbox.test'> {
  return {
    async 'mailbox.test'({ mailbox: given, testId }) {
      const current = settings.current();
      const parsed = given === undefined ? null : parseMailbox(given);
      if (parsed !== null && !parsed.ok)
        return notTested(`for it is not complete: ${faultsText(parsed.faults)}.`);
      const mailbox = parsed?.part ?? current.mailbox;
      if (mailbox === null) return notTested('for none is set.');
      const password = mailbox.password ?? settings.mailboxPassword(mailbox);
      const { testMailbox } = await import('../mailbox/test-mailbox.ts');
      const told = testId === undefined ? undefined : (stage: TestStage) => live.testStage(testId, stage);
      return testMailbox(mailboxServer(mailbox, password, current), clock, told);
    },
  };
}

function notTested(why: string): MailboxTestReport {
  return { opened: false, sentence: `No mailbox was opened, ${why}`, server: null, stages: [] };
}
