import { Fragment } from 'react';
import type { Chart, ChartColumn, ChartRow, Charts } from '../mail-document.ts';
import { keepUnits } from '../text-wrap.ts';
import { LayoutTable } from './table.tsx';
import { CHART_COLOUR, paint, type } from './theme.ts';

const HEIGHT_PX = 32;
/** Between the two charts of a row, half on each side. */
const GUTTER_PX = 8;

/** Charts side by side, one row for each thing, under a heading for each column. */
export function ChartTable({ columns, rows }: Charts) {
  return (
    <LayoutTable fixed>
      <tr>
        {columns.map((column, index) => (
          <td key={column.title} valign="top" style={{ padding: side(index) }}>
            <Heading column={column} />
          </td>
        ))}
      </tr>
      {rows.map((row, index) => (
        <Row key={index} row={row} />
      ))}
    </LayoutTable>
  );
}

function Heading({ column }: { readonly column: ChartColumn }) {
  return (
    <p {...paint({ fg: 'muted' }, { ...type(12, 17), margin: 0 })}>
      <b {...paint({ fg: 'text' })}>{keepUnits(column.title)}</b>, {keepUnits(column.bar)}
      <br />
      {column.note}
    </p>
  );
}

function side(index: number, above = 0, below = 0): string {
  return index === 0 ? `${above}px ${GUTTER_PX}px ${below}px 0` : `${above}px 0 ${below}px ${GUTTER_PX}px`;
}

function Row({ row }: { readonly row: ChartRow }) {
  const { title, scale, charts } = row;
  return (
    <>
      <tr>
        <td valign="bottom" {...paint({ fg: 'text' }, { ...type(14, 20), padding: side(0, 12, 2) })}>
          {title}
        </td>
        <td
          align="right"
          valign="bottom"
          {...paint({ fg: 'muted' }, { ...type(12, 20), padding: side(1, 12, 2), textAlign: 'right' })}
        >
          {scale}
        </td>
      </tr>
      <tr>
        {charts.map((chart, index) => (
          <td key={index} style={{ padding: side(index) }}>
            {chart.bars.length > 0 && <Strip bars={chart.bars} />}
          </td>
        ))}
      </tr>
      <tr>
        {charts.map((chart, index) => (
          <td
            key={index}
            valign="top"
            {...paint({ fg: 'muted' }, { ...type(12, 17), padding: side(index, 2) })}
          >
            {keepUnits(chart.note)}
          </td>
        ))}
      </tr>
    </>
  );
}

/** Said once for all bars. An attribute, as Outlook wants it; the types of React know it for cells only. */
const BOTTOM = { valign: 'bottom' };

/** Bars side by side that are as high as each other, drawn as one. */
interface Run {
  /** Null for a gap. */
  readonly heightPx: number | null;
  bars: number;
}

/**
 * A table of one row with a cell for each bar, on a ground that a gap leaves open. The height of a bar is the line height of
 * a block with one space, which Outlook's Word engine keeps to as well. A bar of nothing is still one pixel high, so that
 * zero is not a gap.
 */
function Strip({ bars }: Pick<Chart, 'bars'>) {
  const share = 100 / bars.length;
  return (
    <LayoutTable
      fixed
      paint={paint({ bg: 'track', border: 'line' }, { borderBottomWidth: 1, borderBottomStyle: 'solid' })}
    >
      <tr {...BOTTOM} aria-hidden="true">
        {runsOf(bars).map((run, index) => (
          <Fragment key={index}>
            {run.heightPx === null ? (
              <td
                width={`${round(share * run.bars)}%`}
                height={index === 0 ? HEIGHT_PX : undefined}
                {...paint({ bg: 'card' }, { fontSize: 1, lineHeight: '1px' })}
              >
                {'\u00a0'}
              </td>
            ) : (
              <td width={`${round(share * run.bars)}%`} height={index === 0 ? HEIGHT_PX : undefined}>
                <div style={{ background: CHART_COLOUR, fontSize: 1, lineHeight: `${run.heightPx}px` }}>
                  {'\u00a0'}
                </div>
              </td>
            )}
          </Fragment>
        ))}
      </tr>
    </LayoutTable>
  );
}

function runsOf(bars: Chart['bars']): Run[] {
  const runs: Run[] = [];
  for (const bar of bars) {
    const heightPx = bar === null ? null : Math.max(1, Math.round(bar * HEIGHT_PX));
    const last = runs.at(-1);
    if (last?.heightPx === heightPx) last.bars += 1;
    else runs.push({ heightPx, bars: 1 });
  }
  return runs;
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100;
}
