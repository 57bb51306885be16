import { createHistory, type History } from '../../electron/agent/record/history.ts';
import type { Store } from '../../mail/store.ts';
import type { MetricRequest, Reading, Sample } from '../../shared/model/sample.ts';
import { FakeClock } from './fake-clock.ts';
import { memoryStore } from './memory-store.ts';

/** Mon 5 Jan 2026, 00:00 UTC. */
export const START = Date.UTC(2026, 0, 5);

export const CPU: MetricRequest = { metric: 'cpu.usedPercent', target: null };

/** A history in a real database, on a clock whose hands the test turns. */
export class HistoryRig {
  clock = new FakeClock(START);
  /** How often something was written. */
  transactions = 0;
  store: Store = this.#counting(memoryStore());
  history: History = createHistory(this.store, this.clock);

  sample(request: MetricRequest, value: number | string | null): Sample {
    const reading: Reading = value === null ? { value, unknown: 'cannot be read' } : { value };
    return { request, reading, at: this.clock.now() };
  }

  /** Time passes without a turn of the event loop, of which a day of checks would take a second. */
  pass(ms: number): void {
    void this.clock.advance(0);
    this.clock.jump(ms);
  }

  /** Measures every `everyMs` for a time; `value` is given how much of it has passed. */
  measure(forMs: number, everyMs: number, value: (passedMs: number) => number, request = CPU): void {
    for (let passed = 0; passed < forMs; passed += everyMs) {
      this.history.record([this.sample(request, value(passed))]);
      this.pass(everyMs);
    }
  }

  /** How many rows a table of the history holds. */
  rows(table: string): number {
    return Number(this.store.get(`SELECT count(*) AS n FROM history_${table}`)?.['n']);
  }

  #counting(real: Store): Store {
    return {
      ...real,
      transaction: (work) => {
        this.transactions += 1;
        return real.transaction(work);
      },
    };
  }
}
