import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { METHODS, type MethodName, type RequestOf } from '../../../../../shared/contract/ipc.ts';
import { exampleSettings } from '../../../../fakes/example-settings.ts';
import { fastClock } from '../../../../fakes/fast-clock.ts';
import { type RealAgent, startRealAgent } from '../../../../fakes/real-agent.ts';

const CANARIES = ['canary-smtp-password', 'canary-mailbox-password', 'canary-form-password'];

let folder: string;
let real: RealAgent;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-unit-'));
  const settings = exampleSettings();
  settings.smtp.servers[0].host = '127.0.0.1';
  settings.smtp.servers[0].port = 9;
  // What measures twice, a second apart, does so within 0.1 s.
  real = await startRealAgent({ settings, folder, clock: fastClock(10) });
}, 20_000);

afterAll(async () => {
  await real.agent.stop();
  rmSync(folder, { recursive: true, force: true });
});

const alert = {
  name: 'Load',
  conditions: [{ metric: 'cpu.usedPercent', above: 101 }],
  recipients: ['it@contoso.example'],
};
const server = {
  host: '127.0.0.1',
  port: 9,
  auth: { method: 'password', user: 'somebody', password: 'canary-form-password' },
};

const signing = {
  host: '127.0.0.1',
  port: 9,
  auth: {
    method: 'oauth2',
    user: 'somebody',
    provider: 'custom',
    clientId: 'app',
    clientSecret: 'canary-form-password',
    tokenEndpoint: 'http://127.0.0.1:9/token',
    deviceEndpoint: 'http://127.0.0.1:9/device',
  },
};

/** One call of each method: the compiler asks for a line for each that is added. */
const CALLS: { readonly [Name in MethodName]: RequestOf<Name> } = {
  'status.get': {},
  'console.link': {},
  'settings.get': {},
  'settings.export': {},
  'settings.import': { text: '{"version": 2}', baseDir: '/' },
  'settings.save': { revision: 'of another window', settings: {} },
  'settings.check': { settings: { version: 1, smtp: { servers: [server] }, surprise: true } },
  'alerts.check': {},
  'alerts.acknowledge': { name: 'no such' },
  'alerts.snooze': { name: 'Disk nearly full', minutes: 1 },
  'alerts.preview': { alert },
  'alerts.test': { alert, to: 'it@contoso.example' },
  'monitoring.pause': { minutes: 5 },
  'monitoring.resume': {},
  'reports.send': { name: 'Morning report' },
  'reports.preview': { report: { name: 'Weekly', cron: '0 8 * * 1', recipients: [] } },
  'files.look': { folders: ['/no/such/folder'] },
  'mail.test': {
    to: 'it@contoso.example',
    via: 'smtp',
    server,
    testId: 'one',
    from: null,
    timeoutSeconds: 5,
  },
  'mail.check': { server, timeoutSeconds: 5 },
  'mail.findings': { server, from: { name: null, address: 'tocsin@front-desk' } },
  'mail.resolve': { host: '127.0.0.1' },
  'mail.presets': {},
  'relay.enroll': { code: 'no such', url: 'https://relay.invalid' },
  'relay.get': {},
  'oauth.start': { server: signing, flow: 'device' },
  'oauth.get': { id: 'no such' },
  'oauth.finish': { id: 'no such', address: 'http://127.0.0.1:9/?code=canary-form-password' },
  'oauth.cancel': { id: 'no such' },
  'oauth.status': { server: signing },
  'oauth.signOut': { server: signing },
  'log.list': { limit: 10, since: null, before: null, search: 'report', status: 'waiting' },
  'log.rows': { limit: 10, before: null, search: 'report', status: 'failed', route: 'practice' },
  'log.latest': { type: 'report' },
  'log.get': { id: 'no such' },
  'log.resend': { id: 'no such' },
  'events.list': { limit: 10, before: null },
  'events.try': {
    rule: {
      name: 'Tell me',
      event: 'pop-login-failed',
      actions: [{ type: 'log-to-file', file: 'events.log' }],
    },
  },
  'mailbox.test': {
    mailbox: {
      protocol: 'pop3',
      host: '127.0.0.1',
      port: 9,
      user: 'somebody',
      password: 'canary-form-password',
    },
    testId: 'two',
  },
  'practice.list': { limit: 10 },
  'practice.get': { id: 'no such' },
  'inventory.get': {},
  'history.series': { items: [{ metric: 'cpu.usedPercent', target: null }], from: 0, to: 1, points: 1 },
  'history.charts': {},
  'about.get': {},
};

describe('every method of a running agent', () => {
  const names = Object.keys(METHODS) as MethodName[];

  test.each(names)('%s answers what its schema says, no more than that, and no password', async (name) => {
    const { status, body } = await real.raw(name, CALLS[name]);
    expect([status, status === 200 ? '' : body]).toEqual([200, '']);
    const reply: unknown = JSON.parse(body);
    // A key that the schema does not have would be left out of what it gives.
    expect(METHODS[name].reply.parse(reply)).toEqual(reply);
    for (const canary of CANARIES) {
      expect(body).not.toContain(canary);
      expect(body).not.toContain(Buffer.from(canary).toString('base64'));
    }
  });

  test.each(names)('%s takes no key that it does not know', async (name) => {
    const { status, body } = await real.raw(name, { ...CALLS[name], surprise: 1 });
    expect([status, body]).toEqual([400, expect.stringContaining('surprise')]);
  });

  test('and nothing of that was a fault of the agent', () => {
    expect(real.said.filter((line) => line.includes('unexpected fault'))).toEqual([]);
    for (const canary of CANARIES) expect(real.said.join('\n')).not.toContain(canary);
  });
});
