import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCertificates } from '../fakes/certificates.ts';
import { ScriptedSmtpServer } from '../fakes/scripted-smtp-server.ts';
import { type AgentHarness, createAgentHarness } from './support/agent-process.ts';
import { waitFor } from './support/scratch.ts';
import { fileAlert, testSettings } from './support/settings-builder.ts';

const COMMANDS = [
  'run',
  'import',
  'export',
  'check',
  'report',
  'test-mail',
  'status',
  'log',
  'resend',
  'ack',
  'snooze',
  'pause',
  'resume',
  'console',
  'enroll',
];

/** A port of 127.0.0.1 that takes connections and is no agent of ours. */
async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** What was printed must be one JSON document and nothing else. */
function documentOf(stdout: string): Record<string, unknown> {
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('without an agent', () => {
  let agent: AgentHarness;
  beforeAll(() => {
    agent = createAgentHarness('tocsin-cli');
  });
  afterAll(() => agent.dispose());

  const write = (name: string, text: string): string => {
    const path = join(agent.dir, name);
    writeFileSync(path, text);
    return path;
  };

  test.each(COMMANDS)('tocsin %s --help tells its usage', async (command) => {
    const { status, stdout } = await agent.run(command, '--help');
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage: tocsin ${command}`);
    expect(stdout).toContain('--data-dir');
    expect(stdout).toContain('--json');
  });

  test('test-mail tells what it found out, for people and for programs', async () => {
    const certificate = makeCertificates().good;
    const server = await new ScriptedSmtpServer({ certificate }).start();
    const servers = [{ host: 'localhost', port: server.port, security: 'starttls' as const }];
    await agent.must('import', write('tls.json', JSON.stringify(testSettings({ servers, alerts: [] }))));
    const { fingerprint256 } = new X509Certificate(certificate.cert);

    const people = await agent.run('test-mail', '--to', 'it@contoso.example');
    expect(people.status).toBe(1);
    expect(people.stdout).toContain(`"certificateSha256": "${fingerprint256}"`);
    expect(people.stdout).toMatch(/About the sender\n {2}! The domain .* exists in no public DNS\./);

    const programs = await agent.run('test-mail', '--to', 'it@contoso.example', '--json');
    const { stages, findings } = documentOf(programs.stdout) as {
      stages: { stage: string; facts: object | null }[];
      findings: object[];
    };
    const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string;
    expect(stages.find(({ stage }) => stage === 'tls')?.facts).toMatchObject({
      kind: 'tls',
      certificates: [{ fingerprint256, validFrom: instant, validUntil: instant }],
    });
    expect(findings).toMatchObject([{ code: 'from_domain_reserved', level: 'warning' }]);
    await server.stop();
  });

  test('a file with ten faults gets ten named faults and status 2, and the old settings stand', async () => {
    await agent.must('import', write('good.json', JSON.stringify(TEN_RIGHT)));
    const before = await agent.must('export');
    const { status, stdout, stderr } = await agent.run(
      'import',
      write('bad.json', JSON.stringify(TEN_FAULTS)),
      '--json',
    );
    expect(status).toBe(2);
    const { faults } = documentOf(stdout) as { faults: { path: string }[] };
    expect(faults.map((fault) => fault.path).toSorted()).toEqual(FAULTY_PATHS.toSorted());
    for (const path of FAULTY_PATHS) expect(stderr).toContain(`${path}: `);
    expect(await agent.must('export')).toBe(before);
  });

  test.each([
    ['a line break', 'it@contoso.example\r\nRCPT TO:<evil@example.org>', 'control character'],
    ['a comma', 'it@contoso.example,evil@example.org', 'comma'],
  ])('an address with %s is refused', async (_, address, word) => {
    const settings = { version: 1, profile: { emails: [address] } };
    const imported = await agent.run('import', write('address.json', JSON.stringify(settings)));
    expect(imported).toMatchObject({ status: 2, stdout: '' });
    expect(imported.stderr).toContain('profile.emails[0]');
    expect(imported.stderr).toContain(word);
    const tested = await agent.run('test-mail', '--to', address);
    expect(tested).toMatchObject({ status: 2, stdout: '' });
    expect(tested.stderr).toContain(word);
  });

  test('a file that is no JSON is refused with the place, and without a word of it', async () => {
    const { status, stdout, stderr } = await agent.run(
      'import',
      write('broken.json', '{"version": 1,\n "password": canary-secret}'),
      '--json',
    );
    expect(status).toBe(2);
    expect(stderr).toContain('line 2, column 14');
    expect(stdout + stderr).not.toContain('canary');
  });

  test('import --wipe deletes the file, export shows no password, and only the owner may read what is kept', async () => {
    const settings = testSettings({
      servers: [{ port: 2525, auth: { method: 'password', user: 'tocsin', password: 'canary-secret' } }],
      alerts: [],
    });
    const path = write('secret.json', JSON.stringify(settings));
    const { status, stdout, stderr } = await agent.run('import', path, '--wipe', '--json');
    expect({ status, ...documentOf(stdout) }).toMatchObject({ status: 0, imported: true, wiped: true });
    expect(existsSync(path)).toBe(false);
    const exported = await agent.must('export');
    expect(exported).toContain('"user": "tocsin"');
    expect(exported + stdout + stderr).not.toContain('canary');
    const out = join(agent.dir, 'out.json');
    await agent.must('export', '--out', out);
    expect(readFileSync(out, 'utf8')).toBe(exported);
    expect(await agent.must('import', out)).toContain('taken in');
    const files = readdirSync(agent.dataDir, { recursive: true, withFileTypes: true });
    for (const file of files.filter((entry) => entry.isFile())) {
      const kept = join(file.parentPath, file.name);
      expect([file.name, (statSync(kept).mode & 0o077).toString(8)]).toEqual([file.name, '0']);
      expect(readFileSync(kept, 'latin1')).not.toContain('canary');
    }
  });

  test.each([
    [2, ['bogus']],
    [2, ['status', '--bogus']],
    [2, ['status', '--data-dir', '']],
    [2, ['import', '/nonexistent/settings.json']],
    [2, ['log', '--limit', '0']],
    [2, ['log', '--since', 'yesterday']],
    [2, ['snooze', 'An alert', 'soon']],
    [2, ['pause', '-5']],
    [2, ['pause', 'x']],
    [2, ['report']],
    [2, ['test-mail']],
    [1, ['log', '--id', 'nothing']],
    [3, ['ack', 'An alert']],
    [3, ['snooze', 'An alert', '5']],
    [3, ['pause']],
    [3, ['resume']],
    [3, ['resend', 'x']],
    [3, ['report', 'Morning report']],
    [3, ['console']],
    [3, ['export', '--out', '/nonexistent/out.json']],
    [3, ['status', '--data-dir', '/proc/nope']],
    [3, ['status', '--data-dir', '/etc/hostname']],
  ])('status %i and one JSON document: %j', async (expected, [command = '', ...words]) => {
    const { status, stdout, stderr } = await agent.run(command, ...words, '--json');
    expect([status, typeof documentOf(stdout)['error']]).toEqual([expected, 'string']);
    expect(stderr).not.toBe('');
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  test('word of an agent that is gone does not lead astray, whoever has its port now', async () => {
    const silent = createServer(() => {});
    const other = createHttpServer((_, response) => response.end('<html>another program</html>'));
    const control = join(agent.dataDir, 'agent.json');
    for (const port of [await listening(other), await listening(silent), 1]) {
      writeFileSync(control, JSON.stringify({ port, token: 'x', pid: 1 }));
      const { status, stdout } = await agent.run('status', '--json');
      expect({ status, running: documentOf(stdout)['running'] }).toEqual({ status: 0, running: false });
    }
    silent.close();
    other.close();
  });

  test('settings that were damaged are named, and replaced by an import', async () => {
    const settings = join(agent.dataDir, 'settings.json');
    writeFileSync(settings, '{"version": 1, "alerts": [');
    rmSync(`${settings}.last-good`, { force: true });
    for (const command of ['status', 'export', 'run']) {
      const { status, stdout, stderr } = await agent.run(command, '--json');
      expect([command, status, documentOf(stdout)['code']]).toEqual([command, 2, 'settings_invalid']);
      expect(stderr).toContain(settings);
    }
    await agent.must('import', write('good.json', JSON.stringify(TEN_RIGHT)));
    expect(await agent.must('export')).toContain('Contoso');
    const kept = readdirSync(agent.dataDir).filter((name) => name.startsWith('settings.json.damaged-'));
    expect(kept.map((name) => readFileSync(join(agent.dataDir, name), 'utf8'))).toEqual([
      '{"version": 1, "alerts": [',
    ]);
  });
});

describe('with an agent', () => {
  const agent = createAgentHarness('tocsin-cli');
  const drip = new ScriptedSmtpServer({ greeting: { drip: '220-still thinking\r\n' } });
  const backup = new ScriptedSmtpServer();
  const flag = join(agent.dir, 'flag');

  beforeAll(async () => {
    await drip.start();
    await backup.start();
    const settings = {
      ...(testSettings({
        servers: [{ port: drip.port }, { port: backup.port }],
        alerts: [fileAlert('Flag is up', flag, ['it@contoso.example'])],
      }) as { smtp: object }),
      reports: [{ name: 'Morning report', recipients: ['it@contoso.example'] }],
    };
    const smtp = { ...settings.smtp, timeoutSeconds: 5 };
    agent.start('--settings', agent.writeSettings({ ...settings, smtp }));
    await agent.ready();
  });
  afterAll(async () => {
    await agent.dispose();
    await Promise.all([drip.stop(), backup.stop()]);
  });

  test('an alert goes out by the backup while the first server drips its greeting, which is given up in time', async () => {
    writeFileSync(flag, '');
    const [entry] = await waitFor('the alert in the log', async () => {
      const log = await agent.log();
      return log[0]?.recipients[0]?.status === 'accepted' ? log : null;
    });
    expect(entry?.attempts.at(-1)).toMatchObject({ server: { port: backup.port }, stage: 'accepted' });
    expect(Date.parse(entry?.attempts.at(-1)?.at ?? '') - Date.parse(entry?.createdAt ?? '')).toBeLessThan(
      5000,
    );
    const down = await waitFor('the dripping server to be given up', async () => {
      const { routes } = (await agent.status()) as { routes: { state: string; code: string }[] };
      return routes[0]?.state === 'down' ? routes[0] : null;
    });
    expect(down.code).toBe('smtp_connection_timeout');
    expect(backup.accepted).toHaveLength(1);
  });

  test('ack, snooze, pause, resume: what they did shows in the status', async () => {
    expect(documentOf(await agent.must('ack', 'flag is UP', '--json'))).toMatchObject({
      acknowledged: 'flag is UP',
    });
    expect(documentOf(await agent.must('snooze', 'Flag is up', '5', '--json'))).toMatchObject({ minutes: 5 });
    expect(documentOf(await agent.must('pause', '5', '--json'))).toMatchObject({ paused: true });
    const paused = await agent.status();
    expect(paused).toMatchObject({
      pausedUntil: expect.any(String) as unknown,
      alerts: [{ phase: 'firing', snoozedUntil: expect.any(String) as unknown }],
    });
    expect(documentOf(await agent.must('resume', '--json'))).toMatchObject({ paused: false });
    expect(await agent.status()).toMatchObject({ pausedUntil: null });
    for (const words of [
      ['ack', 'Nothing'],
      ['snooze', 'Nothing', '5'],
      ['report', 'Nothing'],
    ]) {
      const { status, stdout } = await agent.run(words[0] ?? '', ...words.slice(1), '--json');
      expect([words, status, typeof documentOf(stdout)['error']]).toEqual([words, 1, 'string']);
    }
  });

  test('a report goes out; nobody is left to resend it to', async () => {
    const report = documentOf(await agent.must('report', 'Morning report', '--json', '--timeout', '20'));
    expect(report).toMatchObject({ accepted: true, settled: true });
    const [message] = report['messages'] as { id: string }[];
    const { status, stdout } = await agent.run('resend', message?.id ?? '', '--json');
    expect([status, typeof documentOf(stdout)['error']]).toEqual([1, 'string']);
  });

  test('settings are exchanged under it; a second agent and a console that is not served are refused', async () => {
    const settings = testSettings({ servers: [{ port: backup.port }], alerts: [] });
    const reply = documentOf(await agent.must('import', agent.writeSettings(settings), '--json'));
    expect(reply).toMatchObject({ imported: true, agentRunning: true });
    const sent = documentOf(await agent.must('test-mail', '--to', 'it@contoso.example', '--json'));
    expect(sent).toMatchObject({ accepted: true, server: `127.0.0.1:${backup.port}` });
    const second = await agent.run('run', '--json');
    expect([second.status, documentOf(second.stdout)['code']]).toEqual([3, 'data_dir_locked']);
    const console = await agent.run('console', '--json');
    expect([console.status, typeof documentOf(console.stdout)['error']]).toEqual([1, 'string']);
  });

  test('ends on SIGTERM with status 0, and its word of where it listens goes with it', async () => {
    expect(await agent.stop()).toBe(0);
    expect(existsSync(join(agent.dataDir, 'agent.json'))).toBe(false);
  });
});

test('an agent goes on when nobody reads what it says any more', async () => {
  const agent = createAgentHarness('tocsin-cli');
  try {
    const flag = join(agent.dir, 'flag');
    const alerts = [fileAlert('Flag is up', flag, ['it@contoso.example'])];
    agent.start('--settings', agent.writeSettings(testSettings({ servers: [], alerts })));
    await agent.ready();
    agent.closeOutput();
    writeFileSync(flag, '');
    await waitFor('the alert in the log', async () => {
      const [entry] = await agent.log();
      return entry?.recipients[0]?.status === 'accepted' ? entry : null;
    });
    expect(agent.alive()).toBe(true);
  } finally {
    await agent.dispose();
  }
});

const TEN_RIGHT = { version: 1, installation: { name: 'front-desk', organisation: 'Contoso Dental' } };

const TEN_FAULTS = {
  version: 2,
  colour: 'red',
  installation: { intervalSeconds: 0, alertFormat: 'rtf' },
  smtp: { servers: [{ host: 'mail.contoso.example', port: 70_000, security: 'ssl' }] },
  relay: { url: 'http://relay.example' },
  alerts: [
    {
      name: 'Disk',
      conditions: [{ metric: 'disk.usedPercent', above: 90 }],
      recipients: ['it@contoso.example, boss@contoso.example'],
    },
  ],
  reports: [{ name: 'Morning report', cron: '0 25 * * *' }],
};

const FAULTY_PATHS = [
  'version',
  'colour',
  'installation.intervalSeconds',
  'installation.alertFormat',
  'smtp.servers[0].port',
  'smtp.servers[0].security',
  'relay.url',
  'alerts[0].conditions[0].target',
  'alerts[0].recipients[0]',
  'reports[0].cron',
];
