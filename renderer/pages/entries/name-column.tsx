import type { DataColumn } from '../../components/data-table.tsx';

/** The first column of a list of entries: the name, cut after two lines, whole on hover. */
export function nameColumn<Row>(
  title: string,
  width: NonNullable<DataColumn<Row>['width']>,
  nameOf: (row: Row) => string,
): DataColumn<Row> {
  return {
    id: 'name',
    title,
    width,
    sortBy: nameOf,
    render: (row) => (
      <span className="two-lines" title={nameOf(row)}>
        {nameOf(row)}
      </span>
    ),
  };
}
