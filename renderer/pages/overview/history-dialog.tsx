import { useMemo, useState } from 'react';
import { formatRule, formatValue } from '../../../shared/format.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import { requestKey } from '../../../shared/model/sample.ts';
import { RadioGroup } from '../../components/choices.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { type ChartLimit, HistoryChart } from '../../components/history-chart.tsx';
import { KeyValue } from '../../components/key-value.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import { useHistory } from '../../hooks/use-history.ts';
import { useSettings } from '../../hooks/use-settings.tsx';
import type { MeasuredItem } from '../../model/measured-items.ts';
import { OVERVIEW } from '../../strings/overview.ts';

const SPANS = { day: 24, week: 168 } as const;
/** One point for each two pixels of the chart. */
const POINTS = 360;

/** The history of one thing as a chart, with the limits that alerts have on it. */
export function HistoryDialog({
  item,
  onClose,
}: {
  readonly item: MeasuredItem;
  readonly onClose: () => void;
}) {
  const [span, setSpan] = useState<keyof typeof SPANS>('day');
  const history = useHistory([item], SPANS[span], POINTS);
  const { view } = useSettings();
  const limits = useMemo(() => (view === null ? [] : limitsOn(item, view.settings)), [item, view]);
  const points = history?.series.get(requestKey(item)) ?? [];
  return (
    <Dialog title={item.title} isOpen onClose={onClose} size="wide">
      <RadioGroup
        label={OVERVIEW.timeSpan}
        orientation="horizontal"
        value={span}
        onChange={setSpan}
        options={[
          { value: 'day', label: OVERVIEW.day },
          { value: 'week', label: OVERVIEW.week },
        ]}
      />
      {history === null ? (
        <div className="history-plot" />
      ) : (
        <HistoryChart
          metric={item.metric}
          title={item.title}
          points={points}
          from={history.from}
          to={history.to}
          limits={limits}
        />
      )}
      <KeyValue
        rows={[
          {
            key: 'Now',
            value: (
              <>
                {'unknown' in item.reading
                  ? `unknown: ${item.reading.unknown}`
                  : formatValue(item.metric, item.reading.value)}
                {item.measuredAt !== null && (
                  <span className="muted">
                    , <TimeAgo at={item.measuredAt} />
                  </span>
                )}
              </>
            ),
          },
          ...limits.map(({ label, rule }) => ({ key: label, value: rule })),
        ]}
      />
    </Dialog>
  );
}

function limitsOn(item: MeasuredItem, settings: Settings): (ChartLimit & { readonly rule: string })[] {
  return settings.alerts
    .filter(({ enabled }) => enabled)
    .flatMap((alert) =>
      alert.conditions.flatMap((condition) => {
        const value = condition.above ?? condition.below;
        const same = requestKey({ ...condition, target: condition.target ?? null }) === item.key;
        return same && value !== undefined ? [{ value, label: alert.name, rule: formatRule(condition) }] : [];
      }),
    );
}
