import './history-chart.css';
import { lazy, Suspense } from 'react';
import { formatValue } from '../../shared/format.ts';
import type { HistoryPoint } from '../../shared/model/history.ts';
import type { MetricName } from '../../shared/model/metrics.ts';

/** uPlot comes only when a chart is looked at. */
const HistoryPlot = lazy(async () => {
  const { HistoryPlot } = await import('./history-plot.tsx');
  return { default: HistoryPlot };
});

export interface ChartLimit {
  readonly value: number;
  readonly label: string;
}

export interface HistoryChartProps {
  readonly metric: MetricName;
  /** "Disk / used". */
  readonly title: string;
  readonly points: readonly HistoryPoint[];
  /** Wall-clock milliseconds of the left and the right edge. */
  readonly from: number;
  readonly to: number;
  readonly limits?: readonly ChartLimit[];
}

/** What was measured over a stretch of time: the average as a line, least and most as a band; the same in words below. */
export function HistoryChart(props: HistoryChartProps) {
  const { metric, title, points } = props;
  const words = historyWords(metric, points);
  return (
    <figure className="history-chart">
      <div className="history-plot" role="img" aria-label={`${title}. ${words}`}>
        {points.length > 0 && (
          <Suspense fallback={null}>
            <HistoryPlot {...props} />
          </Suspense>
        )}
      </div>
      <figcaption className="muted small">{words}</figcaption>
    </figure>
  );
}

/** A stretch of history in one sentence: "Between 58.1 % and 63 %, on average 60.4 %." */
export function historyWords(metric: MetricName, points: readonly HistoryPoint[]): string {
  if (points.length === 0) return 'Nothing was measured in this time.';
  const least = Math.min(...points.map((point) => point.min));
  const most = Math.max(...points.map((point) => point.max));
  const average = points.reduce((sum, point) => sum + point.avg, 0) / points.length;
  const say = (value: number) => formatValue(metric, value);
  if (say(least) === say(most)) return `${say(most)} all the time.`;
  return `Between ${say(least)} and ${say(most)}, on average ${say(average)}.`;
}
