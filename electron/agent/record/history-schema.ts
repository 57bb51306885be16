import type { Schema } from '../../../mail/store.ts';

/**
 * The tables of history. `start` counts whole minutes, hours or days since the epoch, in UTC; `data` is a packed row
 * (packed-row.ts) of all series, so that a minute is one small row at the end of its table and not one page for each
 * series. A minute holds 6 slots of 10 s, an hour 12 averages of 5 min, a day 24 averages of an hour. `history_open_hour`
 * names the hours that have minutes which are not yet in the averages.
 */
export const HISTORY_SCHEMA: Schema = {
  part: 'history',
  steps: [
    `CREATE TABLE history_series (
       id INTEGER PRIMARY KEY AUTOINCREMENT,
       metric TEXT NOT NULL, target TEXT,
       since INTEGER NOT NULL, last_at INTEGER NOT NULL
     ) STRICT;
     CREATE TABLE history_minute (start INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
     CREATE TABLE history_hour (start INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
     CREATE TABLE history_day (start INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
     CREATE TABLE history_open_hour (start INTEGER PRIMARY KEY) STRICT;`,
  ],
};

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** The finest that is kept. */
export const SLOT_MS = 10_000;
export const SLOTS = 6;
export const FIVE_MINUTES_MS = 5 * MINUTE_MS;
/** Floats of an average: lowest, mean, highest. */
export const AVERAGE = 3;
/** Floats that a series takes in a row of an hour and of a day. */
export const HOUR_FLOATS = 12 * AVERAGE;
export const DAY_FLOATS = 24 * AVERAGE;
