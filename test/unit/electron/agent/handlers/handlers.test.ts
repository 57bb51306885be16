import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Settings } from '../../../../../shared/contract/settings.ts';
import { METRIC_NAMES } from '../../../../../shared/model/metrics.ts';
import { fastClock } from '../../../../fakes/fast-clock.ts';
import { type RealAgent, startRealAgent } from '../../../../fakes/real-agent.ts';
import { type Script, ScriptedSmtpServer } from '../../../../fakes/scripted-smtp-server.ts';

let real: RealAgent;
beforeEach(async () => {
  // What measures twice, a second apart, does so within 0.1 s.
  real = await startRealAgent({ clock: fastClock(10) });
});
afterEach(() => real.agent.stop());

const smtpServer = (port: number, auth: unknown = { method: 'none' }) => ({
  host: '127.0.0.1',
  port,
  auth,
});
const login = (password?: string) => ({
  method: 'password',
  user: 'tocsin',
  ...(password ? { password } : {}),
});

/** Saves what `change` makes of the settings in force. */
async function save(change: (settings: Settings) => unknown) {
  const { revision, settings } = await real.call('settings.get', {});
  return real.call('settings.save', { revision, settings: change(settings) });
}

describe('settings', () => {
  test('are saved as a whole, and told of', async () => {
    const before = await real.call('settings.get', {});
    const saved = await save((settings) => ({ ...settings, installation: { name: 'front-desk' } }));
    expect(saved).toMatchObject({ outcome: 'saved' });
    const after = await real.call('settings.get', {});
    expect(after.settings.installation.name).toBe('front-desk');
    expect(after.revision).not.toBe(before.revision);
    expect('revision' in saved && saved.revision).toBe(after.revision);
  });

  test('of two windows that save, the second is told and overwrites nothing', async () => {
    const { revision, settings } = await real.call('settings.get', {});
    await real.call('settings.save', { revision, settings: { ...settings, installation: { name: 'one' } } });
    const second = await real.call('settings.save', {
      revision,
      settings: { ...settings, installation: { name: 'two' } },
    });
    const now = await real.call('settings.get', {});
    expect(second).toEqual({ outcome: 'conflict', revision: now.revision });
    expect(now.settings.installation.name).toBe('one');
  });

  test('with a fault are not taken in; every fault is named', async () => {
    const outcome = await save((settings) => ({ ...settings, alerts: [{ name: '' }], surprise: 1 }));
    expect(outcome).toEqual({
      outcome: 'invalid',
      faults: expect.arrayContaining([
        { path: 'surprise', message: 'is not a known key' },
        { path: 'alerts[0].name', message: 'must not be empty' },
      ]) as unknown,
    });
    expect((await real.call('settings.get', {})).settings.alerts).toEqual([]);
  });

  test('a password that was entered is kept where it is left out, and forgotten with its server', async () => {
    const servers =
      (...list: unknown[]) =>
      (settings: Settings) => ({ ...settings, smtp: { servers: list } });
    const stored = async () => (await real.call('settings.get', {})).secrets.smtp;
    await save(servers(smtpServer(9, login('canary')), smtpServer(10)));
    expect(await stored()).toEqual([true, false]);
    await save(servers(smtpServer(9, login())));
    expect(await stored()).toEqual([true]);
    await save(servers(smtpServer(11, login())));
    expect(await stored()).toEqual([false]);
    await save(servers(smtpServer(9, login())));
    expect(await stored()).toEqual([false]);
  });

  test('are checked without being stored, warnings included', async () => {
    const document = { version: 1, smtp: { servers: [smtpServer(9, login())] } };
    const { faults, warnings } = await real.call('settings.check', { settings: document });
    expect([faults, warnings.map(({ path }) => path)]).toEqual([
      [],
      ['smtp.servers[0].auth.password', 'smtp.servers[0].auth', 'smtp.from'],
    ]);
    const entered = { version: 1, smtp: { servers: [smtpServer(9, login('canary'))] } };
    const paths = (await real.call('settings.check', { settings: entered })).warnings.map(({ path }) => path);
    expect(paths).toEqual(['smtp.servers[0].auth', 'smtp.from']);
    expect((await real.call('settings.get', {})).settings.smtp.servers).toEqual([]);
  });
});

describe('mail', () => {
  test('a server of a form is tested with the password stored for it, stage by stage', async () => {
    const server = await new ScriptedSmtpServer({ extensions: ['AUTH PLAIN'] }).start();
    const { port } = server;
    await save((settings) => ({ ...settings, smtp: { servers: [smtpServer(port, login('canary'))] } }));
    const titles: string[] = [];
    const stop = await hear((event) => {
      if (event.event === 'test.stage') titles.push(event.payload.stage.title);
    });
    const request = { to: 'it@contoso.example', via: 'smtp', testId: 'one' } as const;
    const report = await real.call('mail.test', { ...request, server: smtpServer(port, login()) });
    expect(report).toMatchObject({ accepted: true, via: 'smtp', server: `127.0.0.1:${port}` });
    await vi.waitFor(() => expect(titles).toEqual(report.stages.map(({ title }) => title)));
    stop();
    const plain = Buffer.from('\0tocsin\0canary').toString('base64');
    expect(server.commands).toContain(`AUTH PLAIN ${plain}`);
    const faulty = await real.call('mail.test', { ...request, server: { host: '' } });
    expect(faulty).toMatchObject({ accepted: false, sentence: expect.stringContaining('host') as unknown });
    await server.stop();
  });

  test('the From and the time limit of a form are tested as they stand there', async () => {
    const server = await new ScriptedSmtpServer().start();
    const given = { to: 'it@contoso.example', via: 'smtp', server: smtpServer(server.port) } as const;
    await real.call('mail.test', { ...given, from: { name: 'Form', address: 'form@contoso.example' } });
    expect(server.accepted.at(-1)?.from).toBe('form@contoso.example');
    expect(server.accepted.at(-1)?.data).toContain('From: Form <form@contoso.example>');

    server.script = { greeting: 'hang' };
    const began = performance.now();
    const report = await real.call('mail.test', { ...given, timeoutSeconds: 1 });
    expect(report.stages.find(({ outcome }) => outcome === 'failed')?.code).toBe('smtp_connection_timeout');
    expect(performance.now() - began).toBeLessThan(5000);
    await server.stop();
  });

  test.each<[string, Script, string | null]>([
    ['lets this computer in', {}, null],
    ['refuses the login', { auth: '535 5.7.8 No' }, 'smtp_auth_failed'],
    ['cuts the connection', { greeting: 'reset' }, 'smtp_blocked'],
  ])('a server is looked at without a mail: it %s', async (_rule, script, code) => {
    const server = await new ScriptedSmtpServer(script).start();
    const reply = await real.call('mail.check', { server: smtpServer(server.port, login('canary')) });
    expect([reply.reached, reply.failure?.code ?? null]).toEqual([code === null, code]);
    expect(server.commands.filter((line) => /^(MAIL|RCPT|DATA)/.test(line))).toEqual([]);
    await server.stop();
  });

  test.each([
    ['127.0.0.1', 'resolves', /^$/],
    ['localhost', 'resolves', /^$/],
    [
      'no-such-host.invalid',
      /^(not-found|no-answer)$/,
      /cannot be resolved.*(does not exist|did not answer)/,
    ],
  ])('the name %s: %s', async (host, state, sentence) => {
    const reply = await real.call('mail.resolve', { host });
    expect(reply.state).toMatch(state);
    expect(reply.sentence ?? '').toMatch(sentence);
    expect(reply.addresses.length > 0).toBe(reply.state === 'resolves');
  });

  test('presets begin with Microsoft 365 and Gmail, and each is a server the settings take', async () => {
    const presets = await real.call('mail.presets', {});
    expect(presets.slice(0, 2).map(({ name }) => name)).toEqual(['Microsoft 365', 'Gmail']);
    expect(new Set(presets.map(({ name }) => name)).size).toBe(presets.length);
    const servers = presets.map(({ host, port, security }) => ({ host, port, security }));
    for (let first = 0; first < servers.length; first += 10) {
      const document = { version: 1, smtp: { servers: servers.slice(first, first + 10) } };
      expect((await real.call('settings.check', { settings: document })).faults).toEqual([]);
    }
  });
});

test('history is given for many at once, in the order asked for, with titles for people', async () => {
  const watched = { name: 'Memory', conditions: [{ metric: 'memory.usedPercent', above: 100 }] };
  await save((settings) => ({ ...settings, installation: { intervalSeconds: 1 }, alerts: [watched] }));
  const charts = await vi.waitFor(async () => {
    const found = await real.call('history.charts', {});
    expect(found.map(({ title }) => title)).toContain('Memory used');
    return found;
  }, 8000);
  expect(charts.every(({ metric }) => METRIC_NAMES.includes(metric))).toBe(true);
  const now = Date.now();
  const [none, some] = await real.call('history.series', {
    items: [
      { metric: 'tcp.connectMilliseconds', target: 'nowhere:1' },
      { metric: 'memory.usedPercent', target: null },
    ],
    from: now - 3_600_000,
    to: now + 60_000,
    points: 10,
  });
  expect(none?.points).toEqual([]);
  expect(some?.points[0]?.avg).toBeGreaterThan(0);
});

type Heard = { event: string; payload: { stage: { title: string } } };

/** Hears the agent's events by the token, as a page does; resolves once they come. */
async function hear(listener: (event: Heard) => void): Promise<() => void> {
  const stop = new AbortController();
  const { body } = await fetch(`${real.url}/api/events`, {
    headers: { authorization: `Bearer ${real.token}` },
    signal: stop.signal,
  });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  const read = async () => {
    for (;;) {
      const { done, value = '' } = (await reader?.read()) ?? { done: true };
      if (done) return;
      const lines = `${rest}${value}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data: ')) listener(JSON.parse(line.slice(6)));
    }
  };
  read().catch(() => {});
  return () => stop.abort();
}
