import './data-table.css';
import { createContext, type ReactNode, useContext, useMemo, useRef, useState } from 'react';
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
import { useMedia } from '../hooks/use-media.ts';
import { Icon } from './icon.tsx';
import { Menu, type MenuAction } from './menu.tsx';
import { type SortKey, sortedRows } from './sorted-rows.ts';
import { useLongList } from './use-long-list.ts';

export interface DataColumn<Item> {
  readonly id: string;
  readonly title: string;
  readonly render: (item: Item) => ReactNode;
  /** What its heading sorts by; without it, it cannot be sorted by. */
  readonly sortBy?: (item: Item) => SortKey;
  /** Numbers stand at the end of their column. */
  readonly isNumber?: boolean;
  /** What names the row is in this column; without it, in the first. */
  readonly isName?: boolean;
  /** Left out where the window is narrow. */
  readonly isExtra?: boolean;
  /** Pixels, or a share of what is left, such as "2fr". */
  readonly width?: number | `${number}fr`;
}

export interface DataTableProps<Item> {
  /** What the table lists, for those who do not see the page. */
  readonly label: string;
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
  /** For long lists: draws only what can be seen, in rows of one height, and scrolls by itself. Its parent gives the height. */
  readonly isLong?: boolean;
  /** How many lines a row of a long list has. */
  readonly lines?: 1 | 2;
  /** A long list whose end is near and may go on: called until there are more items. */
  readonly onEndNear?: () => void;
}

const HEADING_HEIGHT = 36;
const ROW_HEIGHTS = { 1: 36, 2: 52 } as const;
/** As the style sheet has it. */
const NARROW = '(max-width: 800px)';
const ACTIONS_WIDTH = 44;
const ACTIONS = '-actions';

/** A list of things of one kind: sortable, a click opens one, a menu does more. Arrow keys go through it. */
export function DataTable<Item extends object>(props: DataTableProps<Item>) {
  const { label, items, itemKey, itemName, onOpen, actions, empty, isLong = false, lines = 1 } = props;
  const isNarrow = useMedia(NARROW);
  const columns = useMemo(
    // A virtual column cannot be hidden by a style sheet: the others would not take its place.
    () => (isLong && isNarrow ? props.columns.filter(({ isExtra }) => isExtra !== true) : props.columns),
    [props.columns, isLong, isNarrow],
  );
  const [sort, setSort] = useState<SortDescriptor | null>(props.initialSort ?? null);
  const sorted = useMemo(() => {
    const by = columns.find((column) => column.id === sort?.column)?.sortBy;
    return by === undefined ? items : sortedRows(items, by, sort?.direction === 'descending');
  }, [items, columns, sort]);
  const byKey = useMemo(() => new Map(sorted.map((item) => [itemKey(item), item])), [sorted, itemKey]);
  const ids = useMemo(() => sorted.map(itemKey), [sorted, itemKey]);
  const table = useRef<HTMLTableElement>(null);
  useLongList(isLong ? table : null, ids, ROW_HEIGHTS[lines], props.onEndNear);
  const namedBy = Math.max(
    0,
    columns.findIndex((column) => column.isName === true),
  );
  const openable = onOpen !== undefined;
  const hasActions = actions !== undefined;
  const shares = columns.some(({ width }) => typeof width === 'string');

  const rows = (
    <Table
      ref={table}
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
            isRowHeader={position === namedBy}
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
        {hasActions && (
          <Column
            id={ACTIONS}
            width={ACTIONS_WIDTH}
            minWidth={ACTIONS_WIDTH}
            className="data-column data-actions"
            {...(isLong ? {} : { style: { width: ACTIONS_WIDTH } })}
          >
            <span className="visually-hidden">Actions</span>
          </Column>
        )}
      </TableHeader>
      <TableBody
        items={sorted}
        dependencies={[columns, hasActions]}
        renderEmptyState={() => empty ?? <p className="muted data-empty">Nothing here.</p>}
      >
        {(item) => (
          <Row id={itemKey(item)} textValue={itemName(item)} className="data-row">
            {columns.map((column) => (
              <Cell key={column.id} className={cellClass('data-cell', column)}>
                {column.render(item)}
              </Cell>
            ))}
            {hasActions && (
              <Cell className="data-cell data-actions">
                <RowMenu item={item} name={itemName(item)} />
              </Cell>
            )}
          </Row>
        )}
      </TableBody>
    </Table>
  );
  const withActions = <ActionsContext value={actions as RowActions | undefined}>{rows}</ActionsContext>;
  if (!isLong) return withActions;
  return (
    <Virtualizer
      layout={TableLayout}
      layoutOptions={{ rowHeight: ROW_HEIGHTS[lines], headingHeight: HEADING_HEIGHT }}
    >
      {withActions}
    </Virtualizer>
  );
}

type RowActions = (item: object) => readonly MenuAction[];

/** By context, so that rows are not drawn anew whenever the page makes its actions anew: a long list has thousands. */
const ActionsContext = createContext<RowActions | undefined>(undefined);

function RowMenu({ item, name }: { readonly item: object; readonly name: string }) {
  const actions = useContext(ActionsContext);
  return <Menu label={`Actions for ${name}`} actions={actions?.(item) ?? []} />;
}

function cellClass<Item>(base: string, column: DataColumn<Item>): string {
  return `${base}${column.isNumber === true ? ' data-number' : ''}${column.isExtra === true ? ' data-extra' : ''}`;
}
