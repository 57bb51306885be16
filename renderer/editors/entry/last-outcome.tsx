import type { LatestMessage } from '../../../shared/model/delivery.ts';
import { StateMark } from '../../components/state-mark.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import type { State } from '../../model/state.ts';
import { outcomeText } from '../../strings/reports.ts';

/** What became of the newest mail of an entry: a shape, a word, and when. */
export function LastOutcome({
  latest,
  none,
}: {
  readonly latest: LatestMessage | null;
  readonly none: string;
}) {
  if (latest === null) return <span className="muted">{none}</span>;
  return (
    <span className="last-outcome">
      <StateMark state={stateOf(latest)} word={outcomeText(latest)} />
      <span className="muted small">
        <TimeAgo at={latest.at} />
      </span>
    </span>
  );
}

function stateOf({ waiting, failed }: LatestMessage): State {
  if (failed > 0) return 'critical';
  return waiting > 0 ? 'warning' : 'ok';
}
