import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { expect, onTestFinished, test } from 'vitest';
import { ScriptedSmtpServer } from '../fakes/scripted-smtp-server.ts';
import { createAgentHarness } from './support/agent-process.ts';
import { createRelayProcess } from './support/relay-process.ts';
import { freePort, makeScratchDir, waitFor } from './support/scratch.ts';
import { testSettings } from './support/settings-builder.ts';

const FROM = 'alerts@provider.example';

/** An alert of this kind fires as soon as its file is there, and is mailed by the Web Service. */
function overridden(name: string, path: string): unknown {
  // People of their own each, so that no mail waits to be joined with another.
  const own = name === 'first' ? '' : `-${name}`;
  return {
    name,
    severity: 'critical',
    conditions: [{ metric: 'file.state', target: path, is: 'present' }],
    recipients: [`it${own}@contoso.example`, `desk${own}@contoso.example`],
    sms: [`5551234567${own}@sms.example`],
    notifyOnRecovery: false,
    repeatMinutes: 0,
    emailProperties: { smtpOverride: true, format: 'text' },
  };
}

async function setUp() {
  const scratch = makeScratchDir('tocsin-override');
  const agent = createAgentHarness('tocsin-override-agent');
  const local = await new ScriptedSmtpServer().start();
  const service = await new ScriptedSmtpServer().start();
  const words = ['--from', FROM, '--smtp-url', `smtp://127.0.0.1:${service.port}`];
  const relay = createRelayProcess(join(scratch.dir, 'relay'), await freePort(), words);
  onTestFinished(async () => {
    await agent.dispose();
    await relay.kill();
    await Promise.all([local.stop(), service.stop()]);
    scratch.remove();
  });
  const path = (name: string) => join(agent.dir, name);
  const settings = {
    ...(testSettings({
      servers: [{ port: local.port }],
      alerts: ['first', 'second', 'third'].map((name) => overridden(name, path(name))),
    }) as object),
    profile: { emails: ['admin@contoso.example'] },
  };
  await agent.must('import', agent.writeSettings(settings));
  /** Recipient and Message-ID of everything the service has mailed. */
  const mailed = () =>
    service.accepted.map(({ to, data }) => `${to.join()} ${/^Message-ID: (.*)/im.exec(data)?.[1] ?? ''}`);
  return { agent, local, service, relay, path, mailed };
}

test('an overridden alert arrives once, from the service and as HTML, whatever happens to the service meanwhile', async () => {
  const { agent, local, service, relay, path, mailed } = await setUp();
  agent.start();
  await agent.ready();

  // Fired before anybody has enrolled: kept.
  writeFileSync(path('first'), '');
  await waitFor('the alert', async () => ((await agent.log()).length === 2 ? true : null));
  await relay.start();
  const code = (
    await relay.must('installation', 'add', 'front-desk', '--reply-to', 'admin@contoso.example')
  ).trim();
  await waitFor('the service to be ready', async () =>
    (await fetch(`${relay.url}/readyz`)).ok ? true : null,
  );
  expect(await agent.must('enroll', code, '--relay', relay.url)).toContain(`comes from ${FROM}`);
  await waitFor('mail and text message', () => (service.accepted.length === 3 ? true : null));

  const mail = await PostalMime.parse(
    service.accepted.find(({ to }) => to[0] === 'it@contoso.example')?.data ?? '',
  );
  expect(mail.from?.address).toBe(FROM);
  expect(mail.replyTo?.[0]?.address).toBe('admin@contoso.example');
  expect(mail.html).toContain('first');
  expect(mail.text).toContain('Tocsin Web Service (SMTP override)');
  const sms = await PostalMime.parse(service.accepted.find(({ to }) => to[0]?.startsWith('555'))?.data ?? '');
  expect([sms.html, sms.text?.length]).toEqual([undefined, expect.any(Number)]);
  expect(sms.text).toMatch(/^CRITICAL front-desk: first/);

  // The service is away: kept, and nothing goes by local SMTP.
  await relay.kill();
  writeFileSync(path('second'), '');
  writeFileSync(path('third'), '');
  await waitFor('the alerts to be kept', async () => {
    const waiting = (await agent.log()).filter(({ recipients }) =>
      recipients.some(({ status }) => status === 'queued'),
    );
    return waiting.length === 4 ? true : null;
  });
  await waitFor('the reason to be written down', async () => {
    const unreached = (await agent.log()).filter(({ attempts }) =>
      attempts.some(({ code }) => code === 'relay_unreachable' || code === 'relay_outcome_unknown'),
    );
    return unreached.length > 0 ? true : null;
  });
  // Killed as well, in the middle of it.
  await agent.kill();
  agent.start();
  await agent.ready();
  const back = performance.now();
  await relay.start();
  await waitFor('everything', () => (service.accepted.length === 9 ? true : null), 30_000);
  const tookMs = performance.now() - back;
  await waitFor(
    'the words of the mail server',
    async () => {
      const heard = (await agent.log()).every(({ recipients }) =>
        recipients.every((each) => 'news' in each && each.news !== null),
      );
      return heard ? true : null;
    },
    60_000,
  );

  expect(new Set(mailed()).size).toBe(9);
  expect(service.accepted).toHaveLength(9);
  expect(local.accepted).toEqual([]);
  // A probe every 5 s, the service's own start, and its look at its mail server (10 s where it was asked too early).
  expect(tookMs).toBeLessThan(20_000);
  const log = await agent.must('log');
  expect(log).toMatch(
    /✓ it@contoso\.example {2}accepted by the Tocsin Web Service 127\.0\.0\.1:\d+: 202 Accepted as \S+; then by the mail server of the service: 250/,
  );
  const status = await agent.status();
  expect(status['subscription']).toEqual({ state: 'valid', expiresAt: null });
  expect(status['relay']).toMatchObject({ enrolled: true, url: relay.url, from: FROM });
});

test('the key never leaves its store', async () => {
  const { agent, relay } = await setUp();
  await relay.start();
  const code = (await relay.must('installation', 'add', 'front-desk')).trim();
  await agent.must('enroll', code, '--relay', relay.url);
  const said = [
    await agent.must('export'),
    await agent.must('status', '--json'),
    (await agent.run('test-mail', '--to', 'it@contoso.example', '--via', 'relay', '--json')).stdout,
  ].join('\n');
  const files = readdirSync(agent.dataDir).filter((name) => name !== 'secrets.json');
  const kept = files.map((name) => {
    try {
      return readFileSync(join(agent.dataDir, name), 'latin1');
    } catch {
      return '';
    }
  });
  // How every ed25519 key in PKCS #8 begins (RFC 8410), in base64 and as it is.
  const shapes = [
    'MC4CAQAwBQYDK2VwBCIEI',
    '\u0030\u002e\u0002\u0001\u0000\u0030\u0005\u0006\u0003\u002b\u0065\u0070',
    'PRIVATE KEY',
    code,
  ];
  for (const text of [said, ...kept]) for (const shape of shapes) expect(text.includes(shape)).toBe(false);
});
