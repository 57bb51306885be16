import { readFileSync } from 'node:fs';

/** A message whose final dot has come; written before the reply is. */
interface AcceptedLine {
  readonly type: 'accepted';
  /** Wall-clock time in milliseconds. */
  readonly at: number;
  /** Numbers the acceptances of this sink, from 1. */
  readonly number: number;
  readonly connection: number;
  /** Without angle brackets; null where there is none. */
  readonly messageId: string | null;
  readonly subject: string | null;
  readonly recipients: readonly string[];
  readonly sizeBytes: number;
}

/** What became of the reply to that final dot. */
interface RepliedLine {
  readonly type: 'replied';
  readonly at: number;
  readonly number: number;
  /** False where the peer had vanished before, or the sink was told to cut the connection instead. */
  readonly written: boolean;
}

export type JournalLine = AcceptedLine | RepliedLine;

/** An acceptance together with what became of its reply. */
export interface Acceptance extends AcceptedLine {
  readonly replyWritten: boolean;
}

/** Reads a journal; a last line that is only half there is left out. */
export function readJournal(path: string): Acceptance[] {
  const text = readFileSync(path, 'utf8');
  const lines = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JournalLine);
  const written = new Set(
    lines.flatMap((line) => (line.type === 'replied' && line.written ? [line.number] : [])),
  );
  return lines
    .filter((line) => line.type === 'accepted')
    .map((line) => ({ ...line, replyWritten: written.has(line.number) }));
}
