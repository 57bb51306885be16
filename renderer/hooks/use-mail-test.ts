import type { RequestOf, TestReport } from '../../shared/contract/ipc.ts';
import { useClient } from './client.tsx';
import { type StagedTest, useStagedTest } from './use-staged-test.ts';

export type TestRequest = Omit<RequestOf<'mail.test'>, 'testId'>;

/** The Test button: sends a test mail and shows its stages as they happen. */
export function useMailTest(): StagedTest<TestRequest, TestReport> {
  const client = useClient();
  return useStagedTest((request, testId) => client.call('mail.test', { ...request, testId }));
}
