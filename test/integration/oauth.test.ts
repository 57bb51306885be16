import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { OAuthServer } from '../fakes/oauth-server.ts';
import { TokenSmtpServer } from '../fakes/token-smtp-server.ts';
import { type AgentHarness, createAgentHarness } from './support/agent-process.ts';
import { waitFor } from './support/scratch.ts';
import { fileAlert, testSettings } from './support/settings-builder.ts';

const USER = 'tocsin@contoso.example';
const APP_SECRET = 'canary-app-secret';

async function setUp() {
  const service = await new OAuthServer({ intervalSeconds: 1, clientSecret: APP_SECRET }).start();
  const mail = await new TokenSmtpServer(service).start();
  const agent = createAgentHarness('tocsin-oauth');
  onTestFinished(async () => {
    await agent.dispose();
    await Promise.all([mail.stop(), service.stop()]);
  });
  const path = (name: string) => join(agent.dir, name);
  const names = ['first', 'second', 'third'];
  const base = testSettings({
    servers: [{ port: mail.port }],
    // Recipients of their own each, so that no mail waits to be joined with another.
    alerts: names.map((name) => fileAlert(name, path(name), [`${name}@contoso.example`])),
  }) as { smtp: { servers: { auth?: unknown }[] } };
  const [server] = base.smtp.servers;
  if (server !== undefined) server.auth = { ...service.auth(USER), clientSecret: APP_SECRET };
  const imported = await agent.run('import', agent.writeSettings(base));
  expect([imported.status, imported.stderr + imported.stdout]).toEqual([
    0,
    expect.stringContaining('waits for somebody to sign in'),
  ]);
  const fire = (name: string) => writeFileSync(path(name), '');
  return { agent, service, mail, fire };
}

/** Runs the command, and does meanwhile what a person does with the code. */
async function signIn(agent: AgentHarness, service: OAuthServer, settle: 'approved' | 'denied' = 'approved') {
  const command = agent.run('sign-in', '--json');
  const code = await waitFor('a code', () => service.pendingCodes[0] ?? null);
  service.settleDevice(code, settle, USER);
  const { status, stdout, stderr } = await command;
  expect(stderr).toContain(`Enter  ${code}`);
  return { status, reply: JSON.parse(stdout) as Record<string, unknown> };
}

const arrived = (mail: TokenSmtpServer, name: string) =>
  waitFor(`the mail of ${name}`, () =>
    mail.accepted.some((text) => text.includes(`${name}@contoso.example`)) ? true : null,
  );

interface Route {
  readonly state: string;
  readonly code: string | null;
  readonly detail: string | null;
}

async function routeOf(agent: AgentHarness): Promise<Route | undefined> {
  return ((await agent.status()) as { routes?: Route[] }).routes?.[0];
}

test('mail waits for a sign-in, goes by it, waits when it is withdrawn, and goes at once after the next one', async () => {
  const { agent, service, mail, fire } = await setUp();
  const pid = agent.start();
  await agent.ready();
  // Before anybody has signed in the status says what is to be done, and nothing is asked of anybody.
  expect(await routeOf(agent)).toMatchObject({
    state: 'paused',
    code: 'smtp_auth_failed',
    detail: expect.stringContaining('tocsin sign-in'),
  });
  fire('first');
  await waitFor('the first attempt', async () =>
    ((await agent.log())[0]?.attempts.length ?? 0) > 0 ? true : null,
  );
  expect([mail.connections, service.requests]).toEqual([0, []]);

  expect(await signIn(agent, service, 'denied')).toMatchObject({
    status: 1,
    reply: { error: expect.stringContaining('declined') },
  });
  expect(await signIn(agent, service)).toMatchObject({
    status: 0,
    reply: { signedIn: true, user: USER, account: USER, agentRunning: true },
  });
  await arrived(mail, 'first');
  expect(mail.offered.every(({ taken }) => taken)).toBe(true);
  const tested = await agent.must('test-mail', '--to', 'it@contoso.example');
  expect(tested).toContain(`logged in as ${USER} by OAuth 2.0 (XOAUTH2)`);

  // The sign-in, and the refresh token that was replaced meanwhile, are there after a restart.
  await agent.stop();
  const secondPid = agent.start();
  await agent.ready();
  fire('second');
  await arrived(mail, 'second');
  expect(service.countOf('refresh_token')).toBe(1);

  // Withdrawn: one token is refused, one question asked, and then nobody is bothered any more.
  service.withdraw(USER);
  mail.cutConnections();
  const refused = mail.offered.length;
  fire('third');
  const paused = await waitFor('the pause', async () => {
    const route = await routeOf(agent);
    return route?.state === 'paused' ? route : null;
  });
  expect(paused).toMatchObject({
    code: 'smtp_auth_failed',
    detail: expect.stringMatching(/Sign in again.*tocsin sign-in/),
  });
  const [waiting] = await agent.log();
  expect(waiting?.attempts.at(-1)?.reason).toMatch(
    /the sign-in of .* has ended \(invalid_grant: .*\); sign in again/,
  );
  for (let look = 0; look < 20; look++) {
    await agent.run('test-mail', '--to', 'it@contoso.example');
  }
  expect([mail.offered.length - refused, service.countOf('refresh_token')]).toEqual([1, 2]);

  const waited = performance.now();
  expect(await signIn(agent, service)).toMatchObject({ status: 0 });
  await arrived(mail, 'third');
  expect(performance.now() - waited).toBeLessThan(20_000);

  // No secret stands in anything that is said, kept or handed on.
  const files = readdirSync(agent.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  const processes = [pid, secondPid].map((id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, 'latin1');
    } catch {
      return '';
    }
  });
  const said = [agent.said(), ...files, ...processes];
  said.push(
    await agent.must('export'),
    JSON.stringify(await agent.status()),
    JSON.stringify(await agent.log()),
  );
  expect(service.secrets.length).toBeGreaterThan(5);
  for (const secret of [...service.secrets, APP_SECRET]) {
    for (const form of [secret, Buffer.from(secret).toString('base64')])
      expect(said.join('\n').includes(form) ? form : null).toBe(null);
  }
});

test('without an agent somebody signs in on the folder, and signs out again', async () => {
  const { agent, service, mail } = await setUp();
  expect(await signIn(agent, service)).toMatchObject({ status: 0, reply: { agentRunning: false } });
  await agent.must('test-mail', '--to', 'it@contoso.example');
  expect(mail.accepted).toHaveLength(1);
  expect(await agent.must('sign-out')).toContain('has withdrawn it');
  const again = await agent.run('sign-out', '--server', '127.0.0.1');
  expect([again.status, again.stderr]).toEqual([1, `Nobody was signed in as ${USER}.\n`]);
  const unknown = await agent.run('sign-in', '--server', 'elsewhere.example');
  expect([unknown.status, unknown.stderr]).toEqual([
    2,
    expect.stringContaining(`there is 127.0.0.1:${mail.port}`),
  ]);
});
