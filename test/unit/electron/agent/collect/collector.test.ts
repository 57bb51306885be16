import { describe, expect, test } from 'vitest';
import { createCollector } from '../../../../../electron/agent/collect/collector.ts';
import type { Inventory, MetricSource, Platform } from '../../../../../electron/agent/collect/source.ts';
import type { MetricRequest, Reading } from '../../../../../shared/model/sample.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { request } from './measuring.ts';

function platformOf(...sources: MetricSource[]): Platform {
  return { sources, inventory: () => Promise.reject<Inventory>(new Error('not asked for here')) };
}

function setUp(...sources: MetricSource[]) {
  const clock = new FakeClock();
  return { clock, collector: createCollector({ platform: platformOf(...sources), clock, system: 'win32' }) };
}

/** A source that gives the same answer to everything and remembers what it was asked. */
function answering(metrics: MetricSource['metrics'], answer: () => Reading | Promise<Reading>) {
  const asked: MetricRequest[][] = [];
  const source: MetricSource = {
    metrics,
    measure(requests) {
      asked.push([...requests]);
      return requests.map(() => answer());
    },
  };
  return { source, asked };
}

test('each source is asked once a cycle, with its own requests, each of them once', () => {
  const cpu = answering(['cpu.usedPercent', 'cpu.loadPerCore'], () => ({ value: 1 }));
  const disk = answering(['disk.usedPercent'], () => ({ value: 2 }));
  const { collector, clock } = setUp(cpu.source, disk.source);
  const root = request('disk.usedPercent', '/');
  const { ready, pending } = collector.measure([
    request('cpu.usedPercent'),
    root,
    request('cpu.loadPerCore'),
    root,
  ]);
  expect(cpu.asked).toEqual([[request('cpu.usedPercent'), request('cpu.loadPerCore')]]);
  expect(disk.asked).toEqual([[root]]);
  expect(ready).toHaveLength(3);
  expect(ready.every(({ at }) => at === clock.now())).toBe(true);
  expect(pending).toEqual([]);
});

test.each<[string, MetricSource['measure'], string]>([
  [
    'a source that throws',
    () => {
      throw new Error('/proc is gone');
    },
    '/proc is gone',
  ],
  ['a source that answers too little', () => [], 'was not answered'],
  [
    'a number that is none',
    (requests) => requests.map(() => ({ value: Number.NaN })),
    'the measurement was not a number',
  ],
  [
    'an endless number',
    (requests) => requests.map(() => ({ value: Infinity })),
    'the measurement was not a number',
  ],
])('%s makes unknown readings, never an exception', (_rule, measure, reason) => {
  const { collector } = setUp({ metrics: ['cpu.usedPercent'], measure });
  const { ready } = collector.measure([request('cpu.usedPercent')]);
  expect(ready.map(({ reading }) => reading)).toEqual([{ value: null, unknown: reason }]);
});

test('a metric without a source names the system', () => {
  const { ready } = setUp().collector.measure([request('battery.percent')]);
  expect(ready[0]?.reading).toEqual({ value: null, unknown: 'not measured on Windows yet' });
});

test('a metric of something needs to know of what', () => {
  const { source, asked } = answering(['disk.usedPercent'], () => ({ value: 1 }));
  const { ready } = setUp(source).collector.measure([request('disk.usedPercent')]);
  expect(ready[0]?.reading).toEqual({ value: null, unknown: 'needs a target' });
  expect(asked).toEqual([]);
});

test('what takes time is dated when it ends; meanwhile it is not asked again', async () => {
  let finish: (reading: Reading) => void = () => undefined;
  const { source, asked } = answering(['tcp.state'], () => new Promise((resolve) => (finish = resolve)));
  const { collector, clock } = setUp(source);
  const target = request('tcp.state', 'a:1');
  const first = collector.measure([target]);
  await clock.advance(10_000);
  const second = collector.measure([target]);
  expect(second.pending).toEqual(first.pending);
  expect(asked).toHaveLength(1);
  finish({ value: 'open' });
  expect(await first.pending[0]).toEqual({ request: target, reading: { value: 'open' }, at: clock.now() });
  collector.measure([target]);
  expect(asked).toHaveLength(2);
});

test('a promise that rejects all the same is an unknown reading', async () => {
  const { source } = answering(['tcp.state'], () => Promise.reject(new Error('broken')));
  const { pending } = setUp(source).collector.measure([request('tcp.state', 'a:1')]);
  expect((await pending[0])?.reading).toEqual({ value: null, unknown: 'broken' });
});

test('close closes every source, even after one that fails', () => {
  const closed: string[] = [];
  const source = (name: string): MetricSource => ({
    metrics: [],
    measure: () => [],
    close() {
      closed.push(name);
      if (name === 'first') throw new Error('cannot close');
    },
  });
  setUp(source('first'), source('second')).collector.close();
  expect(closed).toEqual(['first', 'second']);
});

describe('a source that is asked once a minute', () => {
  const target = request('folder.fileCount', '/spool');

  function setUpSlow(answer: () => Reading | Promise<Reading>) {
    const { source, asked } = answering(['folder.fileCount'], answer);
    return { ...setUp({ ...source, everyMs: 60_000 }), asked };
  }

  test.each([
    ['at once', () => ({ value: 7 })],
    ['with a promise', () => Promise.resolve({ value: 7 })],
  ])('that answers %s is not asked again before; its sample keeps its time', async (_how, answer) => {
    const { collector, clock, asked } = setUpSlow(answer);
    const first = collector.measure([target]);
    const [sample] = [...first.ready, ...(await Promise.all(first.pending))];
    expect(sample).toMatchObject({ reading: { value: 7 }, at: clock.now(), goodForMs: 60_000 });
    for (let cycle = 0; cycle < 5; cycle++) {
      await clock.advance(10_000);
      expect(collector.measure([target])).toEqual({ ready: [sample], pending: [] });
    }
    await clock.advance(10_000);
    collector.measure([target]);
    expect(asked).toHaveLength(2);
  });

  test('is asked at once for a target that is new', async () => {
    const { collector, clock, asked } = setUpSlow(() => ({ value: 7 }));
    collector.measure([target]);
    await clock.advance(10_000);
    const other = request('folder.fileCount', '/other');
    collector.measure([target, other]);
    expect(asked).toEqual([[target], [other]]);
  });

  test.each([
    ['set back', -3_600_000],
    ['put forward, as after sleep', 3_600_000],
  ])('is asked at once when the clock was %s', async (_rule, jumpMs) => {
    const { collector, clock, asked } = setUpSlow(() => ({ value: 7 }));
    collector.measure([target]);
    clock.jump(jumpMs);
    collector.measure([target]);
    expect(asked).toHaveLength(2);
  });

  test('a minute counts from the question, however long the answer took', async () => {
    let finish: (reading: Reading) => void = () => undefined;
    const { collector, clock, asked } = setUpSlow(() => new Promise((resolve) => (finish = resolve)));
    const { pending } = collector.measure([target]);
    await clock.advance(9_000);
    finish({ value: 7 });
    expect((await pending[0])?.at).toBe(clock.now());
    await clock.advance(51_000);
    collector.measure([target]);
    expect(asked).toHaveLength(2);
  });
});
