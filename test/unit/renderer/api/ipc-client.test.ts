import { describe, expect, test, vi } from 'vitest';
import { createIpcClient, desktopBridge } from '../../../../renderer/api/ipc-client.ts';
import type { DesktopBridge } from '../../../../shared/contract/desktop-bridge.ts';

/** A bridge that answers every method with the same outcome, and tells what the test says. */
function bridgeOf(outcome: () => Promise<unknown>) {
  const tell: ((push: unknown) => void)[] = [];
  const asked: unknown[] = [];
  const method = (request: unknown) => {
    asked.push(request);
    return outcome();
  };
  const bridge = {
    methods: { 'monitoring.pause': method } as unknown as DesktopBridge['methods'],
    subscribe(listener: (push: unknown) => void) {
      tell.push(listener);
      return () => {};
    },
  };
  return {
    client: createIpcClient(bridge),
    asked,
    tell: (push: unknown) => tell.forEach((one) => one(push)),
  };
}

test('a browser has no bridge, the desktop app has', () => {
  expect(desktopBridge({})).toBeNull();
  expect(desktopBridge({ tocsin: { methods: {} } })).toEqual({ methods: {} });
});

describe('a call over IPC', () => {
  test('gives the reply that was checked against the contract', async () => {
    const { client, asked } = bridgeOf(async () => ({ ok: true, reply: { until: 'forever' } }));
    expect(await client.call('monitoring.pause', { minutes: null })).toEqual({ until: 'forever' });
    expect(asked).toEqual([{ minutes: null }]);
  });

  test.each([
    ['refused in the words of the agent', { ok: false, kind: 'refused', message: 'No.' }, 'refused', 'No.'],
    ['lost', { ok: false, kind: 'lost', message: 'Gone.' }, 'lost', 'Gone.'],
    ['an answer of another version', { ok: true, reply: { surprise: 1 } }, 'mismatch', /different versions/],
  ])('that is %s fails as that', async (_what, outcome, kind, message) => {
    const { client } = bridgeOf(async () => outcome);
    const call = client.call('monitoring.pause', { minutes: 5 });
    await expect(call).rejects.toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  test('to a process that ends fails as lost; a method the app does not know, as a difference of versions', async () => {
    const { client } = bridgeOf(() => Promise.reject(new Error('reply was never sent')));
    await expect(client.call('monitoring.pause', { minutes: 5 })).rejects.toMatchObject({ kind: 'lost' });
    await expect(client.call('status.get', {})).rejects.toMatchObject({ kind: 'mismatch' });
  });
});

test('events and the connection are told; what is no event of the contract is not', () => {
  const { client, tell } = bridgeOf(async () => ({}));
  const heard = vi.fn();
  const connections = vi.fn();
  const stop = client.subscribe('log.changed', heard);
  client.onConnection(connections);
  expect(client.connection()).toBe('lost');
  tell({ kind: 'connection', connection: 'open' });
  tell({ kind: 'event', event: 'log.changed', payload: { newest: '1' } });
  tell({ kind: 'event', event: 'log.changed', payload: { newest: 1 } });
  tell({ kind: 'event', event: 'no such' });
  tell(null);
  stop();
  tell({ kind: 'event', event: 'log.changed', payload: { newest: '2' } });
  expect(heard.mock.calls).toEqual([[{ newest: '1' }]]);
  expect(connections.mock.calls).toEqual([['open']]);
  expect(client.connection()).toBe('open');
});
