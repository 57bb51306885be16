import type { HistoryPoint } from '../../../shared/model/history.ts';
import { type MetricRequest, type Reading, requestKey } from '../../../shared/model/sample.ts';
import type { Inventory } from '../collect/source.ts';
import type { ChartData, ChartWindow } from '../compose/compose.ts';
import type { History } from '../record/history.ts';
import { chartedInterfaces } from './chart-readings.ts';

export interface ChartSources {
  readonly history: Pick<History, 'read' | 'series'>;
  readonly inventory: Inventory;
  readonly readings: ReadonlyMap<string, Reading>;
  readonly takenAt: number;
}

const HOUR_MS = 3_600_000;

/** A bar an hour for a day, a bar for 6 h for a week: with 9 charts, a mail stays under the 102 KB of Gmail. */
const WINDOWS = [
  { spanMs: 24 * HOUR_MS, points: 24 },
  { spanMs: 7 * 24 * HOUR_MS, points: 28 },
];

const DISKS_MAX = 4;
const INTERFACES_MAX = 3;

/** What a report draws of the past: CPU, memory, the fullest disks and the interfaces with the most traffic. */
export function chartData(sources: ChartSources): ChartData[] {
  const { inventory, readings, history } = sources;
  const since = new Map(history.series().map((series) => [requestKey(series.request), series.since]));
  const chart = (requests: readonly MetricRequest[]): ChartData => ({
    requests,
    since: earliest(requests.flatMap((request) => since.get(requestKey(request)) ?? [])),
    windows: WINDOWS.map((window) => chartWindow(sources, requests, window)),
  });
  const usedOf = (request: MetricRequest) => Number(readings.get(requestKey(request))?.value ?? -1);
  const disks = inventory.disks
    .map(({ mount }): MetricRequest => ({ metric: 'disk.usedPercent', target: mount }))
    .toSorted((left, right) => usedOf(right) - usedOf(left))
    .slice(0, DISKS_MAX);
  const interfaces = chartedInterfaces(inventory.interfaces).map(({ name }) =>
    chart([
      { metric: 'network.receivedBytesPerSecond', target: name },
      { metric: 'network.sentBytesPerSecond', target: name },
    ]),
  );
  return [
    chart([{ metric: 'cpu.usedPercent', target: null }]),
    chart([{ metric: 'memory.usedPercent', target: null }]),
    ...disks.map((request) => chart([request])),
    ...interfaces.toSorted((left, right) => traffic(right) - traffic(left)).slice(0, INTERFACES_MAX),
  ];
}

function chartWindow(
  { history, takenAt }: ChartSources,
  requests: readonly MetricRequest[],
  { spanMs, points }: (typeof WINDOWS)[number],
): ChartWindow {
  const from = takenAt - spanMs;
  const read = (request: MetricRequest) =>
    inPlace(history.read(request, from, takenAt, points), from, spanMs / points, points);
  return { from, to: takenAt, points: requests.map(read) };
}

/** All that was received and sent within the charts. */
function traffic({ windows }: ChartData): number {
  const points = windows.flatMap((window) => window.points.flat());
  return points.reduce((sum, point) => sum + (point?.avg ?? 0), 0);
}

/** The points where they belong, null in between. */
function inPlace(
  found: readonly HistoryPoint[],
  from: number,
  stepMs: number,
  points: number,
): (HistoryPoint | null)[] {
  const places = Array.from({ length: points }, (): HistoryPoint | null => null);
  for (const point of found) places[Math.round((point.at - from) / stepMs)] = point;
  return places;
}

function earliest(times: readonly number[]): number | null {
  return times.length === 0 ? null : Math.min(...times);
}
