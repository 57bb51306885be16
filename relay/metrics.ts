/** A number that only grows, for each set of labels. */
export interface Counter {
  add(labels?: Readonly<Record<string, string>>, by?: number): void;
}

/** What the service counts, as Prometheus reads it (text format 0.0.4). */
export interface Metrics {
  readonly requests: Counter;
  readonly accepted: Counter;
  readonly repeated: Counter;
  readonly refused: Counter;
  readonly deliveries: Counter;
  /** Takes the time from the request to its durable answer. */
  observeAccept(seconds: number): void;
  /** Everything counted so far, with these values of the moment. */
  text(gauges: Readonly<Record<string, number>>): string;
}

const BOUNDS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

const HELP = {
  tocsin_relay_requests_total: 'Requests answered, by route and status.',
  tocsin_relay_accepted_total: 'Messages accepted for the first time.',
  tocsin_relay_repeated_total: 'Repeats of accepted messages, answered as the first time.',
  tocsin_relay_refused_total: 'Refusals, by code.',
  tocsin_relay_deliveries_total: 'Outcomes of delivery attempts, one for each recipient.',
} as const;

export function createMetrics(): Metrics {
  const values = new Map<string, Map<string, number>>();
  const counter = (name: keyof typeof HELP): Counter => {
    const series = new Map<string, number>();
    values.set(name, series);
    return {
      add(labels = {}, by = 1) {
        const key = labelText(labels);
        series.set(key, (series.get(key) ?? 0) + by);
      },
    };
  };
  const buckets = BOUNDS_SECONDS.map(() => 0);
  let sum = 0;
  let count = 0;

  return {
    requests: counter('tocsin_relay_requests_total'),
    accepted: counter('tocsin_relay_accepted_total'),
    repeated: counter('tocsin_relay_repeated_total'),
    refused: counter('tocsin_relay_refused_total'),
    deliveries: counter('tocsin_relay_deliveries_total'),
    observeAccept(seconds) {
      sum += seconds;
      count += 1;
      BOUNDS_SECONDS.forEach((bound, index) => {
        if (seconds <= bound) buckets[index] = (buckets[index] ?? 0) + 1;
      });
    },
    text(gauges) {
      const lines: string[] = [];
      for (const [name, help] of Object.entries(HELP)) {
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} counter`);
        for (const [labels, value] of values.get(name) ?? []) lines.push(`${name}${labels} ${value}`);
      }
      const histogram = 'tocsin_relay_accept_seconds';
      lines.push(
        `# HELP ${histogram} Time from a message's arrival to its durable acceptance.`,
        `# TYPE ${histogram} histogram`,
        ...BOUNDS_SECONDS.map((bound, index) => `${histogram}_bucket{le="${bound}"} ${buckets[index] ?? 0}`),
        `${histogram}_bucket{le="+Inf"} ${count}`,
        `${histogram}_sum ${sum}`,
        `${histogram}_count ${count}`,
      );
      for (const [name, value] of Object.entries(gauges))
        lines.push(`# TYPE ${name} gauge`, `${name} ${value}`);
      return `${lines.join('\n')}\n`;
    },
  };
}

/** Label values are our own words: route patterns, codes, verdicts. */
function labelText(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/["\\\n]/g, '_')}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}
