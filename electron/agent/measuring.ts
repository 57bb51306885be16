import type { Clock } from '../../shared/model/clock.ts';
import { type Collector, createCollector } from './collect/collector.ts';
import { createOutboxAgeSource } from './collect/outbox-age.ts';
import { createPlatform } from './collect/platform.ts';
import type { History } from './record/history.ts';
import { type ChartReadings, createChartReadings } from './schedule/chart-readings.ts';

export interface MeasuringOptions {
  readonly clock: Clock;
  readonly history: History;
  /** When the oldest mail that waits was made; null where none waits. */
  readonly oldestWaitingAt: () => number | null;
  readonly onFault: (error: unknown) => void;
}

/** What measures this computer, and hands what it measured on to history. The collector is to be closed. */
export interface Measuring {
  readonly collector: Collector;
  readonly chartReadings: ChartReadings;
}

export function openMeasuring({ clock, history, oldestWaitingAt, onFault }: MeasuringOptions): Measuring {
  const platform = createPlatform({ clock, system: process.platform });
  const outboxAge = createOutboxAgeSource(oldestWaitingAt);
  const collector = createCollector({
    platform: { ...platform, sources: [...platform.sources, outboxAge] },
    clock,
  });
  const chartReadings = createChartReadings({
    collector,
    inventory: () => platform.inventory(),
    history,
    clock,
    // Elsewhere than on Linux each measuring starts processes.
    intervalMs: process.platform === 'linux' ? 10_000 : 60_000,
    onFault,
  });
  return { collector, chartReadings };
}
