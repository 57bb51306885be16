import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ScriptedSmtpServer } from '../fakes/scripted-smtp-server.ts';
import { createAgentHarness } from './support/agent-process.ts';
import { createRelayProcess } from './support/relay-process.ts';
import { freePort, makeScratchDir, waitFor } from './support/scratch.ts';
import { fileAlert, testSettings } from './support/settings-builder.ts';

/** Customers of their own each, so that no mail waits to be joined with another. */
const CUSTOMERS = ['first', 'second', 'third', 'fourth', 'fifth'] as const;

async function setUp() {
  const scratch = makeScratchDir('tocsin-fallback');
  const agent = createAgentHarness('tocsin-fallback-agent');
  const local = await new ScriptedSmtpServer().start();
  const service = await new ScriptedSmtpServer().start();
  const words = ['--from', 'alerts@provider.example', '--smtp-url', `smtp://127.0.0.1:${service.port}`];
  const relay = createRelayProcess(join(scratch.dir, 'relay'), await freePort(), words);
  onTestFinished(async () => {
    await agent.dispose();
    await relay.kill();
    await Promise.all([local.stop(), service.stop()]);
    scratch.remove();
  });
  const path = (name: string) => join(agent.dir, name);
  const base = testSettings({
    servers: [{ port: local.port }],
    alerts: [
      ...CUSTOMERS.map((name) => fileAlert(name, path(name), [`${name}@elsewhere.example`])),
      fileAlert('inside', path('inside'), ['it@contoso.example']),
    ],
  }) as { smtp: object };
  const settings = {
    ...base,
    smtp: { ...base.smtp, timeoutSeconds: 2 },
    relay: { url: relay.url, useWhenSmtpFails: true },
    profile: { emails: ['admin@provider.example'] },
  };
  await agent.must('import', agent.writeSettings(settings));
  await relay.start();
  const code = (await relay.must('installation', 'add', 'front-desk')).trim();
  await waitFor('the service to be ready', async () =>
    (await fetch(`${relay.url}/readyz`)).ok ? true : null,
  );
  await agent.must('enroll', code, '--relay', relay.url);
  agent.start();
  await agent.ready();
  const fire = (name: string) => writeFileSync(path(name), '');
  return { agent, local, service, fire };
}

function subjects(server: ScriptedSmtpServer): string[] {
  return server.accepted.map(({ data }) => /^Subject: (.*)/im.exec(data)?.[1] ?? '');
}

/** Waits until a mail whose subject holds these words has come to the server. */
function arrival(server: ScriptedSmtpServer, words: string): Promise<true> {
  return waitFor(words, () => (subjects(server).some((subject) => subject.includes(words)) ? true : null));
}

test('what a dead or unwilling server does not take arrives once by the service, and SMTP is used again when it is back', async () => {
  const { agent, local, service, fire } = await setUp();
  const reasons = async (name: string) =>
    (await agent.log())
      .filter(({ source }) => source.name === name)
      .flatMap(({ attempts }) => attempts.map(({ route, reason }) => `${route}: ${reason}`));

  // Refused: mail for others goes by the service, mail for administrators does not, and the log says why.
  local.script = { rcpt: '550 5.7.1 Relaying denied' };
  fire('first');
  await arrival(service, ': first');
  const [mail] = service.accepted.filter(({ data }) => /^Subject: .*: first/im.test(data));
  const words = (mail?.data ?? '').replace(/=\r?\n/g, '').replace(/\s+/g, ' ');
  expect(words).toContain(', or the Tocsin Web Service where that fails');
  fire('inside');
  await waitFor('the reason in the log', async () =>
    (await reasons('inside')).some((reason) => reason.includes('only administrators are addressed'))
      ? true
      : null,
  );
  expect(subjects(service).filter((subject) => subject.includes(': inside'))).toEqual([]);

  // Silent: a session that is open hears nothing more, a new one no greeting, until their deadlines.
  local.script = { greeting: 'hang', mail: 'hang' };
  fire('fifth');
  await arrival(service, ': fifth');
  expect((await reasons('fifth')).at(-1)).toContain('relay: fallback');

  // Dead: everything goes by the service, and after three failures in a row the administrator hears of it by the service.
  await local.stop();
  fire('second');
  await arrival(service, ': second');
  fire('third');
  await arrival(service, 'No mail leaves by SMTP');

  // Back: it is noticed within 5 s, new mail is its own again, and the administrator hears of that by SMTP.
  local.script = {};
  await local.start(local.port);
  await waitFor('SMTP in use again', async () =>
    ((await agent.status())['routes'] as { route: string; state: string }[]).some(
      ({ route, state }) => route === 'smtp' && state === 'ok',
    )
      ? true
      : null,
  );
  fire('fourth');
  await arrival(local, ': fourth');
  await arrival(local, 'again');

  const all = [...subjects(service), ...subjects(local)];
  for (const name of CUSTOMERS) {
    expect(all.filter((subject) => subject.includes(`: ${name}`))).toHaveLength(1);
  }
});
