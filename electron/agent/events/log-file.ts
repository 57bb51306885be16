import { join } from 'node:path';
import { failureText } from '../collect/failure.ts';
import { appendLine } from '../platform/append-line.ts';
import type { ActionOutcome } from './action-outcome.ts';
import type { EventData } from './event-data.ts';

/** A file of 5 MB is put aside, and three of those are kept. */
const ROTATE_BYTES = 5 * 1024 * 1024;
const KEPT_FILES = 3;

/** Adds the event as one line of JSON to a file in the folder of logs. */
export function logToFile(logsDir: string, file: string, data: EventData): ActionOutcome {
  try {
    // JSON escapes line ends and control characters, but not the two line ends that only some programs know.
    const line = JSON.stringify(data).replace(
      /[\u007f-\u009f\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    const fault = appendLine(logsDir, file, line, { rotateBytes: ROTATE_BYTES, keptFiles: KEPT_FILES });
    return fault === null
      ? { kind: 'done', text: `written to ${join(logsDir, file)}` }
      : { kind: 'failed', text: `not written: ${fault}` };
  } catch (error) {
    return { kind: 'retry', text: `${file} could not be written: ${failureText(error)}` };
  }
}
