import './data-table.css';
import { type ReactNode, useMemo, useState } from 'react';
import {
  Cell,
  Column,
  Row,
  type SortDescriptor,
  Table,
  TableBody,
  TableHeader,
  TableLayout,
  Virtualizer,
} from 'react-aria-components';
import { Icon } from './icon.tsx';
import { Menu, type MenuAction } from './menu.tsx';
import { type SortKey, sortedRows } from './sorted-rows.ts';

export interface DataColumn<Item> {
  readonly id: string;
  readonly title: string;
  readonly render: (item: Item) => ReactNode;
  /** What its heading sorts by; without it, it cannot be sorted by. */
  readonly sortBy?: (item: Item) => SortKey;
  /** Numbers stand at the end of their column. */
  readonly isNumber?: boolean;
  /** Left out where the window is narrow. */
  readonly isExtra?: boolean;
  /** Pixels, or a share of what is left, such as "2fr". */
  readonly width?: number | `${number}fr`;
}

export interface DataTableProps<Item> {
  /** What the table lists, for those who do not see the page. */
  readonly label: string;
  /** The first column names the row. */
  readonly columns: readonly DataColumn<Item>[];
  readonly items: readonly Item[];
  readonly itemKey: (item: Item) => string;
  /** What a row is called in the label of its menu, and when it is read out. */
  readonly itemName: (item: Item) => string;
  /** A click or Enter on a row. */
  readonly onOpen?: (item: Item) => void;
  readonly actions?: (item: Item) => readonly MenuAction[];
  readonly empty?: ReactNode;
  readonly initialSort?: SortDescriptor;
  /** For long lists: draws only what can be seen, in rows of one line, and scrolls by itself. Its parent gives the height. */
  readonly isLong?: boolean;
}

const ROW_HEIGHT = 36;
const ACTIONS = '-actions';

/** A list of things of one kind: sortable, a click opens one, a menu does more. Arrow keys go through it. */
export function DataTable<Item>(props: DataTableProps<Item>) {
  const { label, columns, items, itemKey, itemName, onOpen, actions, empty, isLong = false } = props;
  const [sort, setSort] = useState<SortDescriptor | null>(props.initialSort ?? null);
  const sorted = useMemo(() => {
    const by = columns.find((column) => column.id === sort?.column)?.sortBy;
    return by === undefined ? items : sortedRows(items, by, sort?.direction === 'descending');
  }, [items, columns, sort]);
  const byKey = useMemo(() => new Map(sorted.map((item) => [itemKey(item), item])), [sorted, itemKey]);
  const keyed = useMemo(() => sorted.map((item) => ({ id: itemKey(item), item })), [sorted, itemKey]);
  const openable = onOpen !== undefined;
  const shares = columns.some(({ width }) => typeof width === 'string');

  const table = (
    <Table
      aria-label={label}
      className={`data-table${isLong ? ' data-table-long' : ''}${openable ? ' data-table-openable' : ''}${shares ? ' data-table-shared' : ''}`}
      onSortChange={setSort}
      {...(sort === null ? {} : { sortDescriptor: sort })}
      {...(openable
        ? {
            onRowAction: (key) => {
              const item = byKey.get(String(key));
              if (item !== undefined) onOpen(item);
            },
          }
        : {})}
    >
      <TableHeader className="data-head">
        {columns.map((column, position) => (
          <Column
            key={column.id}
            id={column.id}
            isRowHeader={position === 0}
            allowsSorting={column.sortBy !== undefined}
            className={cellClass('data-column', column)}
            {...(column.width === undefined ? {} : { width: column.width })}
            {...(isLong || typeof column.width !== 'number' ? {} : { style: { width: column.width } })}
          >
            {({ sortDirection }) => (
              <span className="data-column-title">
                {column.title}
                {sortDirection !== undefined && <Icon name={sortDirection === 'ascending' ? 'up' : 'down'} />}
              </span>
            )}
          </Column>
        ))}
        {actions !== undefined && (
          <Column
            id={ACTIONS}
            width={44}
            className="data-column data-actions"
            {...(isLong ? {} : { style: { width: 44 } })}
          >
            <span className="visually-hidden">Actions</span>
          </Column>
        )}
      </TableHeader>
      <TableBody
        items={keyed}
        dependencies={[columns, actions]}
        renderEmptyState={() => empty ?? <p className="muted data-empty">Nothing here.</p>}
      >
        {({ id, item }) => (
          <Row id={id} textValue={itemName(item)} className="data-row">
            {columns.map((column) => (
              <Cell key={column.id} className={cellClass('data-cell', column)}>
                {column.render(item)}
              </Cell>
            ))}
            {actions !== undefined && (
              <Cell className="data-cell data-actions">
                <Menu label={`Actions for ${itemName(item)}`} actions={actions(item)} />
              </Cell>
            )}
          </Row>
        )}
      </TableBody>
    </Table>
  );
  if (!isLong) return table;
  return (
    <Virtualizer layout={TableLayout} layoutOptions={{ rowHeight: ROW_HEIGHT, headingHeight: ROW_HEIGHT }}>
      {table}
    </Virtualizer>
  );
}

function cellClass<Item>(base: string, column: DataColumn<Item>): string {
  return `${base}${column.isNumber === true ? ' data-number' : ''}${column.isExtra === true ? ' data-extra' : ''}`;
}
