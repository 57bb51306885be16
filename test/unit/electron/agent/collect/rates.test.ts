import { describe, expect, test } from 'vitest';
import { CounterRates } from '../../../../../electron/agent/collect/counter-rates.ts';
import { CpuShare } from '../../../../../electron/agent/collect/cpu-share.ts';
import { unknown } from '../../../../../shared/model/sample.ts';

const second = unknown('needs a second measurement');
const setBack = unknown('its counter was set back; needs another measurement');

describe('counter rates', () => {
  test.each([
    ['the first measuring has nothing to compare with', [[0, 500]], second],
    [
      'a rate is growth by seconds',
      [
        [0, 500],
        [2000, 1500],
      ],
      { value: 500 },
    ],
    [
      'a counter that stands still is a rate of zero',
      [
        [0, 5],
        [1000, 5],
      ],
      { value: 0 },
    ],
    [
      'a counter that went back tells nothing',
      [
        [0, 500],
        [1000, 100],
      ],
      setBack,
    ],
    [
      'after a reset the next interval counts again',
      [
        [0, 500],
        [1000, 100],
        [2000, 300],
      ],
      { value: 200 },
    ],
    [
      'no time passed since the first: still the first',
      [
        [0, 500],
        [0, 900],
      ],
      second,
    ],
    [
      'too little time passed: the last rate stands',
      [
        [0, 0],
        [1000, 500],
        [1001, 900],
      ],
      { value: 500 },
    ],
    [
      'what came too early is not lost',
      [
        [0, 0],
        [1000, 500],
        [1001, 900],
        [2000, 1000],
      ],
      { value: 500 },
    ],
    [
      'a clock that stands still or turns back is no time',
      [
        [1000, 0],
        [500, 900],
      ],
      second,
    ],
    ['a counter that is no number is unknown', [[0, Number.NaN]], unknown('its counter cannot be read')],
    ['a negative counter is unknown', [[0, -1]], unknown('its counter cannot be read')],
  ] as const)('%s', (_rule, steps, expected) => {
    const rates = new CounterRates();
    const readings = steps.map(([ms, count]) => rates.read('eth0', count, ms));
    expect(readings.at(-1)).toEqual(expected);
  });

  test('keys do not mix', () => {
    const rates = new CounterRates();
    rates.read('a', 0, 0);
    expect(rates.read('b', 100, 1000)).toEqual(second);
    expect(rates.read('a', 100, 1000)).toEqual({ value: 100 });
  });
});

describe('CPU share', () => {
  test.each([
    ['the first measuring has nothing to compare with', [[0, 10, 100]], second],
    [
      'the share is busy by total',
      [
        [0, 10, 100],
        [1000, 60, 300],
      ],
      { value: 25 },
    ],
    [
      'counters that stand still keep the last share',
      [
        [0, 0, 0],
        [1000, 50, 100],
        [2000, 50, 100],
      ],
      { value: 50 },
    ],
    [
      'two measurings at once are one',
      [
        [0, 0, 0],
        [1000, 50, 100],
        [1000, 51, 101],
      ],
      { value: 50 },
    ],
    [
      'iowait that runs backwards does not make more than all',
      [
        [0, 0, 100],
        [1000, 110, 200],
      ],
      { value: 100 },
    ],
    [
      'busy time that runs backwards is not less than none',
      [
        [0, 50, 100],
        [1000, 40, 200],
      ],
      { value: 0 },
    ],
    [
      'a CPU taken out sets the counters back',
      [
        [0, 50, 1000],
        [1000, 30, 500],
      ],
      unknown('the CPU counters were set back; needs another measurement'),
    ],
  ] as const)('%s', (_rule, steps, expected) => {
    const share = new CpuShare();
    const readings = steps.map(([ms, busy, total]) => share.read({ busy, total }, ms));
    expect(readings.at(-1)).toEqual(expected);
  });
});
