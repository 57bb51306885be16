import {
  conditionTitle,
  formatDuration,
  formatShortTime,
  formatTime,
  formatValue,
} from '../../../shared/format.ts';
import type { HistoryPoint } from '../../../shared/model/history.ts';
import { METRICS, type MetricName } from '../../../shared/model/metrics.ts';
import type { MetricRequest } from '../../../shared/model/sample.ts';
import { cleanName } from './clean-text.ts';
import type { ChartData, ChartWindow, ComposeContext, ReportData } from './compose.ts';
import {
  type Chart,
  type ChartColumn,
  type ChartRow,
  paragraphs,
  type Section,
  section,
} from './mail-document.ts';
import { capitalised } from './tone.ts';

const HOUR_MS = 3_600_000;

const LEFT_OUT = 'are left out, to keep this mail short enough for all mail programs';

/** The past as charts: at most `chartsMax` of them, the rest counted. */
export function historySection(
  data: ReportData,
  context: ComposeContext,
  chartsMax = Number.POSITIVE_INFINITY,
): Section {
  const { history } = data;
  const since = earliest(history.flatMap((chart) => chart.since ?? []));
  const sinceText = since === null ? null : formatTime(since, context.timeZone);
  const columns = columnsOf(history[0]?.windows ?? [], context);
  if (!history.some(hasPoints)) {
    const kept = sinceText === null ? 'from now on' : `since ${sinceText}`;
    return section('History', paragraphs(`There is no history yet. It is kept ${kept}.`));
  }
  if (chartsMax < 1) return section('History', paragraphs(`Its charts ${LEFT_OUT}.`));
  const rows = history.slice(0, chartsMax).map(chartRow);
  const intro = [
    'Bars are averages. Where there is none, nothing was measured: the computer or Tocsin was off.',
  ];
  const beginning = Math.min(...history.flatMap(({ windows }) => windows.map(({ from }) => from)));
  if (since !== null && since > beginning) intro.push(`History is kept since ${sinceText}.`);
  const rest = history.length - rows.length;
  if (rest > 0) intro.push(`${rest} more ${LEFT_OUT}.`);
  return section('History', paragraphs(intro.join(' ')), { kind: 'charts', columns, rows });
}

function hasPoints({ windows }: ChartData): boolean {
  return windows.some(({ points }) => points.some((line) => line.some((point) => point !== null)));
}

function columnsOf(windows: readonly ChartWindow[], { timeZone }: ComposeContext): ChartColumn[] {
  return windows.map(({ from, to, points }) => {
    const hours = Math.round((to - from) / HOUR_MS);
    const short = hours > 48 ? `${Math.round(hours / 24)} days` : `${hours} h`;
    const bar = formatDuration((to - from) / (points[0]?.length ?? 1));
    const begin = formatShortTime(from, timeZone);
    return { title: `Last ${short}`, short, bar: `a bar is ${bar}`, note: `from ${begin} until now` };
  });
}

function chartRow(data: ChartData): ChartRow {
  const heights = data.windows.map(sums);
  const metric = data.requests[0]?.metric ?? 'cpu.usedPercent';
  const highest = Math.max(0, ...heights.flat().map((value) => value ?? 0));
  const top = scaleTop(metric, highest);
  return {
    title: rowTitle(data.requests),
    scale: `0 to ${formatValue(metric, top)}`,
    charts: data.windows.map((window, index) => chartOf(data, window, heights[index] ?? [], top)),
  };
}

/** "CPU used", "Disk / used"; where two are drawn on top of each other, "Network eth0: received and sent". */
function rowTitle(requests: readonly MetricRequest[]): string {
  const [first, second] = requests;
  if (first === undefined) return '';
  const title = titleOf(first);
  return second === undefined ? title : `${title} and ${lineWord(second)}`;
}

function titleOf({ metric, target }: MetricRequest): string {
  return cleanName(conditionTitle(target === null ? { metric } : { metric, target }));
}

/** What a line is, beside the other: "received" of "Network {} received". */
function lineWord({ metric }: MetricRequest): string {
  return METRICS[metric].label.split('{} ').at(-1) ?? '';
}

/** What is drawn: the averages on top of each other. A gap in any of them is one in the chart. */
function sums({ points }: ChartWindow): (number | null)[] {
  const [first = [], ...others] = points;
  return first.map((point, index) =>
    others.reduce<number | null>((sum, line) => {
      const next = line[index];
      return sum === null || !next ? null : sum + next.avg;
    }, point?.avg ?? null),
  );
}

function chartOf(
  data: ChartData,
  window: ChartWindow,
  heights: readonly (number | null)[],
  top: number,
): Chart {
  const figures = data.requests.flatMap((request, index) => {
    const points = (window.points[index] ?? []).filter((point) => point !== null);
    if (points.length === 0) return [];
    return data.requests.length === 1 ? [rangeText(request.metric, points)] : [lineText(request, points)];
  });
  if (figures.length === 0) return { bars: [], note: 'Nothing was measured' };
  const texts = [...figures, gapText(data, window, heights)].filter((text) => text !== null);
  const bars = heights.map((value) => (value === null ? null : Math.min(1, Math.max(0, value / top))));
  return { bars, note: capitalised(texts.join('; ')) };
}

/** "min 2.1 %, average 12.3 %, max 98.3 %". */
function rangeText(metric: MetricName, points: readonly HistoryPoint[]): string {
  const lowest = formatValue(metric, Math.min(...points.map(({ min }) => min)));
  const highest = formatValue(metric, Math.max(...points.map(({ max }) => max)));
  if (lowest === highest) return `${lowest} throughout`;
  return `min ${lowest}, average ${formatValue(metric, meanOf(points))}, max ${highest}`;
}

/** "received average 12 KiB/s, max 1 MiB/s". */
function lineText(request: MetricRequest, points: readonly HistoryPoint[]): string {
  const { metric } = request;
  const average = formatValue(metric, meanOf(points));
  const highest = formatValue(metric, Math.max(...points.map(({ max }) => max)));
  const figures = average === highest ? `${average} throughout` : `average ${average}, max ${highest}`;
  return `${lineWord(request)} ${figures}`;
}

function meanOf(points: readonly HistoryPoint[]): number {
  return points.reduce((sum, point) => sum + point.avg / points.length, 0);
}

/** How long nothing was measured although history was kept; null where that never was. */
function gapText({ since }: ChartData, { from, to }: ChartWindow, heights: readonly (number | null)[]) {
  const stepMs = (to - from) / heights.length;
  const gaps = heights.filter((value, index) => value === null && from + index * stepMs >= (since ?? to));
  return gaps.length === 0 ? null : `not measured for at least ${formatDuration(gaps.length * stepMs)}`;
}

/** What the whole height of a chart stands for: 100 %, or a round figure that the highest bar fits under. */
function scaleTop(metric: MetricName, highest: number): number {
  const definition = METRICS[metric];
  if (definition.kind === 'number' && definition.unit === 'percent') return 100;
  // From 1 KiB up: a few bytes a second would otherwise look like a full line.
  const unit = 1024 ** Math.max(1, Math.floor(Math.log2(Math.max(1, highest)) / 10));
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1024];
  return unit * (steps.find((step) => highest <= step * unit) ?? 1024);
}

function earliest(times: readonly number[]): number | null {
  return times.length === 0 ? null : Math.min(...times);
}
