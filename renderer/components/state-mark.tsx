import './state-mark.css';
import type { State } from '../model/state.ts';

const SHAPES: Readonly<Record<State, string>> = {
  ok: 'M6 1.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z',
  warning: 'M6 1.2 11.4 10.8H.6z',
  critical: 'M6 .5 11.5 6 6 11.5.5 6z',
  unknown: 'M6 1.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zm0 1.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  paused: 'M2.5 1.5h2.5v9H2.5zM7 1.5h2.5v9H7z',
};

export interface StateMarkProps {
  readonly state: State;
  /** The word that goes with the shape; left out only where it stands right beside it already. */
  readonly word?: string;
}

/** A shape and a word: how something fares. */
export function StateMark({ state, word }: StateMarkProps) {
  return (
    <span className={`state-mark state-${state}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d={SHAPES[state]} fill="currentColor" fillRule="evenodd" />
      </svg>
      {word !== undefined && <span className="state-word">{word}</span>}
    </span>
  );
}
