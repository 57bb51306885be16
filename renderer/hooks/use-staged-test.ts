import { useState } from 'react';
import type { TestStage } from '../../shared/contract/ipc.ts';
import { failureText } from '../api/failure-text.ts';
import { newId } from '../platform/random.ts';
import { useEvent } from './use-event.ts';

/** A test that tells its stages as they end: what has come in so far, and what came of it. */
export interface StagedTest<Request, Report> {
  readonly stages: readonly TestStage[];
  readonly isRunning: boolean;
  /** Null while it runs, and before the first. */
  readonly report: Report | null;
  /** Why the agent could not be asked at all. */
  readonly failure: string | null;
  readonly run: (request: Request) => Promise<Report | null>;
  /** Forgets what came of it. */
  readonly reset: () => void;
}

interface State<Report> {
  readonly stages: readonly TestStage[];
  readonly isRunning: boolean;
  readonly report: Report | null;
  readonly failure: string | null;
  readonly testId: string | null;
}

const NOTHING = { stages: [], isRunning: false, report: null, failure: null, testId: null } as const;

/** Runs what `ask` asks of the agent, its stages under the id that `ask` is given. An answer to an earlier test is dropped. */
export function useStagedTest<Request, Report extends { readonly stages: readonly TestStage[] }>(
  ask: (request: Request, testId: string) => Promise<Report>,
): StagedTest<Request, Report> {
  const [{ testId, ...state }, setState] = useState<State<Report>>(NOTHING);
  useEvent('test.stage', (told) => {
    if (told.testId !== testId) return;
    setState((current) =>
      current.isRunning ? { ...current, stages: [...current.stages, told.stage] } : current,
    );
  });
  const run = async (request: Request) => {
    const id = newId();
    setState({ ...NOTHING, isRunning: true, testId: id });
    const end = (ended: Partial<State<Report>>) =>
      setState((current) => (current.testId === id ? { ...current, ...ended, isRunning: false } : current));
    try {
      const report = await ask(request, id);
      end({ report, stages: report.stages });
      return report;
    } catch (error) {
      end({ failure: failureText(error) });
      return null;
    }
  };
  return { ...state, run, reset: () => setState(NOTHING) };
}
