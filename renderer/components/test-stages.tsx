import './test-stages.css';
import { useId, useState } from 'react';
import type { TestStage } from '../../shared/contract/ipc.ts';
import { factRows } from '../../shared/fact-rows.ts';
import { formatDuration } from '../../shared/format.ts';
import { MAIL_TEST } from '../strings/mail-test.ts';
import { IconButton } from './button.tsx';
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
        <Stage key={stage.stage} stage={stage} isBrief={isBrief} />
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

function Stage({ stage, isBrief }: { readonly stage: TestStage; readonly isBrief: boolean }) {
  const { title, outcome, detail, durationMs, facts } = stage;
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <li className={`test-stage test-stage-${outcome}`}>
      <span className="test-mark">
        <Icon name={MARKS[outcome]} />
        <span className="visually-hidden">{WORDS[outcome]}</span>
      </span>
      <span className="test-title">{title}</span>
      <span className="test-detail">{detail}</span>
      <span className="number muted">
        {outcome === 'skipped' ? '' : formatDuration(Math.max(1, durationMs))}
      </span>
      {facts !== null && (
        <span className="test-more">
          <IconButton
            icon={isOpen ? 'up' : 'down'}
            label={`${MAIL_TEST.facts}: ${title}`}
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            onPress={() => setOpen(!isOpen)}
          />
        </span>
      )}
      {outcome === 'failed' && !isBrief && <Explanation stage={stage} />}
      {facts !== null && isOpen && (
        <div id={id} className="test-facts small">
          <KeyValue rows={factRows(facts).map(({ name, value }) => ({ key: name, value }))} />
        </div>
      )}
    </li>
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
