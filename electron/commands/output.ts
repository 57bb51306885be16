import type { SettingsFault } from '../../shared/contract/settings-rules.ts';
import { printable, printableJson } from '../../shared/printable.ts';

/** Where a command speaks: answers to stdout, progress and complaints to stderr. */
export interface Output {
  /** With `--json` exactly one document is printed, and nothing else to stdout. */
  readonly json: boolean;
  /** A line for people. */
  line(text?: string): void;
  /** A document for programs; `indent` is the number of blanks that a level is set in by, none for a single line. */
  document(value: unknown, indent?: number): void;
  /** The answer: as JSON, or by `human`. */
  answer(value: unknown, human: () => void): void;
  note(text: string): void;
}

export function createOutput(json: boolean): Output {
  const document = (value: unknown, indent = 0) => {
    process.stdout.write(`${printableJson(JSON.stringify(value, null, indent))}\n`);
  };
  return {
    json,
    line(text = '') {
      process.stdout.write(`${printable(text)}\n`);
    },
    document,
    answer(value, human) {
      if (json) document(value, 2);
      else human();
    },
    note(text) {
      process.stderr.write(`${printable(text)}\n`);
    },
  };
}

/** Faults as lines, `path: message`, the path first so that it can be searched for. */
export function faultLines(faults: readonly SettingsFault[]): string[] {
  return faults.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
}

/** Pads columns so that they line up; the last one is left as it is. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  }
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** A duration for programs, in whole milliseconds; null stays null. */
export function roundMs(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}

/** ISO 8601 in UTC, for programs; null stays null. */
export function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
