import './card.css';
import { type ReactNode, useId } from 'react';

export interface CardProps {
  readonly title: string;
  /** Beside the title: small, or buttons. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  /** Without inner margin, for tables that reach to the edges. */
  readonly isFlush?: boolean;
}

/** A titled group of things on a page. */
export function Card({ title, aside, children, isFlush = false }: CardProps) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <header className="card-head">
        <h2 id={id}>{title}</h2>
        {aside !== undefined && <div className="row push">{aside}</div>}
      </header>
      <div className={isFlush ? 'card-flush' : 'card-body'}>{children}</div>
    </section>
  );
}
