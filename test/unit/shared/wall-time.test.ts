import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMPUTER_ZONE, wallTime } from '../../../shared/wall-time.ts';

const TIMES = { min: Date.UTC(1980, 0, 1), max: Date.UTC(2100, 0, 1) };

describe('the wall of this computer', () => {
  test('shows what Intl shows in the zone of this computer', () => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    fc.assert(
      fc.property(fc.integer(TIMES), (ms) => {
        expect(wallTime(ms, COMPUTER_ZONE)).toEqual(wallTime(ms, timeZone));
      }),
    );
  });

  // A process of its own: the zone of a computer is read when it starts.
  test.each(['Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Chatham', 'UTC'])(
    'shows the same in %s',
    (zone) => {
      const times = fc.sample(fc.integer(TIMES), 200);
      const module = resolve(import.meta.dirname, '../../../shared/wall-time.ts');
      const script = `import { wallTime, COMPUTER_ZONE } from ${JSON.stringify(module)};
        console.log(JSON.stringify(${JSON.stringify(times)}.map((ms) => wallTime(ms, COMPUTER_ZONE))));`;
      const shown = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { ...process.env, TZ: zone },
        encoding: 'utf8',
      });
      expect(JSON.parse(shown)).toEqual(times.map((ms) => wallTime(ms, zone)));
    },
  );
});

test.each([
  [
    'a zone that is not known is UTC',
    0,
    'Moon/Tycho',
    { weekday: 4, day: 1, month: 0, year: 1970, offset: 'UTC' },
  ],
  ['half hours stand in the offset', 0, 'Asia/Kolkata', { hour: 5, minute: 30, offset: 'UTC+5:30' }],
])('%s', (_rule, ms, zone, shown) => {
  expect(wallTime(ms, zone)).toMatchObject(shown);
});

test.each([Number.NaN, 9e15, Number.NEGATIVE_INFINITY])('%s is no time', (ms) => {
  expect(wallTime(ms, COMPUTER_ZONE)).toBeNull();
  expect(wallTime(ms, 'UTC')).toBeNull();
});
