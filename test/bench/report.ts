/** What one part of the bench has to say: a table, or why there is none. */
export type PartReport =
  | {
      readonly title: string;
      readonly header: readonly string[];
      readonly rows: readonly (readonly string[])[];
      /** How it was measured, and what follows from it; each a sentence. */
      readonly notes: readonly string[];
    }
  | { readonly title: string; readonly skipped: string };

/** One part of the bench. */
export interface BenchPart {
  readonly name: string;
  readonly title: string;
  readonly run: (scene: BenchScene) => Promise<PartReport>;
}

interface BenchScene {
  /** What several parts measure: an agent and two Monits on one watch list, started when first asked for. */
  readonly watchers: () => Promise<RunningWatchers>;
  /** For how long memory is watched. */
  readonly memoryMinutes: number;
}

export interface RunningWatchers {
  readonly agentPid: number;
  /** Monit that finds processes by name, as Tocsin does. */
  readonly monitByNamePid: number;
  /** Monit that finds processes by pid files, which costs it less. */
  readonly monitByPidFilePid: number;
  /** A Node of the same version that does nothing. */
  readonly idleNodePid: number;
  /** How many things are watched. */
  readonly items: number;
  /** Has the agent write and send a status report with charts. */
  readonly sendReport: () => Promise<void>;
  /** Of how many measured numbers the agent has written down history. */
  readonly historySeries: () => number;
}

/** The middle value; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** `12.3 (11.8–13.0)`: the median and the range that it comes from. */
export function spread(values: readonly number[], digits: number): string {
  const fixed = (value: number) => value.toFixed(digits);
  return `${fixed(median(values))} (${fixed(Math.min(...values))}–${fixed(Math.max(...values))})`;
}

/** A part's report as Markdown, which reads well on a terminal too. */
export function markdown(report: PartReport): string {
  if ('skipped' in report) return `## ${report.title}\n\nNot measured: ${report.skipped}\n`;
  const rows = [report.header, ...report.rows];
  const widths = report.header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const table = [line(report.header), rule, ...report.rows.map(line)].join('\n');
  const notes = report.notes.map((note) => `- ${note}`).join('\n');
  return `## ${report.title}\n\n${table}\n${notes === '' ? '' : `\n${notes}\n`}`;
}
