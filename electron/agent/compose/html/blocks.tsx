import { Fragment } from 'react';
import type { Bar, Block, Fact, ListItem } from '../mail-document.ts';
import { GLYPHS, type Tone } from '../tone.ts';
import { ChartTable } from './charts.tsx';
import { LayoutTable } from './table.tsx';
import { FIXED_FONT, paint, type } from './theme.ts';

/** Any block of a mail. */
export function BlockView({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'figure':
      return <Figure {...block} />;
    case 'facts':
      return <Facts facts={block.facts} sizePx={14} />;
    case 'list':
      return <List items={block.items} />;
    case 'bars':
      return <Bars bars={block.bars} />;
    case 'lines':
      return <Lines lines={block.lines} />;
    case 'charts':
      return <ChartTable {...block} />;
    case 'paragraphs':
      return block.paragraphs.map((text, index) => (
        <p key={index} {...paint({ fg: 'text' }, { ...type(14, 21), margin: index === 0 ? 0 : '8px 0 0' })}>
          {text}
        </p>
      ));
  }
}

/** Words that somebody set out by spaces, as tables of programs are. */
const SET_OUT = /^ |\S {2}/;

/**
 * Somebody else's text as it was set out. Outlook's Word engine joins spaces whatever the style says, so every second one is
 * one that does not break; text that is set out in columns gets letters of one width.
 */
function Lines({ lines }: { readonly lines: readonly string[] }) {
  const text = lines.some((line) => SET_OUT.test(line))
    ? { ...type(13, 20), fontFamily: FIXED_FONT }
    : type(14, 21);
  return (
    <p {...paint({ fg: 'text' }, { ...text, margin: 0 })}>
      {lines.map((line, index) => (
        <Fragment key={index}>
          {index > 0 && <br />}
          {line.replace(/^ | (?= )/g, '\u00a0')}
        </Fragment>
      ))}
    </p>
  );
}

/** The shape of a state. Its word stands beside it, so screen readers may pass it over. */
export function Glyph({ tone }: { readonly tone: Tone }) {
  return (
    <span aria-hidden="true" {...paint({ fg: tone })}>
      {GLYPHS[tone]}
    </span>
  );
}

function Figure({ tone, title, value, limit, note }: Extract<Block, { kind: 'figure' }>) {
  return (
    <>
      <p {...paint({ fg: 'text' }, { ...type(14, 20), margin: 0 })}>{title}</p>
      <p {...paint({ fg: tone }, { ...type(36, 44, 600), margin: 0 })}>{value}</p>
      <p {...paint({ fg: 'text' }, { ...type(14, 20), margin: 0 })}>{limit}</p>
      {note !== null && <p {...paint({ fg: 'muted' }, { ...type(13, 19), margin: '4px 0 0' })}>{note}</p>}
    </>
  );
}

/** Labels on the left, what belongs to them on the right. */
export function Facts({ facts, sizePx }: { readonly facts: readonly Fact[]; readonly sizePx: 12 | 14 }) {
  if (facts.length === 0) return null;
  const text = type(sizePx, sizePx + 6);
  const valueRole = sizePx === 14 ? 'text' : 'muted';
  return (
    <LayoutTable fixed>
      {facts.map(({ label, value }) => (
        <tr key={label}>
          <td
            width="112"
            valign="top"
            {...paint({ fg: 'muted' }, { ...text, width: 112, padding: '1px 8px 1px 0' })}
          >
            {label}
          </td>
          <td valign="top" {...paint({ fg: valueRole }, { ...text, padding: '1px 0' })}>
            {value}
          </td>
        </tr>
      ))}
    </LayoutTable>
  );
}

function List({ items }: { readonly items: readonly ListItem[] }) {
  return (
    <LayoutTable fixed>
      {items.map((item, index) => (
        <ListRow key={index} item={item} first={index === 0} last={index === items.length - 1} />
      ))}
    </LayoutTable>
  );
}

interface RowProps {
  readonly first: boolean;
  readonly last: boolean;
}

function ListRow({ item, first, last }: RowProps & { readonly item: ListItem }) {
  const { tone, title, value, note } = item;
  const line = first ? {} : { borderTopWidth: 1, borderTopStyle: 'solid' as const };
  const below = last ? 0 : 6;
  const padding = `${first ? 0 : 6}px 0 ${note === null ? below : 0}px`;
  return (
    <>
      <tr>
        <td
          width="20"
          valign="top"
          {...paint({ border: 'line' }, { ...type(14, 20), ...line, width: 20, padding })}
        >
          <Glyph tone={tone} />
        </td>
        <td
          valign="top"
          {...paint({ fg: 'text', border: 'line' }, { ...type(14, 20, 600), ...line, padding })}
        >
          {title}
        </td>
        <td
          width="36%"
          align="right"
          valign="top"
          {...paint(
            { fg: 'text', border: 'line' },
            { ...type(14, 20), ...line, width: '36%', textAlign: 'right', padding },
          )}
        >
          {value}
        </td>
      </tr>
      {note !== null && (
        <tr>
          <td />
          <td colSpan={2} {...paint({ fg: 'muted' }, { ...type(13, 18), padding: `0 0 ${below}px` })}>
            {note}
          </td>
        </tr>
      )}
    </>
  );
}

function Bars({ bars }: { readonly bars: readonly Bar[] }) {
  return (
    <LayoutTable fixed>
      {bars.map((bar, index) => (
        <BarRow key={index} bar={bar} last={index === bars.length - 1} />
      ))}
    </LayoutTable>
  );
}

function BarRow({ bar, last }: { readonly bar: Bar; readonly last: boolean }) {
  const { tone, title, fraction, value, note } = bar;
  const below = last ? 0 : 10;
  return (
    <>
      <tr>
        <td valign="top" {...paint({ fg: 'text' }, { ...type(14, 20) })}>
          {title}
        </td>
        <td
          width="36%"
          align="right"
          valign="top"
          {...paint({ fg: 'text' }, { ...type(14, 20), width: '36%', textAlign: 'right' })}
        >
          {value}
        </td>
      </tr>
      {fraction !== null && (
        <tr>
          <td colSpan={2} style={{ padding: `2px 0 ${note === null ? below : 3}px` }}>
            <Track fraction={fraction} tone={tone} />
          </td>
        </tr>
      )}
      {note !== null && (
        <tr>
          <td colSpan={2} {...paint({ fg: 'muted' }, { ...type(13, 18), padding: `0 0 ${below}px` })}>
            {note}
          </td>
        </tr>
      )}
    </>
  );
}

/** A bar of two table cells: drawn by every mail program, with images switched off too. */
function Track({ fraction, tone }: { readonly fraction: number; readonly tone: Tone }) {
  const percent = Math.round(fraction * 100);
  const cell = { height: 8, fontSize: 0, lineHeight: '8px', padding: 0 };
  return (
    <LayoutTable fixed paint={paint({ bg: 'track' })}>
      <tr aria-hidden="true">
        {percent > 0 && (
          <td width={`${percent}%`} height="8" {...paint({ bg: tone }, { ...cell, width: `${percent}%` })}>
            {'\u00a0'}
          </td>
        )}
        {percent < 100 && (
          <td height="8" {...paint({ bg: 'track' }, cell)}>
            {'\u00a0'}
          </td>
        )}
      </tr>
    </LayoutTable>
  );
}
