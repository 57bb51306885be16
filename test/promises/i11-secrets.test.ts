import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ScriptedSmtpServer } from '../fakes/scripted-smtp-server.ts';
import { createAgentHarness } from '../integration/support/agent-process.ts';
import { waitFor } from '../integration/support/scratch.ts';
import { fileAlert, testSettings } from '../integration/support/settings-builder.ts';
import { Faults, type Outcome } from './support/promise.ts';
import { show } from './support/show.ts';

const USER = 'tocsin';

/** A password and the shapes in which it could get out. */
function shapesOf(password: string): string[] {
  const encoded = (text: string) => Buffer.from(text).toString('base64');
  // A password inside a longer base64 text looks different at each of three offsets; its ends depend on neighbours.
  const inside = ['', 'x', 'xx'].map((before) => encoded(before + password).slice(before === '' ? 0 : 4, -4));
  // Escaped as in JSON, once or again, or read in another character set, this much of it stays as it is.
  const beginning = /^[\w-]+/.exec(password)?.[0] ?? password;
  const hex = Buffer.from(password).toString('hex');
  return [
    password,
    beginning,
    encoded(password),
    encoded(`\0${USER}\0${password}`),
    encodeURIComponent(password),
    hex,
    ...inside,
  ];
}

/** Looks for secrets in everything that leaves the agent or lies about. */
async function run(points: number): Promise<Outcome> {
  const faults = new Faults();
  let looked = 0;
  for (let number = 0; number < points; number += 1) {
    const isRefused = number % 2 === 1;
    const passwords = [`canary-${number}-Grüße"\\%`, `canary-mailbox-${number}`];
    const shapes = passwords.flatMap(shapesOf);
    const what = isRefused ? 'refused password' : 'accepted password';
    const search = (where: string, text: string) => {
      looked += 1;
      for (const shape of shapes)
        faults.expect(!text.includes(shape), `${what}, ${where}`, `holds “${shape}”`);
    };
    await tryPasswords({ isRefused, passwords, search });
  }
  return { points, lost: 0, doubled: 0, faults: faults.list, note: `${looked} places searched` };
}

interface Attempted {
  readonly isRefused: boolean;
  readonly passwords: readonly string[];
  readonly search: (where: string, text: string) => void;
}

async function tryPasswords({ isRefused, passwords, search }: Attempted): Promise<void> {
  const agent = createAgentHarness('tocsin-i11');
  // It repeats what it was told, as careless servers do: the worst that a reply can hold.
  const server = new ScriptedSmtpServer();
  await server.start();
  const echo = `535 5.7.8 Bad credentials ${passwords[0]} ${Buffer.from(`\0${USER}\0${passwords[0]}`).toString('base64')}`;
  if (isRefused) server.script = { auth: echo };
  try {
    const cause = join(agent.dir, 'cause');
    const auth = { method: 'password', user: USER, password: passwords[0] ?? '' } as const;
    const settings = {
      ...(testSettings({
        servers: [{ port: server.port, auth }],
        alerts: [fileAlert('Alert', cause, ['it@contoso.example'])],
      }) as object),
      mailbox: {
        protocol: 'pop3',
        host: '127.0.0.1',
        port: 9,
        security: 'none',
        user: 'bounces',
        password: passwords[1],
      },
    };
    const file = agent.writeSettings(settings);
    const imported = await agent.run('import', file);
    search('import', imported.stdout + imported.stderr);
    writeFileSync(
      file,
      JSON.stringify({ ...settings, alerts: 'no list', smtp: { servers: [{ password: passwords[0] }] } }),
    );
    const faulty = await agent.run('import', file);
    search('import of faulty settings', faulty.stdout + faulty.stderr);
    writeFileSync(file, JSON.stringify(settings).replace('"servers"', 'servers'));
    const broken = await agent.run('import', file, '--json');
    search('import of no JSON', broken.stdout + broken.stderr);

    const pid = agent.start();
    await agent.ready();
    writeFileSync(cause, 'now');
    await waitFor('the server to be asked', () =>
      server.commands.some((line) => line.startsWith('AUTH')) ? true : null,
    );
    await delay(1000);
    for (const entry of ['cmdline', 'environ'])
      search(`/proc/${entry}`, readFileSync(`/proc/${pid}/${entry}`, 'utf8'));
    for (const child of childrenOf(pid)) search('arguments of a child', child);
    for (const words of [
      ['status', '--json'],
      ['status'],
      ['export'],
      ['log'],
      ['log', '--json'],
      ['check', '--json'],
      ['test-mail', '--to', 'a@contoso.example', '--json'],
    ]) {
      const [command = '', ...rest] = words;
      const { stdout, stderr } = await agent.run(command, ...rest);
      search(`tocsin ${words.join(' ')}`, stdout + stderr);
    }
    search('what the agent said', agent.said());
    search('the mails', server.accepted.map(({ data }) => data).join('\n'));
    const read = () => {
      for (const entry of readdirSync(agent.dataDir, { recursive: true, withFileTypes: true })) {
        if (entry.isFile())
          search(entry.name, readFileSync(join(entry.parentPath, entry.name)).toString('latin1'));
        if (entry.isFile()) search(entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8'));
      }
    };
    read();
    await agent.stop();
    read();
  } finally {
    await agent.dispose();
    await server.stop();
  }
}

function childrenOf(pid: number): string[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.map((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8'));
}

show({ id: 'I11', title: 'no secret outside its store', full: 10, quick: 2, run });
