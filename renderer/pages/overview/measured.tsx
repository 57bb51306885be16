import { useMemo, useState } from 'react';
import { formatValue } from '../../../shared/format.ts';
import { type MetricName, metricDefinition } from '../../../shared/model/metrics.ts';
import { requestKey } from '../../../shared/model/sample.ts';
import { Card } from '../../components/card.tsx';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { historyWords } from '../../components/history-chart.tsx';
import { Sparkline } from '../../components/sparkline.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { type History, useHistory } from '../../hooks/use-history.ts';
import type { MeasuredItem } from '../../model/measured-items.ts';
import { OVERVIEW } from '../../strings/overview.ts';
import { HistoryDialog } from './history-dialog.tsx';

const BARS = 32;
const HOURS = 24;

/** Everything that is watched: its value now, its last day, and its limit; a click shows the chart. */
export function Measured({ items }: { readonly items: readonly MeasuredItem[] }) {
  const [opened, setOpened] = useState<string | null>(null);
  const numeric = items.filter(({ metric }) => hasHistory(metric));
  const history = useHistory(numeric, HOURS, BARS);
  const columns = useMemo(() => columnsOf(history), [history]);
  const shown = items.find(({ key }) => key === opened) ?? null;
  return (
    <Card title={OVERVIEW.measuredCard} isFlush>
      <DataTable
        label={OVERVIEW.measuredCard}
        columns={columns}
        items={items}
        itemKey={(item) => item.key}
        itemName={(item) => item.title}
        onOpen={(item) => {
          if (hasHistory(item.metric)) setOpened(item.key);
        }}
      />
      {shown !== null && <HistoryDialog item={shown} onClose={() => setOpened(null)} />}
    </Card>
  );
}

function hasHistory(metric: MetricName): boolean {
  return metricDefinition(metric).kind === 'number';
}

function columnsOf(history: History | null): readonly DataColumn<MeasuredItem>[] {
  return [
    {
      id: 'title',
      title: 'What',
      sortBy: (item) => item.title,
      render: (item) => (
        <span className="two-lines" title={item.title}>
          {item.title}
        </span>
      ),
    },
    {
      id: 'now',
      title: 'Now',
      isNumber: true,
      width: 112,
      render: (item) =>
        item.reading.value === null ? (
          <span className="muted">unknown</span>
        ) : (
          formatValue(item.metric, item.reading.value)
        ),
    },
    {
      id: 'history',
      title: OVERVIEW.day,
      width: BARS * 4 + 24,
      isExtra: true,
      render: (item) => <LastDay item={item} history={history} />,
    },
    { id: 'limit', title: 'Alert when', render: (item) => <Limit item={item} /> },
  ];
}

function LastDay({ item, history }: { readonly item: MeasuredItem; readonly history: History | null }) {
  const points = history?.series.get(requestKey(item));
  if (history === null || points === undefined || points.length === 0)
    return <span className="no-sparkline" />;
  return (
    <Sparkline
      points={points}
      from={history.from}
      to={history.to}
      bars={BARS}
      label={`${item.title}, ${OVERVIEW.day.toLowerCase()}: ${historyWords(item.metric, points)}`}
      {...(item.metric.endsWith('Percent') ? { atLeast: 100 } : {})}
    />
  );
}

/** The limit, and what the value does to it: a shape and a word wherever it is not clear of it. */
function Limit({ item }: { readonly item: MeasuredItem }) {
  const limits = item.limits.join(', ');
  if (item.state === 'ok') return <span className="muted">{limits}</span>;
  const word = item.state === 'unknown' ? 'not measured' : item.isFiring ? 'fires' : 'not long enough yet';
  const why = 'unknown' in item.reading ? item.reading.unknown : undefined;
  return (
    <span className="row limit">
      <StateMark state={item.state} word={word} />
      <span className="muted" title={why}>
        {why ?? limits}
      </span>
    </span>
  );
}
