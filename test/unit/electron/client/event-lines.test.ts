import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventLines } from '../../../../electron/client/event-lines.ts';
import type { LiveEvent } from '../../../../electron/agent/console/live-events.ts';

const CHANGED: LiveEvent = { event: 'log.changed', payload: { newest: 'ü1' } };
const STREAM = `retry: 2000\n\n:\n\ndata: ${JSON.stringify(CHANGED)}\n\ndata: ${JSON.stringify(CHANGED)}\n\n`;

test('events are read the same however the stream is cut into pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: STREAM.length })), (cuts) => {
      const heard: LiveEvent[] = [];
      const take = createEventLines((event) => heard.push(event));
      const ends = [...cuts.toSorted((a, b) => a - b), STREAM.length];
      ends.reduce((from, to) => {
        take(STREAM.slice(from, to));
        return to;
      }, 0);
      expect(heard).toEqual([CHANGED, CHANGED]);
    }),
  );
});

test.each([
  ['an event that the contract does not know', '{"event":"nonsense","payload":{}}'],
  ['a payload that does not fit', '{"event":"log.changed","payload":{"newest":3}}'],
  ['what is not JSON', '{'],
  ['what is no object', '"log.changed"'],
])('%s is passed over', (_what, data) => {
  const heard: LiveEvent[] = [];
  createEventLines((event) => heard.push(event))(`data: ${data}\n\n`);
  expect(heard).toEqual([]);
});

test('a line that never ends is not kept for ever', () => {
  const take = createEventLines(() => {});
  expect(() => {
    for (let size = 0; size < 20; size += 1) take('x'.repeat(1024 * 1024));
  }).toThrow('too long');
});
