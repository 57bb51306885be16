import type { Clock } from '../../../shared/model/clock.ts';
import { metricDefinition, type MetricName } from '../../../shared/model/metrics.ts';
import {
  type MetricRequest,
  type Reading,
  requestKey,
  type Sample,
  unknown,
} from '../../../shared/model/sample.ts';
import { failureText } from './failure.ts';
import type { MeasureTime, MetricSource, Platform } from './source.ts';
import { systemName } from './system-name.ts';

/** The samples of one cycle: one for each distinct request, either at once or when its promise settles. */
export interface Measured {
  readonly ready: Sample[];
  /** These never reject. One that was still under way from an earlier cycle is the same promise as then. */
  readonly pending: Promise<Sample>[];
}

/** The collect stage: from what is to be measured to what was measured. */
export interface Collector {
  /**
   * Measures, or gives again what a source that is asked seldom has said of late: such a sample keeps its time. Never
   * throws: what cannot be measured is an unknown reading that says why. */
  measure(requests: readonly MetricRequest[]): Measured;
  /** Closes all sources; what is under way ends as unknown or is dropped. */
  close(): void;
}

export interface CollectorOptions {
  readonly platform: Platform;
  readonly clock: Clock;
  /** Named where a metric has no source; the running system where it is left out. */
  readonly system?: NodeJS.Platform;
}

/** A sample of a source that is not asked every cycle. */
interface Kept {
  readonly sample: Sample;
  /** When the source was asked, not when it answered: so a slow answer does not make the next one later. */
  readonly asked: MeasureTime;
  readonly everyMs: number;
}

/** A cycle may begin a little early; its minute shall not last one cycle more for it. */
const TIMER_SLACK_MS = 50;

export function createCollector(options: CollectorOptions): Collector {
  return new SourceCollector(options);
}

class SourceCollector implements Collector {
  readonly #sources: readonly MetricSource[];
  readonly #clock: Clock;
  readonly #systemName: string;
  readonly #bySource = new Map<MetricName, MetricSource>();
  readonly #kept = new Map<string, Kept>();
  readonly #underWay = new Map<string, Promise<Sample>>();

  constructor({ platform, clock, system = process.platform }: CollectorOptions) {
    this.#sources = platform.sources;
    this.#clock = clock;
    this.#systemName = systemName(system);
    for (const source of this.#sources) {
      for (const metric of source.metrics) this.#bySource.set(metric, source);
    }
  }

  measure(requests: readonly MetricRequest[]): Measured {
    const time = { now: this.#clock.now(), monotonic: this.#clock.monotonic() };
    this.#forgetOld(time);
    const ready: Sample[] = [];
    const pending: Promise<Sample>[] = [];
    const groups = new Map<MetricSource, MetricRequest[]>();
    for (const [key, request] of new Map(requests.map((entry) => [requestKey(entry), entry]))) {
      const underWay = this.#underWay.get(key);
      const source = this.#bySource.get(request.metric);
      const kept = this.#kept.get(key);
      if (underWay !== undefined) pending.push(underWay);
      else if (kept !== undefined) ready.push(kept.sample);
      else if (source === undefined) ready.push(this.#noSource(request, time));
      else if (lacksTarget(request)) ready.push(sampleOf(request, unknown('needs a target'), time.now));
      else groups.set(source, [...(groups.get(source) ?? []), request]);
    }
    for (const [source, group] of groups) {
      const answers = ask(source, group, time);
      for (const [index, request] of group.entries()) {
        const answer = answers[index] ?? unknown('was not answered');
        if (answer instanceof Promise) pending.push(this.#await(source, request, answer, time));
        else ready.push(this.#keep(source, sampleOf(request, answer, time.now), time));
      }
    }
    return { ready, pending };
  }

  close(): void {
    for (const source of this.#sources) {
      try {
        source.close?.();
      } catch {
        // Whatever it holds goes with the process; the other sources must still be closed.
      }
    }
  }

  #noSource(request: MetricRequest, time: MeasureTime): Sample {
    return sampleOf(request, unknown(`not measured on ${this.#systemName} yet`), time.now);
  }

  #await(
    source: MetricSource,
    request: MetricRequest,
    answer: Promise<Reading>,
    asked: MeasureTime,
  ): Promise<Sample> {
    const key = requestKey(request);
    const sample = answer
      .catch((error: unknown) => unknown(failureText(error)))
      .then((reading) => {
        this.#underWay.delete(key);
        return this.#keep(source, sampleOf(request, reading, this.#clock.now()), asked);
      });
    this.#underWay.set(key, sample);
    return sample;
  }

  #keep(source: MetricSource, sample: Sample, asked: MeasureTime): Sample {
    const { everyMs } = source;
    if (everyMs === undefined) return sample;
    const kept = { sample: { ...sample, goodForMs: everyMs }, asked, everyMs };
    this.#kept.set(requestKey(sample.request), kept);
    return kept.sample;
  }

  /** By both clocks: the monotonic one may stand still while the computer sleeps, the other one may be set. */
  #forgetOld(time: MeasureTime): void {
    for (const [key, { asked, everyMs }] of this.#kept) {
      const ages = [time.monotonic - asked.monotonic, time.now - asked.now];
      if (!ages.every((age) => age >= 0 && age < everyMs - TIMER_SLACK_MS)) this.#kept.delete(key);
    }
  }
}

function ask(
  source: MetricSource,
  requests: readonly MetricRequest[],
  time: MeasureTime,
): readonly (Reading | Promise<Reading>)[] {
  try {
    return source.measure(requests, time);
  } catch (error) {
    const reading = unknown(failureText(error));
    return requests.map(() => reading);
  }
}

function lacksTarget({ metric, target }: MetricRequest): boolean {
  return metricDefinition(metric).target !== null && (target === null || target === '');
}

/** The last gate before the stages that decide: a number that is none would neither fire nor clear, and not say so. */
function sampleOf(request: MetricRequest, reading: Reading, at: number): Sample {
  const broken = typeof reading.value === 'number' && !Number.isFinite(reading.value);
  return { request, reading: broken ? unknown('the measurement was not a number') : reading, at };
}
