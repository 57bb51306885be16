import './test-result.css';
import type { TestReport, TestStage } from '../../shared/contract/ipc.ts';
import { offeredFingerprint } from '../../shared/fact-rows.ts';
import { MAIL_TEST, testDetails } from '../strings/mail-test.ts';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';
import { tellDone, tellFailed } from './toast.tsx';

export interface TestResultProps {
  /** Where the test message went. */
  readonly to: string;
  readonly report: TestReport;
  /** Takes the fingerprint of a certificate that is to be trusted; left out where there is no field for it. */
  readonly onTrust?: ((fingerprint: string) => void) | undefined;
}

/** What came of a test message: accepted by whom, or what failed, why, and what to do. */
export function TestResult({ to, report, onTrust }: TestResultProps) {
  const { accepted, sentence, stages } = report;
  return (
    <ResultBanner
      isWell={accepted}
      sentence={sentence}
      stages={stages}
      details={testDetails(to, report)}
      onTrust={onTrust}
    />
  );
}

export interface ResultBannerProps {
  readonly isWell: boolean;
  readonly sentence: string;
  readonly stages: readonly TestStage[];
  /** The whole test as text, to be copied. */
  readonly details: string;
  readonly onTrust?: ((fingerprint: string) => void) | undefined;
}

/** What came of a test, to stand above everything else (C5). */
export function ResultBanner({ isWell, sentence, stages, details, onTrust }: ResultBannerProps) {
  const fault = stages.find(({ outcome }) => outcome === 'failed');
  const fingerprint = fault === undefined || onTrust === undefined ? null : offeredFingerprint(fault);
  const copy = () => {
    navigator.clipboard.writeText(details).then(
      () => tellDone(MAIL_TEST.copied),
      () => tellFailed(MAIL_TEST.notCopied),
    );
  };
  const actions = (
    <>
      {fingerprint !== null && <Button onPress={() => onTrust?.(fingerprint)}>{MAIL_TEST.trust}</Button>}
      <Button onPress={copy}>{MAIL_TEST.copy}</Button>
    </>
  );
  return (
    <Banner state={isWell ? 'ok' : 'critical'} isUrgent actions={stages.length === 0 ? undefined : actions}>
      <strong>{sentence}</strong>
      {fault !== undefined && (
        <>
          {fault.cause !== null && <p className="test-result-line">{fault.cause}</p>}
          {fault.mend !== null && (
            <p className="test-result-line">
              {MAIL_TEST.mend} {fault.mend}
            </p>
          )}
          {fingerprint !== null && (
            <p className="test-result-line">
              <span className="muted">{MAIL_TEST.fingerprint}</span>
              <code className="test-result-words">{fingerprint}</code>
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
