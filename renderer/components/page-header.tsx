import './page-header.css';
import type { ReactNode } from 'react';

export interface PageHeaderProps {
  readonly title: string;
  /** The page's one main action, and at most a menu beside it. */
  readonly action?: ReactNode;
}

/** The top of a page. */
export function PageHeader({ title, action }: PageHeaderProps) {
  return (
    <header className="page-header">
      <h1 className="cut" title={title}>
        {title}
      </h1>
      {action !== undefined && <div className="row push">{action}</div>}
    </header>
  );
}
