import './empty-state.css';
import type { ReactNode } from 'react';

export interface EmptyStateProps {
  /** "No conditional alerts yet." */
  readonly title: string;
  /** What such a thing is for. */
  readonly children: ReactNode;
  /** The first step, as a button. */
  readonly action?: ReactNode;
}

/** A list without entries: what it is for, and how to begin. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="empty-state">
      <h2 className="empty-state-title">{title}</h2>
      <p className="muted">{children}</p>
      {action}
    </div>
  );
}
