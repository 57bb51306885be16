import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createAgentClient } from '../../electron/client/agent-client.ts';
import { greet, serveCalls } from '../../electron/desktop/ipc-main.ts';
import { systemClock } from '../../mail/platform/clock.ts';
import { createIpcClient, desktopBridge } from '../../renderer/api/ipc-client.ts';
import { CALL_CHANNEL, PUSH_CHANNEL } from '../../shared/contract/desktop-bridge.ts';
import { METHODS, type MethodName } from '../../shared/contract/ipc.ts';
import { startRealAgent } from '../fakes/real-agent.ts';
import { FakeContents, ipcMain, ipcRenderer, seen } from './fakes/electron.ts';
import { FOREIGN_ORIGINS, foreignSenders } from './fakes/foreign-senders.ts';

const ours = new FakeContents();
const asked: unknown[] = [];
const client = {
  call: async (name: unknown) => {
    asked.push(name);
    return { ok: true, reply: 'a secret' };
  },
  onEvent: () => () => {},
  onConnection: () => () => {},
};

const call = (event: unknown, ...words: unknown[]) => ipcMain.handlers.get(CALL_CHANNEL)?.(event, ...words);
const fromUs = { sender: ours, senderFrame: ours.mainFrame };
const NAMES = Object.keys(METHODS) as MethodName[];

describe('who and what is refused (I13)', () => {
  beforeAll(() => serveCalls(client as never, () => ours as never));

  const foreign = foreignSenders(ours);

  test.each(NAMES.flatMap((name) => foreign.map(([who, event]) => [name, who, event] as const)))(
    '%s by %s',
    async (name, _who, event) => {
      expect(await call(event, name, {})).toMatchObject({ ok: false, kind: 'refused' });
      expect(asked).toEqual([]);
    },
  );

  test.each(NAMES.flatMap((name) => FOREIGN_ORIGINS.map((origin) => [name, origin] as const)))(
    '%s by our own frame at “%s”',
    async (name, origin) => {
      const window = new FakeContents();
      Object.assign(window.mainFrame, { origin });
      serveCalls(client as never, () => window as never);
      onTestFinished(() => serveCalls(client as never, () => ours as never));
      expect(await call({ sender: window, senderFrame: window.mainFrame }, name, {})).toMatchObject({
        ok: false,
      });
      expect(asked).toEqual([]);
    },
  );

  test.each(NAMES)('%s while there is no window', async (name) => {
    serveCalls(client as never, () => null);
    onTestFinished(() => serveCalls(client as never, () => ours as never));
    expect(await call(fromUs, name, {})).toMatchObject({ ok: false });
    expect(asked).toEqual([]);
  });

  test.each(
    NAMES.flatMap((name) =>
      [undefined, null, 7, 'text', [], { surprise: 1 }].map((request) => [name, request] as const),
    ),
  )('%s with the request %j', async (name, request) => {
    expect(await call(fromUs, name, request)).toMatchObject({ ok: false, kind: 'refused' });
    expect(asked).toEqual([]);
  });

  test.each([['no.such'], ['constructor'], ['__proto__'], ['toString'], [''], [7], [null], [{}]])(
    'a method that there is not: %j',
    async (name) => {
      expect(await call(fromUs, name, {})).toMatchObject({ ok: false, kind: 'refused' });
      expect(asked).toEqual([]);
    },
  );

  test('the page itself is let in', async () => {
    expect(await call(fromUs, 'status.get', {})).toEqual({ ok: true, reply: 'a secret' });
  });
});

test('page, preload script, channels and agent understand each other', async () => {
  const { agent, dataDir } = await startRealAgent();
  onTestFinished(() => agent.stop());
  const own = createAgentClient(dataDir, systemClock);
  onTestFinished(() => own.close());
  const contents = new FakeContents();
  serveCalls(own, () => contents as never);
  ipcRenderer.answer = async (channel, ...words) => {
    const event = { sender: contents, senderFrame: contents.mainFrame };
    // As Electron hands it over.
    return structuredClone(await ipcMain.handlers.get(channel)?.(event, ...structuredClone(words)));
  };
  contents.send = (channel, what) => void ipcRenderer.emit(channel, {}, structuredClone(what));
  await import('../../electron/preload.ts');
  expect([...seen.bridge.keys()]).toEqual(['tocsin']);

  await vi.waitFor(() => expect(own.connection()).toBe('open'));
  greet(contents as never, own);
  const bridge = desktopBridge(Object.fromEntries(seen.bridge));
  if (bridge === null) throw new Error('no bridge');
  expect(Object.keys(bridge.methods)).toEqual(NAMES);
  const page = createIpcClient(bridge);
  expect(page.connection()).toBe('open');
  const statuses = vi.fn();
  page.subscribe('status.changed', statuses);
  await vi.waitFor(() => expect(statuses).toHaveBeenCalled());
  expect((await page.call('status.get', {})).dataDir).toBe(dataDir.path);
  await expect(page.call('alerts.snooze', { name: 'x', minutes: 0 })).rejects.toThrow('minutes');
  const changed = vi.fn();
  page.subscribe('settings.changed', changed);
  await page.call('settings.import', { text: '{"version":1}', baseDir: '/' });
  await vi.waitFor(() => expect(changed).toHaveBeenCalled());
  await agent.stop();
  await vi.waitFor(() => expect(page.connection()).toBe('lost'));
  await expect(page.call('status.get', {})).rejects.toMatchObject({ kind: 'lost' });
});

test('a page that is loaded is told how things stand, and nothing of a status that is not known', () => {
  const contents = new FakeContents();
  greet(contents as never, { connection: () => 'lost', status: () => null } as never);
  expect(contents.sent).toEqual([[PUSH_CHANNEL, { kind: 'connection', connection: 'lost' }]]);
});
