import type { MailboxTestReport, RequestOf } from '../../shared/contract/ipc.ts';
import { useClient } from './client.tsx';
import { type StagedTest, useStagedTest } from './use-staged-test.ts';

export type MailboxTestRequest = Omit<RequestOf<'mailbox.test'>, 'testId'>;

/** Opens a mailbox as it stands in a form and counts its mails, and shows each stage as it happens. */
export function useMailboxTest(): StagedTest<MailboxTestRequest, MailboxTestReport> {
  const client = useClient();
  return useStagedTest((request, testId) => client.call('mailbox.test', { ...request, testId }));
}
