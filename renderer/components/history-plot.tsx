import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { formatValue } from '../../shared/format.ts';
import type { HistoryChartProps } from './history-chart.tsx';

/** Room for "12.3 GiB/s". */
const AXIS_WIDTH = 84;
/** Two neighbouring points farther apart than this many steps have a gap between them. */
const GAP_STEPS = 2.5;

/** Draws the history by uPlot on a canvas; `HistoryChart` says the same in words. */
export function HistoryPlot({ metric, points, from, to, limits = [] }: HistoryChartProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const node = place.current;
    if (node === null) return;
    const colours = coloursOf(node);
    const dark = globalThis.matchMedia('(prefers-color-scheme: dark)');
    const plot = new uPlot(
      {
        width: node.clientWidth,
        height: node.clientHeight,
        cursor: { y: false, drag: { x: false, y: false } },
        legend: { show: false },
        scales: {
          x: { min: from / 1000, max: to / 1000 },
          y: {
            range: (_plot, low, high) => rangeOf(low, high, metric.endsWith('Percent') ? 100 : null, limits),
          },
        },
        axes: [
          {
            stroke: () => colours.muted,
            grid: { show: false },
            ticks: { stroke: () => colours.border },
            values: (_plot, splits) => splits.map(timeLabel),
          },
          {
            stroke: () => colours.muted,
            size: AXIS_WIDTH,
            grid: { stroke: () => colours.border, width: 1 },
            ticks: { show: false },
            values: (_plot, splits) => splits.map((value) => formatValue(metric, value)),
          },
        ],
        series: [
          {},
          { stroke: 'transparent' },
          { stroke: () => colours.accent, width: 1.5, points: { show: false } },
          { stroke: 'transparent' },
        ],
        bands: [{ series: [3, 1], fill: () => colours.band }],
        hooks: { draw: [(drawn) => drawLimits(drawn, limits, colours.critical)] },
      },
      dataOf(points),
      node,
    );
    const resized = new ResizeObserver(() =>
      plot.setSize({ width: node.clientWidth, height: node.clientHeight }),
    );
    resized.observe(node);
    const recolour = () => {
      Object.assign(colours, coloursOf(node));
      plot.redraw();
    };
    dark.addEventListener('change', recolour);
    return () => {
      dark.removeEventListener('change', recolour);
      resized.disconnect();
      plot.destroy();
    };
  }, [metric, points, from, to, limits]);
  return <div ref={place} className="history-plot" />;
}

const clockTime = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const dayOfMonth = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });

/** The time of day; where a day begins, the day. */
function timeLabel(seconds: number): string {
  const time = clockTime.format(seconds * 1000);
  return time === '00:00' ? dayOfMonth.format(seconds * 1000) : time;
}

/** Times in seconds, then least, average and most; a null between points that are far apart breaks the line. */
function dataOf(points: HistoryChartProps['points']): uPlot.AlignedData {
  const times: number[] = [];
  const columns: (number | null)[][] = [[], [], []];
  const steps = points.slice(1).map((point, at) => point.at - (points[at]?.at ?? point.at));
  const step = Math.min(...steps);
  for (const [at, point] of points.entries()) {
    const before = points[at - 1];
    if (before !== undefined && point.at - before.at > GAP_STEPS * step) {
      times.push((before.at + step) / 1000);
      for (const column of columns) column.push(null);
    }
    times.push(point.at / 1000);
    for (const [position, value] of [point.min, point.avg, point.max].entries())
      columns[position]?.push(value);
  }
  return [times, ...columns] as unknown as uPlot.AlignedData;
}

/** From zero, and as high as what was measured and the limits; per cents always up to 100. */
function rangeOf(
  low: number | null,
  high: number | null,
  whole: number | null,
  limits: readonly { readonly value: number }[],
): [number, number] {
  const most = Math.max(high ?? 0, ...limits.map((limit) => limit.value));
  const least = Math.min(0, low ?? 0);
  return [least, whole !== null && most <= whole ? whole : most * 1.1 || 1];
}

function drawLimits(plot: uPlot, limits: readonly { readonly value: number }[], colour: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.setLineDash([6, 4]);
  for (const limit of limits) {
    const y = Math.round(plot.valToPos(limit.value, 'y', true)) + 0.5;
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

/** A canvas knows no roles: they are read off the page, as they are for light or dark now. */
function coloursOf(node: HTMLElement) {
  const probe = node.appendChild(document.createElement('span'));
  const read = (role: string) => {
    probe.style.color = `var(${role})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    accent: read('--accent'),
    muted: read('--text-muted'),
    border: read('--border'),
    critical: read('--critical'),
    band: '',
  };
  probe.style.color = 'color-mix(in srgb, var(--accent) 22%, transparent)';
  colours.band = getComputedStyle(probe).color;
  probe.remove();
  return colours;
}
