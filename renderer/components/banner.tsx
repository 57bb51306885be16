import './banner.css';
import type { ReactNode } from 'react';
import type { State } from '../model/state.ts';
import { StateMark } from './state-mark.tsx';

export interface BannerProps {
  readonly state: State;
  /** One sentence or two: what is so, and what to do. */
  readonly children: ReactNode;
  /** What can be done about it, as buttons. */
  readonly actions?: ReactNode;
  /** Read out as soon as it appears: for what the user has just caused or must know at once. */
  readonly isUrgent?: boolean;
}

/** Something that holds for a whole page or dialog. */
export function Banner({ state, children, actions, isUrgent = false }: BannerProps) {
  const role = isUrgent ? { role: 'alert' } : {};
  return (
    <div className={`banner banner-${state}`} {...role}>
      <StateMark state={state} />
      <div className="banner-text">{children}</div>
      {actions !== undefined && <div className="row banner-actions">{actions}</div>}
    </div>
  );
}
