import './findings.css';
import type { Finding } from '../../shared/model/finding.ts';
import { MAIL_TEST } from '../strings/mail-test.ts';
import { StateMark } from './state-mark.tsx';

/** What is no failure, and may yet keep mail from being read. Nothing where there is nothing to say. */
export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <section className="findings" aria-label={MAIL_TEST.sender}>
      <h3>{MAIL_TEST.sender}</h3>
      <ul>
        {findings.map(({ code, level, sentence, mend }) => (
          <li key={code} className="finding">
            <StateMark state={level === 'warning' ? 'warning' : 'unknown'} />
            <div>
              <p>
                <span className="visually-hidden">{MAIL_TEST.levels[level]} </span>
                {sentence}
              </p>
              <p className="muted">{mend}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
