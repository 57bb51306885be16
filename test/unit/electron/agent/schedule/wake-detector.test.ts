import { beforeEach, describe, expect, test } from 'vitest';
import {
  createWakeDetector,
  type WakeDetector,
} from '../../../../../electron/agent/schedule/wake-detector.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';

let clock: FakeClock;
let addresses: string[];
let waiting: boolean;
let woken: string[];
let detector: WakeDetector;

beforeEach(() => {
  clock = new FakeClock();
  addresses = ['192.0.2.10'];
  waiting = true;
  woken = [];
  detector = createWakeDetector({
    clock,
    addresses: () => addresses,
    isWaiting: () => waiting,
    onWake: (why) => woken.push(why),
  });
  detector.look();
});

describe('waking up', () => {
  test.each<{ rule: string; act: () => unknown; woken: string[] }>([
    { rule: 'time that passes is no sleep', act: () => clock.advance(3_600_000), woken: [] },
    {
      rule: 'a wall clock that runs ahead of the other is one',
      act: () => clock.jump(60_000),
      woken: ['resume'],
    },
    { rule: 'a clock that is set back is none', act: () => clock.jump(-3_600_000), woken: [] },
    { rule: 'corrections by NTP are none', act: () => clock.jump(10_000), woken: [] },
    { rule: 'a new address is a network', act: () => addresses.push('2001:db8::1'), woken: ['network-up'] },
    { rule: 'an address that goes is none', act: () => (addresses = []), woken: [] },
    {
      rule: 'while nothing waits nobody looks',
      act: () => ((waiting = false), addresses.push('2001:db8::1')),
      woken: [],
    },
  ])('$rule', async ({ act, woken: expected }) => {
    await act();
    detector.look();
    detector.look();
    expect(woken).toEqual(expected);
  });
});
