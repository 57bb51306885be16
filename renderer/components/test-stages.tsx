import './test-stages.css';
import type { TestStage } from '../../shared/contract/ipc.ts';
import { factRows } from '../../shared/fact-rows.ts';
import { formatDuration } from '../../shared/format.ts';
import { MAIL_TEST } from '../strings/mail-test.ts';
import { Icon } from './icon.tsx';
import { KeyValue } from './key-value.tsx';

export interface TestStagesProps {
  readonly stages: readonly TestStage[];
  /** What is being tried now; null once the test has ended. */
  readonly running: string | null;
  /** Without what is said about a failure: it stands elsewhere, in a `TestResult`. */
  readonly isBrief?: boolean;
}

/** The steps of a test as they come in: what was tried, what came of it, how long it took, and the server's own words. */
export function TestStages({ stages, running, isBrief = false }: TestStagesProps) {
  return (
    <ol className="test-stages" aria-live="polite">
      {stages.map((stage) => (
        <li key={stage.stage} className={`test-stage test-stage-${stage.outcome}`}>
          <span className="test-mark">
            <Icon name={MARKS[stage.outcome]} />
            <span className="visually-hidden">{WORDS[stage.outcome]}</span>
          </span>
          <span className="test-title">{stage.title}</span>
          <span className="test-detail">{stage.detail}</span>
          <span className="number muted">
            {stage.outcome === 'skipped' ? '' : formatDuration(Math.max(1, stage.durationMs))}
          </span>
          {stage.outcome === 'failed' && !isBrief && <Explanation stage={stage} />}
          {stage.facts !== null && <Facts title={stage.title} facts={stage.facts} />}
        </li>
      ))}
      {running !== null && (
        <li className="test-stage muted">
          <span className="test-mark">…</span>
          <span className="test-title">{running}</span>
        </li>
      )}
    </ol>
  );
}

const MARKS = { ok: 'check', failed: 'close', skipped: 'minus' } as const;
const WORDS = { ok: 'All right: ', failed: 'Failed: ', skipped: 'Left out: ' } as const;

/** Everything that was found out at a stage, out of the way until somebody asks for it. */
function Facts({
  title,
  facts,
}: {
  readonly title: string;
  readonly facts: NonNullable<TestStage['facts']>;
}) {
  return (
    <details className="test-facts small">
      <summary>
        {MAIL_TEST.facts}
        <span className="visually-hidden">: {title}</span>
      </summary>
      <KeyValue rows={factRows(facts).map(({ name, value }) => ({ key: name, value }))} />
    </details>
  );
}

function Explanation({ stage }: { readonly stage: TestStage }) {
  return (
    <div className="test-explanation">
      {stage.reply !== null && <code>{stage.reply}</code>}
      {stage.sentence !== null && <p>{stage.sentence}</p>}
      {stage.cause !== null && <p className="muted">{stage.cause}</p>}
      {stage.mend !== null && <p>{stage.mend}</p>}
    </div>
  );
}
