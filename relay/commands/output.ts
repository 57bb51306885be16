import { printable, printableJson } from '../../shared/printable.ts';

/** Where a command speaks: answers to stdout, everything else to stderr. */
export interface Output {
  readonly json: boolean;
  /** The answer: as one JSON document, or as lines for people. */
  answer(value: unknown, lines: readonly string[]): void;
  note(text: string): void;
}

export function createOutput(json: boolean): Output {
  return {
    json,
    answer(value, lines) {
      process.stdout.write(
        json
          ? `${printableJson(JSON.stringify(value, null, 2))}\n`
          : lines.map((line) => `${printable(line)}\n`).join(''),
      );
    },
    note(text) {
      process.stderr.write(`${printable(text)}\n`);
    },
  };
}
