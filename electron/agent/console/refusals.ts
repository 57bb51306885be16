import type { Clock } from '../../../shared/model/clock.ts';

/** One line in so long a time: a page whose session has ended asks again every two seconds, and no caller may fill the log. */
const SILENT_MS = 10 * 60_000;

const WORDS: Readonly<Record<number, string>> = {
  401: 'it brought neither the token nor a session',
  403: 'it came from elsewhere, or without a session',
  421: 'it asked for another name than this address has',
};

/** Tells of callers that were refused, seldom, with the number of those that were not told of. */
export function createRefusals(clock: Clock, tell: (text: string) => void): (status: number) => void {
  let silentUntil = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return (status) => {
    const why = WORDS[status];
    if (why === undefined) return;
    const now = clock.monotonic();
    if (now < silentUntil) {
      untold++;
      return;
    }
    const more = untold === 0 ? '' : `; ${untold} others were before it`;
    tell(`a caller was refused at the console: ${why} (${status})${more}`);
    silentUntil = now + SILENT_MS;
    untold = 0;
  };
}
