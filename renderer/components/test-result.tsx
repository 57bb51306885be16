import './test-result.css';
import type { TestReport } from '../../shared/contract/ipc.ts';
import { MAIL_TEST, testDetails } from '../strings/mail-test.ts';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';
import { tellDone, tellFailed } from './toast.tsx';

export interface TestResultProps {
  /** Where the test message went. */
  readonly to: string;
  readonly report: TestReport;
}

/** What came of a test, to stand above everything else (C5): accepted by whom, or what failed, why, and what to do. */
export function TestResult({ to, report }: TestResultProps) {
  const fault = report.stages.find(({ outcome }) => outcome === 'failed');
  const copy = () => {
    navigator.clipboard.writeText(testDetails(to, report)).then(
      () => tellDone(MAIL_TEST.copied),
      () => tellFailed(MAIL_TEST.notCopied),
    );
  };
  return (
    <Banner
      state={report.accepted ? 'ok' : 'critical'}
      isUrgent
      actions={report.stages.length === 0 ? undefined : <Button onPress={copy}>{MAIL_TEST.copy}</Button>}
    >
      <strong>{report.sentence}</strong>
      {fault !== undefined && (
        <>
          {fault.cause !== null && <p className="test-result-line">{fault.cause}</p>}
          {fault.mend !== null && (
            <p className="test-result-line">
              {MAIL_TEST.mend} {fault.mend}
            </p>
          )}
          {fault.reply !== null && (
            <p className="test-result-line">
              <span className="muted">{MAIL_TEST.serverSaid}</span>
              <code className="test-result-words">{fault.reply}</code>
            </p>
          )}
          {fault.code !== null && <p className="small muted test-result-line">{fault.code}</p>}
        </>
      )}
    </Banner>
  );
}
