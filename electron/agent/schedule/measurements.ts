import type { AlertSettings } from '../../../shared/contract/settings.ts';
import { type Clock, sleep } from '../../../shared/model/clock.ts';
import {
  type MetricRequest,
  type Reading,
  requestKey,
  type Sample,
  unknown,
} from '../../../shared/model/sample.ts';
import type { Collector } from '../collect/collector.ts';

/** For so long a check waits for ports and the like before it decides with what it has. */
const PROMPT_MS = 250;

/** What was measured last of everything that is watched. */
export interface Measurements {
  /** Measures these; returns what came promptly, and what is still on its way. What comes is kept either way. */
  take(requests: readonly MetricRequest[]): Promise<Taken>;
  sample(request: MetricRequest): Sample | null;
  /** The value to judge by; unknown where the measurement is older than `longestStepMs` and its own time allow. */
  reading(request: MetricRequest, longestStepMs: number): Reading;
  /** Forgets what none of these asks for. */
  keepOnly(requests: readonly MetricRequest[]): void;
}

export interface Taken {
  readonly prompt: readonly Sample[];
  readonly late: readonly Promise<Sample>[];
}

export function createMeasurements(collector: Collector, clock: Clock): Measurements {
  const latest = new Map<string, Sample>();

  const keep = (sample: Sample): Sample => {
    latest.set(requestKey(sample.request), sample);
    return sample;
  };

  return {
    async take(requests) {
      const { ready, pending } = collector.measure(requests);
      const prompt = ready.map(keep);
      const late = await settleWithin(pending, clock, (sample) => prompt.push(keep(sample)));
      return { prompt, late: late.map(async (sample) => keep(await sample)) };
    },
    sample: (request) => latest.get(requestKey(request)) ?? null,
    reading(request, longestStepMs) {
      const sample = latest.get(requestKey(request));
      if (!sample) return unknown('being measured for the first time');
      const ageMs = clock.now() - sample.at;
      return ageMs > longestStepMs + (sample.goodForMs ?? 0)
        ? unknown('the measurement has not come back yet')
        : sample.reading;
    },
    keepOnly(requests) {
      const wanted = new Set(requests.map(requestKey));
      for (const key of latest.keys()) if (!wanted.has(key)) latest.delete(key);
    },
  };
}

/** What an alert asks for, by the position of its conditions. */
export function requestsOf(alert: AlertSettings): MetricRequest[] {
  return alert.conditions.map(({ metric, target }) => ({ metric, target: target ?? null }));
}

/** What some alerts ask for, each thing once. */
export function distinctRequests(alerts: readonly AlertSettings[]): MetricRequest[] {
  const requests = new Map(alerts.flatMap(requestsOf).map((request) => [requestKey(request), request]));
  return [...requests.values()];
}

/** The alerts that ask for any of these. */
export function concernedBy(
  requests: readonly MetricRequest[],
  alerts: readonly AlertSettings[],
): AlertSettings[] {
  const keys = new Set(requests.map(requestKey));
  return alerts.filter((alert) => requestsOf(alert).some((request) => keys.has(requestKey(request))));
}

/** Waits for all, but not longer than PROMPT_MS; returns those that are still on their way. */
async function settleWithin(
  pending: readonly Promise<Sample>[],
  clock: Clock,
  keep: (sample: Sample) => void,
): Promise<readonly Promise<Sample>[]> {
  if (pending.length === 0) return [];
  const late = new Set(pending);
  const arrivals = pending.map(async (sample) => {
    const arrived = await sample;
    // Who has decided without it is told of it when it comes.
    if (late.delete(sample)) keep(arrived);
  });
  await Promise.race([Promise.allSettled(arrivals), sleep(clock, PROMPT_MS)]);
  return [...late];
}
