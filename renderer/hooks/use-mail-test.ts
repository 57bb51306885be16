import { useState } from 'react';
import type { RequestOf, TestReport, TestStage } from '../../shared/contract/ipc.ts';
import { failureText } from '../api/failure-text.ts';
import { newId } from '../platform/random.ts';
import { useClient } from './client.tsx';
import { useEvent } from './use-event.ts';

export type TestRequest = Omit<RequestOf<'mail.test'>, 'testId'>;

/** A test of a way out: what has come in of it so far, and what came of it. */
export interface MailTest {
  readonly stages: readonly TestStage[];
  readonly isRunning: boolean;
  /** Null while it runs, and before the first. */
  readonly report: TestReport | null;
  /** Why the agent could not be asked at all. */
  readonly failure: string | null;
  readonly run: (request: TestRequest) => Promise<TestReport | null>;
  /** Forgets what came of it. */
  readonly reset: () => void;
}

const NOTHING = { stages: [], isRunning: false, report: null, failure: null } as const;

type State = Omit<MailTest, 'run' | 'reset'> & { readonly testId: string | null };

/** The Test button: sends a test mail and shows its stages as they happen. An answer to an earlier test is dropped. */
export function useMailTest(): MailTest {
  const client = useClient();
  const [{ testId, ...state }, setState] = useState<State>({ ...NOTHING, testId: null });
  useEvent('test.stage', (told) => {
    if (told.testId !== testId) return;
    setState((current) =>
      current.isRunning ? { ...current, stages: [...current.stages, told.stage] } : current,
    );
  });
  const run = async (request: TestRequest) => {
    const id = newId();
    setState({ ...NOTHING, isRunning: true, testId: id });
    const end = (ended: Partial<State>) =>
      setState((current) => (current.testId === id ? { ...current, ...ended, isRunning: false } : current));
    try {
      const report = await client.call('mail.test', { ...request, testId: id });
      end({ report, stages: report.stages });
      return report;
    } catch (error) {
      end({ failure: failureText(error) });
      return null;
    }
  };
  return { ...state, run, reset: () => setState({ ...NOTHING, testId: null }) };
}
