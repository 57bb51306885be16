import type { AgentStatus } from '../../../shared/model/status.ts';
import { StateMark } from '../../components/state-mark.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { useNow } from '../../hooks/use-now.ts';
import { useConnection } from '../../hooks/use-status.tsx';
import { overallState } from '../../model/overall-state.ts';
import { OVERVIEW } from '../../strings/overview.ts';

/** The answer in one line, and below it whatever else wants attention. */
export function Headline({ status }: { readonly status: AgentStatus }) {
  const now = useNow(5000);
  const isConnected = useConnection() === 'open';
  const { state, findings } = overallState(status, isConnected, now);
  const [first, ...others] = findings;
  return (
    <div className="headline">
      <StateMark state={state} />
      <p>
        <strong className="headline-first">{first?.sentence}</strong>{' '}
        <span className="muted">
          {status.lastCheckAt === null ? (
            OVERVIEW.neverChecked
          ) : (
            <>
              {OVERVIEW.lastChecked} <TimeAgo at={status.lastCheckAt} />.
            </>
          )}
        </span>
      </p>
      {others
        .filter(({ hasNotice }) => hasNotice !== true)
        .map(({ sentence }) => (
          <p key={sentence} className="headline-other">
            {sentence}
          </p>
        ))}
    </div>
  );
}
