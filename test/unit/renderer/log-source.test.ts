import { expect, test } from 'vitest';
import type { TocsinClient } from '../../../renderer/api/client.ts';
import { LogSource } from '../../../renderer/api/log-source.ts';
import type { RequestOf } from '../../../shared/contract/ipc.ts';
import type { DeliverySummary } from '../../../shared/model/delivery.ts';
import { recipient, row } from './delivery-samples.ts';

const ALL = { search: null, status: null, route: null };

/** An agent with a log that can be changed, which answers when it is told to. */
function logAgent(size: number) {
  let log: DeliverySummary[] = Array.from({ length: size }, (_, at) => row(`m${size - at}`, size - at));
  const asked: RequestOf<'log.rows'>[] = [];
  let fault: string | null = null;
  const held: (() => void)[] = [];
  let isHolding = false;
  const call = async (_name: string, request: RequestOf<'log.rows'>) => {
    asked.push(request);
    const from = request.before === null ? 0 : log.findIndex(({ id }) => id === request.before) + 1;
    const reply = log
      .filter(({ subject }) => subject.includes(request.search ?? ''))
      .slice(from, from + request.limit);
    if (isHolding) await new Promise<void>((release) => held.push(release));
    if (fault !== null) throw new Error(fault);
    return reply;
  };
  return {
    client: { call } as unknown as TocsinClient,
    asked,
    add: (more: DeliverySummary) => (log = [more, ...log]),
    change: (id: string, given: Partial<DeliverySummary>) =>
      (log = log.map((one) => (one.id === id ? { ...one, ...given } : one))),
    fail: (sentence: string | null) => (fault = sentence),
    hold: () => (isHolding = true),
    release: () => {
      isHolding = false;
      for (const release of held.splice(0)) release();
    },
  };
}

const settled = () => new Promise((done) => setImmediate(done));

test('reads part by part to the end, and no further', async () => {
  const agent = logAgent(250);
  const source = new LogSource(agent.client);
  source.show(ALL);
  await settled();
  expect([source.state().rows?.length, source.state().isAll]).toEqual([100, false]);
  await source.readOn();
  await source.readOn();
  expect([source.state().rows?.length, source.state().isAll]).toEqual([250, true]);
  await source.readOn();
  expect(agent.asked.map(({ before }) => before)).toEqual([null, 'm151', 'm51']);
});

test('what comes in stands above; what is settled far below changes where it stands', async () => {
  const agent = logAgent(250);
  agent.change('m20', { recipients: [recipient()] });
  const source = new LogSource(agent.client);
  source.show(ALL);
  await settled();
  await source.readOn();
  await source.readOn();
  agent.add(row('new', 251));
  agent.change('m20', { recipients: [recipient({ status: 'accepted' })] });
  await source.refresh();
  const { rows } = source.state();
  expect(rows?.map(({ id }) => id).slice(0, 2)).toEqual(['new', 'm250']);
  expect(rows?.length).toBe(251);
  expect(rows?.find(({ id }) => id === 'm20')?.recipients[0]?.status).toBe('accepted');
});

test('changes that come while an answer is under way are asked for once more, not once each', async () => {
  const agent = logAgent(3);
  const source = new LogSource(agent.client);
  source.show(ALL);
  await settled();
  agent.hold();
  const first = source.refresh();
  await settled();
  agent.add(row('late', 4));
  void source.refresh();
  void source.refresh();
  agent.release();
  await first;
  expect(source.state().rows?.[0]?.id).toBe('late');
  expect(agent.asked.length).toBe(3);
});

test('an answer to an older filter is dropped', async () => {
  const agent = logAgent(3);
  const source = new LogSource(agent.client);
  agent.hold();
  source.show({ ...ALL, search: 'm1' });
  await settled();
  source.show({ ...ALL, search: 'm2' });
  await settled();
  agent.release();
  await settled();
  expect(source.state().rows?.map(({ id }) => id)).toEqual(['m2']);
});

test('a failure is said, what was read stays, and the next answer takes the failure away', async () => {
  const agent = logAgent(3);
  const source = new LogSource(agent.client);
  source.show(ALL);
  await settled();
  agent.fail('Tocsin is not answering.');
  await source.refresh();
  expect([source.state().rows?.length, source.state().failure]).toEqual([3, 'Tocsin is not answering.']);
  agent.fail(null);
  await source.refresh();
  expect(source.state().failure).toBeNull();
});
