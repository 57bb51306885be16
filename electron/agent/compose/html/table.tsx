import type { CSSProperties, ReactNode } from 'react';
import type { Paint } from './theme.ts';

interface TableProps {
  readonly children: ReactNode;
  readonly paint?: Paint;
  /** Columns keep the widths given to their cells, whatever stands in them. */
  readonly fixed?: boolean;
  readonly style?: CSSProperties;
}

/** A table for layout: the one thing that every mail program, Outlook's Word engine too, lays out alike. */
export function LayoutTable({ children, paint, fixed = false, style }: TableProps) {
  return (
    <table
      role="presentation"
      width="100%"
      cellPadding={0}
      cellSpacing={0}
      border={0}
      className={paint?.className}
      style={{
        width: '100%',
        borderCollapse: 'collapse',
        tableLayout: fixed ? 'fixed' : 'auto',
        ...paint?.style,
        ...style,
      }}
    >
      <tbody>{children}</tbody>
    </table>
  );
}
