import './sparkline.css';
import type { HistoryPoint } from '../../shared/model/history.ts';

export interface SparklineProps {
  readonly points: readonly HistoryPoint[];
  readonly from: number;
  readonly to: number;
  /** In how many stretches the points were asked for: one bar each, gaps where nothing was measured. */
  readonly bars: number;
  /** What it shows, in words: "Disk / used, last 24 hours: 61 % to 64 %". */
  readonly label: string;
  /** The least that the whole height stands for, so that small changes look small: 100 for per cents. */
  readonly atLeast?: number;
}

const BAR = 3;
const GAP = 1;
const HEIGHT = 16;

/** The last hours as small bars, each as high as the average of its stretch. */
export function Sparkline({ points, from, to, bars, label, atLeast = 0 }: SparklineProps) {
  const most = Math.max(atLeast, ...points.map((point) => point.avg));
  const width = bars * (BAR + GAP) - GAP;
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${width} ${HEIGHT}`}
      width={width}
      height={HEIGHT}
      role="img"
      aria-label={label}
    >
      {points.map((point) => {
        const bar = Math.min(bars - 1, Math.floor(((point.at - from) / (to - from)) * bars));
        const height = most > 0 ? Math.max(1, (Math.max(0, point.avg) / most) * HEIGHT) : 1;
        return (
          <rect
            key={point.at}
            x={bar * (BAR + GAP)}
            y={HEIGHT - height}
            width={BAR}
            height={height}
            fill="currentColor"
          />
        );
      })}
    </svg>
  );
}
