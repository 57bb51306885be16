import type { Clock } from '../../../../shared/model/clock.ts';
import type { MetricName } from '../../../../shared/model/metrics.ts';
import { type MetricRequest, type Reading, unknown } from '../../../../shared/model/sample.ts';
import { withDeadline } from '../deadline.ts';
import { attempt, failureText } from '../failure.ts';
import type { MeasureTime, MetricSource } from '../source.ts';
import type { Library, SystemInformation } from './library.ts';

/** PowerShell on a busy computer takes seconds for the list of processes. */
const DEADLINE_MS = 20_000;

export interface LibrarySourceOptions<T> {
  readonly library: Library;
  readonly clock: Clock;
  readonly metrics: readonly MetricName[];
  /** The one call that serves all requests of a cycle. */
  readonly ask: (library: SystemInformation) => Promise<T>;
  /** Finds a request's reading in the answer; `time` is when the answer came. What it throws makes the reading unknown. */
  readonly read: (answer: T, request: MetricRequest, time: MeasureTime) => Reading;
  /** Runs once for each answer, before it is read. */
  readonly onAnswer?: (answer: T, time: MeasureTime) => void;
}

interface Answered<T> {
  readonly answer: T;
  readonly time: MeasureTime;
}

/** A source that asks the library once a cycle. A call that is still under way is joined, never doubled. */
export function createLibrarySource<T>(options: LibrarySourceOptions<T>): MetricSource {
  const { library, clock, metrics, ask, read, onAnswer } = options;
  let running: Promise<Answered<T>> | null = null;

  async function call(): Promise<Answered<T>> {
    const answer = await library.ask(ask);
    const time = { now: clock.now(), monotonic: clock.monotonic() };
    onAnswer?.(answer, time);
    return { answer, time };
  }

  function join(): Promise<Answered<T>> {
    if (running !== null) return running;
    const started = call().finally(() => {
      if (running === started) running = null;
    });
    running = started;
    return started;
  }

  async function answered(): Promise<Answered<T>> {
    const current = join();
    let late = false;
    const cancel = clock.after(DEADLINE_MS, () => {
      late = true;
    });
    try {
      return await withDeadline(clock, current, DEADLINE_MS, `no answer within ${DEADLINE_MS / 1000} s`);
    } catch (error) {
      if (late && (await library.recover()) && running === current) running = null;
      throw error;
    } finally {
      cancel();
    }
  }

  return {
    metrics,
    measure(requests) {
      if (requests.length === 0) return [];
      const shared = answered();
      return requests.map((request) =>
        shared.then(
          ({ answer, time }) => attempt(() => read(answer, request, time)),
          (error: unknown) => unknown(failureText(error)),
        ),
      );
    },
    close: () => library.close(),
  };
}
