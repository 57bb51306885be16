import { spawn } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createProcessesSource } from '../../../../../../electron/agent/collect/linux/processes.ts';
import { systemClock } from '../../../../../../mail/platform/clock.ts';
import { FixtureTree } from '../fixture-tree.ts';
import { at, readOne, reasonOf, request } from '../measuring.ts';
import { type FakeProcess, statLine } from './fake-process.ts';

/** A /proc of 10 ms ticks and 4 KB pages with an init, without which processes would count as hidden. */
function makeProc(): FixtureTree {
  const auxv = new BigUint64Array([6n, 4096n, 17n, 100n, 0n, 0n]);
  return new FixtureTree()
    .write('self/auxv', new Uint8Array(auxv.buffer))
    .write('1/stat', statLine(1, { comm: 'init', start: 0 }))
    .write('1/cmdline', '/sbin/init\0')
    .write('uptime', '1 1');
}

function put(tree: FixtureTree, pid: number, process: FakeProcess, ...words: string[]): void {
  tree
    .write(`${pid}/stat`, statLine(pid, process))
    .write(`${pid}/cmdline`, words.map((word) => `${word}\0`).join(''));
}

describe('processes', () => {
  test('those of one name are added up', async () => {
    const tree = makeProc();
    put(tree, 10, { comm: 'nginx', pages: 3 }, 'nginx');
    put(tree, 11, { comm: 'nginx', pages: 4, state: 'T' }, 'nginx');
    const source = createProcessesSource(tree.dir);
    expect(await readOne(source, 'process.state', 'nginx')).toEqual({ value: 'running' });
    expect(await readOne(source, 'process.count', 'nginx')).toEqual({ value: 2 });
    expect(await readOne(source, 'process.memoryBytes', 'nginx')).toEqual({ value: 7 * 4096 });
  });

  test.each([
    ['by the kernel’s name', 'cut-after-fiftee', 0],
    ['by the cut name', 'cut-after-fifte', 1],
    ['by the whole name', 'cut-after-fifteen', 1],
    ['not by a part of it', 'cut-after', 0],
    ['not by its folder', '/usr/bin/cut-after-fifteen', 0],
    ['case matters', 'Cut-After-Fifteen', 0],
  ])('a process is known %s (%s)', async (_rule, name, count) => {
    const tree = makeProc();
    put(tree, 10, { comm: 'cut-after-fifte' }, '/usr/bin/cut-after-fifteen', '-d');
    expect(await readOne(createProcessesSource(tree.dir), 'process.count', name)).toEqual({ value: count });
  });

  test.each(['Z', 'X'])('one that has ended (%s) does not run', async (state) => {
    const tree = makeProc();
    put(tree, 10, { comm: 'worker', state });
    const source = createProcessesSource(tree.dir);
    expect(await readOne(source, 'process.state', 'worker')).toEqual({ value: 'stopped' });
    expect(await readOne(source, 'process.count', 'worker')).toEqual({ value: 0 });
    expect(await readOne(source, 'process.memoryBytes', 'worker')).toEqual({ value: 0 });
  });

  test('after exec a pid goes by its new name', async () => {
    const tree = makeProc();
    put(tree, 10, { comm: 'sh' }, '/bin/sh');
    const source = createProcessesSource(tree.dir);
    expect(await readOne(source, 'process.count', 'sh')).toEqual({ value: 1 });
    put(tree, 10, { comm: 'redis-server' }, '/usr/bin/redis-server');
    const [old, now] = source.measure(
      [request('process.count', 'sh'), request('process.count', 'redis-server')],
      at(1),
    );
    expect([old, now]).toEqual([{ value: 0 }, { value: 1 }]);
  });

  test('where others’ processes are hidden, one not found is unknown, one found is not', async () => {
    const tree = makeProc().remove('1');
    put(tree, 10, { comm: 'own' });
    const source = createProcessesSource(tree.dir);
    expect(await readOne(source, 'process.state', 'own')).toEqual({ value: 'running' });
    expect(reasonOf(await readOne(source, 'process.state', 'other'))).toContain('hidepid');
  });

  test('entries of /proc that are no processes, or make no sense, are passed over', async () => {
    const tree = makeProc().write('10/stat', 'nonsense').write('11x/stat', 'x').write('12/other', '');
    expect(await readOne(createProcessesSource(tree.dir), 'process.count', 'init')).toEqual({ value: 1 });
  });
});

describe('process.cpuPercent', () => {
  /** The last of the readings, one for each moment with the processes there are then. */
  async function lastReading(...moments: [ms: number, processes: Record<number, FakeProcess>][]) {
    const tree = makeProc();
    const source = createProcessesSource(tree.dir);
    let reading = await Promise.resolve<unknown>(null);
    let before: string[] = [];
    for (const [ms, processes] of moments) {
      for (const pid of before.filter((pid) => !(pid in processes))) tree.remove(pid);
      for (const [pid, process] of Object.entries(processes))
        put(tree, Number(pid), { comm: 'job', ...process }, 'job');
      before = Object.keys(processes);
      reading = await readOne(source, 'process.cpuPercent', 'job', at(ms));
    }
    return reading;
  }

  const second = { value: null, unknown: 'needs a second measurement' };

  test.each<[string, Parameters<typeof lastReading>, unknown]>([
    ['the first measuring has nothing to compare with', [[0, { 10: { user: 500 } }]], second],
    [
      'user and system time, by time passed',
      [
        [0, { 10: { user: 500 } }],
        [10_000, { 10: { user: 600, system: 100 } }],
      ],
      { value: 20 },
    ],
    [
      'several processes may use more than one CPU',
      [
        [0, { 10: {}, 11: {} }],
        [1000, { 10: { user: 100 }, 11: { user: 50 } }],
      ],
      { value: 150 },
    ],
    [
      'one that began in between counts from its start',
      [
        [0, { 10: {} }],
        [1000, { 10: {}, 11: { user: 30, start: 150 } }],
      ],
      { value: 30 },
    ],
    [
      'one that was hidden before does not bring its past along',
      [
        [0, { 12: { start: 900 } }],
        [1000, { 11: { user: 9000, start: 50 }, 12: { start: 900 } }],
      ],
      { value: 0 },
    ],
    [
      'a pid used anew is another process',
      [
        [0, { 10: { user: 900 } }],
        [1000, { 10: { user: 20, start: 180 } }],
      ],
      { value: 20 },
    ],
    [
      'one that ended takes its time along',
      [
        [0, { 10: { user: 10 }, 11: {} }],
        [1000, { 11: { user: 5 } }],
      ],
      { value: 5 },
    ],
    [
      'none running uses nothing',
      [
        [0, {}],
        [1000, {}],
      ],
      { value: 0 },
    ],
    [
      'counters that run backwards use nothing',
      [
        [0, { 10: { user: 500 } }],
        [1000, { 10: { user: 400 } }],
      ],
      { value: 0 },
    ],
    [
      'no time passed since the first: still the first',
      [
        [0, { 10: {} }],
        [0, { 10: { user: 9 } }],
      ],
      second,
    ],
    [
      'no time passed: the last share stands',
      [
        [0, { 10: {} }],
        [1000, { 10: { user: 50 } }],
        [1000, { 10: { user: 60 } }],
      ],
      { value: 50 },
    ],
    [
      'what came too early is not lost',
      [
        [0, { 10: {} }],
        [1000, { 10: { user: 50 } }],
        [1001, { 10: { user: 60 } }],
        [2000, { 10: { user: 80 } }],
      ],
      { value: 30 },
    ],
  ])('%s', async (_rule, moments, expected) => {
    expect(await lastReading(...moments)).toEqual(expected);
  });
});

describe.runIf(process.platform === 'linux')('this computer', () => {
  test('a real process under an odd name runs, and then does not', async () => {
    const name = `a (very) odd) nam ${process.pid}`;
    const program = join(new FixtureTree().dir, name);
    symlinkSync('/bin/sleep', program);
    const child = spawn(program, ['30']);
    onTestFinished(() => void child.kill());
    await new Promise((resolve) => child.once('spawn', resolve));
    const source = createProcessesSource();
    expect(await readOne(source, 'process.state', name)).toEqual({ value: 'running' });
    expect(await readOne(source, 'process.count', name.slice(0, 15))).toEqual({ value: 1 });
    expect((await readOne(source, 'process.memoryBytes', name)).value).toBeGreaterThan(0);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await ended;
    expect(await readOne(source, 'process.state', name)).toEqual({ value: 'stopped' });
  });

  test('burning CPU shows', async () => {
    const own = readFileSync('/proc/self/comm', 'utf8').trim();
    const source = createProcessesSource();
    await readOne(source, 'process.cpuPercent', own, at(systemClock.monotonic()));
    const until = systemClock.monotonic() + 80;
    while (systemClock.monotonic() < until) Math.sqrt(until);
    const reading = await readOne(source, 'process.cpuPercent', own, at(systemClock.monotonic()));
    expect(reading.value).toBeGreaterThan(0);
  });
});
