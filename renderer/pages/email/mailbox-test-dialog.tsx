import { useEffect, useEffectEvent } from 'react';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ResultBanner } from '../../components/test-result.tsx';
import { TestStages } from '../../components/test-stages.tsx';
import { type MailboxTestRequest, useMailboxTest } from '../../hooks/use-mailbox-test.ts';
import { MAIL_TEST, mailboxRunningText, mailboxTestDetails } from '../../strings/mail-test.ts';

export interface MailboxTestDialogProps {
  /** The mailbox as it stands in the form. */
  readonly mailbox: MailboxTestRequest['mailbox'];
  readonly onClose: () => void;
}

/** Opens the mailbox and counts its mails, beginning at once, and tells each stage as it happens. */
export function MailboxTestDialog({ mailbox, onClose }: MailboxTestDialogProps) {
  const test = useMailboxTest();
  const { report, failure } = test;
  const begin = useEffectEvent(() => void test.run({ mailbox }));
  useEffect(() => begin(), []);
  return (
    <Dialog
      title={MAIL_TEST.mailboxTitle}
      isOpen
      onClose={onClose}
      size="wide"
      banner={
        report === null && failure === null ? undefined : (
          <div className="test-banner">
            {report === null ? (
              <Banner state="critical" isUrgent>
                {failure}
              </Banner>
            ) : (
              <ResultBanner
                isWell={report.opened}
                sentence={report.sentence}
                stages={report.stages}
                details={mailboxTestDetails(report)}
              />
            )}
          </div>
        )
      }
      footer={
        <>
          <Button onPress={() => void test.run({ mailbox })} isPending={test.isRunning}>
            {MAIL_TEST.mailboxAgain}
          </Button>
          <Button look="primary" onPress={onClose}>
            {MAIL_TEST.close}
          </Button>
        </>
      }
    >
      <p className="small muted">{MAIL_TEST.unsaved}</p>
      <TestStages
        stages={test.stages}
        running={test.isRunning ? mailboxRunningText(test.stages) : null}
        isBrief
      />
    </Dialog>
  );
}
