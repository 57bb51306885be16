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
        json ? `${JSON.stringify(value, null, 2)}\n` : lines.map((line) => `${line}\n`).join(''),
      );
    },
    note(text) {
      process.stderr.write(`${text}\n`);
    },
  };
}
