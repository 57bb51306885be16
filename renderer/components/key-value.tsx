import './key-value.css';
import type { ReactNode } from 'react';

export interface KeyValueProps {
  readonly rows: readonly { readonly key: string; readonly value: ReactNode }[];
}

/** Facts, one a line: their names in one column, their values in another. */
export function KeyValue({ rows }: KeyValueProps) {
  return (
    <dl className="key-value">
      {rows.map(({ key, value }) => (
        <div key={key} className="key-value-row">
          <dt className="muted">{key}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
