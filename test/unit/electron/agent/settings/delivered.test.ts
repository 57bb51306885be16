import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dataDirAt } from '../../../../../electron/agent/platform/data-dir.ts';
import { deliveryPlaces } from '../../../../../electron/agent/platform/delivery-places.ts';
import { DELIVERED_NAME, takeInDelivered } from '../../../../../electron/agent/settings/delivered.ts';
import { createKeyFileSecretStore } from '../../../../../electron/agent/settings/secret-store.ts';
import { openSettingsStore } from '../../../../../electron/agent/settings/settings-store.ts';
import { startRealAgent } from '../../../../fakes/real-agent.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';

const CANARY = 'canary-delivered-9';

const settingsNamed = (name: string) => ({
  version: 1,
  installation: { name },
  smtp: {
    servers: [{ host: '127.0.0.1', port: 1, auth: { method: 'password', user: 'tocsin', password: CANARY } }],
    from: { address: 'tocsin@contoso.example' },
  },
  profile: { emails: ['admin@contoso.example'] },
});

/** A folder as an installer fills it. */
function place(text: string): { dir: string; path: string } {
  const dir = join(scratchDir(), 'import');
  mkdirSync(dir);
  const path = join(dir, DELIVERED_NAME);
  writeFileSync(path, text);
  return { dir, path };
}

async function startWith(places: readonly string[], folder = scratchDir()) {
  const agent = await startRealAgent({ folder, deliveryPlaces: places });
  onTestFinished(() => agent.agent.stop());
  return agent;
}

/** Every file below a folder whose bytes hold the password. */
function holdingCanary(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(dir, name);
    return statSync(path).isFile() && readFileSync(path).includes(CANARY);
  });
}

test('settings that an installation left are in force at the first start, the password in its store, the file gone', async () => {
  const { dir, path } = place(JSON.stringify(settingsNamed('rolled-out')));
  const folder = scratchDir();
  const { agent, dataDir, said, call } = await startWith([dir], folder);
  expect(agent.status().installation).toBe('rolled-out');
  expect((await call('settings.get', {})).secrets.smtp).toEqual([true]);
  expect(existsSync(path)).toBe(false);
  expect(holdingCanary(folder)).toEqual([]);
  expect(said.join()).toContain(`settings were taken in from ${path}`);
  expect(agent.status().troubles).toEqual([]);
  const loaded = openSettingsStore(dataDir, createKeyFileSecretStore(dataDir));
  const [server] = loaded.ok ? loaded.store.current().smtp.servers : [];
  expect(loaded.ok && server && loaded.store.smtpPassword(server)).toBe(CANARY);
});

test('faulty ones change nothing: the log, the status and a mail say where the faults are, and nothing keeps the file', async () => {
  const folder = scratchDir();
  const first = await startWith([place(JSON.stringify(settingsNamed('before'))).dir], folder);
  await first.agent.stop();
  const faulty = { ...settingsNamed('after'), smtp: { servers: [{ host: 'x', auth: { method: CANARY } }] } };
  const { dir, path } = place(JSON.stringify(faulty));
  const { agent, said, call } = await startWith([dir], folder);
  expect(agent.status().installation).toBe('before');
  expect(existsSync(path)).toBe(false);
  const [trouble] = agent.status().troubles;
  expect(trouble).toMatchObject({
    name: 'Delivered settings',
    text: `${path} was not taken in: 1 fault (smtp.servers[0].auth.method). The settings are as they were.`,
  });
  expect(said.join()).toContain('was not taken in: 1 fault');
  await expect
    .poll(async () =>
      (await call('log.list', { limit: 5, since: null, before: null })).map(({ message }) => message.subject),
    )
    .toEqual([expect.stringContaining('Delivered settings')]);
  expect(said.join()).not.toContain(CANARY);
  expect(holdingCanary(folder)).toEqual([]);
  expect((await call('alerts.acknowledge', { name: 'Delivered settings' })).outcome).toBe('done');
  expect(agent.status().troubles).toEqual([]);
});

test('in place of settings that are damaged, sound ones that were left are taken', async () => {
  const folder = scratchDir();
  const dataDir = dataDirAt(join(folder, 'data'));
  mkdirSync(dataDir.path, { mode: 0o700 });
  writeFileSync(dataDir.settingsPath, '{ damaged');
  const { agent } = await startWith([place(JSON.stringify(settingsNamed('mended'))).dir], folder);
  expect(agent.status().installation).toBe('mended');
});

test.skipIf(process.platform === 'win32')('a link is neither followed nor wiped', async () => {
  const { path: elsewhere } = place(JSON.stringify(settingsNamed('linked')));
  const dir = scratchDir();
  symlinkSync(elsewhere, join(dir, DELIVERED_NAME));
  const { agent } = await startWith([dir]);
  expect(agent.status().installation).not.toBe('linked');
  expect(agent.status().troubles[0]?.text).toContain('is a link');
  expect(readFileSync(elsewhere, 'utf8')).toContain('linked');
});

test('while the keyring is locked the file waits, and is taken in at the next start', () => {
  const { dir, path } = place(JSON.stringify(settingsNamed('waiting')));
  const dataDir = dataDirAt(scratchDir());
  const secrets = createKeyFileSecretStore(dataDir);
  const locked = {
    ...secrets,
    change: () => {
      throw new Error('the keyring is locked.');
    },
  };
  const first = takeInDelivered({ dataDir, secrets: locked, places: [dir], now: 1 });
  expect(first.troubles[0]?.text).toContain('the keyring is locked.');
  expect(existsSync(path)).toBe(true);
  expect(takeInDelivered({ dataDir, secrets, places: [dir], now: 2 })).toMatchObject({ troubles: [] });
  expect(existsSync(path)).toBe(false);
});

test('where installations leave settings', () => {
  const dataDir = dataDirAt('/data');
  const own = join(dataDir.path, 'import');
  expect(deliveryPlaces(dataDir, 'linux', '/opt/Tocsin/tocsin-app')).toEqual([own]);
  expect(deliveryPlaces(dataDir, 'win32', null)).toEqual([own]);
  expect(deliveryPlaces(dataDir, 'win32', '/Program Files/Tocsin/Tocsin.exe')).toEqual([
    join('/Program Files/Tocsin', 'import'),
    own,
  ]);
});
