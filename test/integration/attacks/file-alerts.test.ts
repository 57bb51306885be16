import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPlainFile } from '../../../electron/agent/platform/plain-file.ts';
import { inRealFolder } from '../../../electron/agent/platform/real-folder.ts';
import { type RealAgent, startRealAgent } from '../../fakes/real-agent.ts';
import { scratchDir } from '../../fakes/scratch-dir.ts';
import { makeScratchDir, waitFor } from '../support/scratch.ts';

/**
 * Files that others put where Tocsin reads. A running agent with a folder for file alerts that
 * somebody means harm in: what is bad ends in rejected/ with the reason, nothing of another file is mailed or changed, and
 * the next good request is mailed. The rules of a single request stand in test/unit/electron/agent/file-alerts.
 */

const CANARY = 'canary-4711';
const isWindows = process.platform === 'win32';

function makeOld(path: string): void {
  utimesSync(path, 1, 1);
}

function sparse(path: string, sizeBytes: number): void {
  writeFileSync(path, '');
  truncateSync(path, sizeBytes);
}

describe.skipIf(isWindows)('the folder of a file alert', () => {
  const scratch = makeScratchDir('tocsin-attacks');
  const folder = join(scratch.dir, 'drop');
  const victim = join(scratch.dir, 'victim.txt');
  let agent: RealAgent;
  let next = 0;

  beforeAll(async () => {
    mkdirSync(folder);
    writeFileSync(victim, CANARY);
    agent = await startRealAgent({
      folder: scratch.dir,
      settings: {
        version: 1,
        installation: { intervalSeconds: 1 },
        fileAlerts: [{ name: 'Backup', folder, recipients: ['it@contoso.example'] }],
      },
    });
  });

  afterAll(async () => {
    await agent.agent.stop();
    scratch.remove();
  });

  const path = (name: string) => join(folder, name);
  const good = JSON.stringify({ subject: 'good', message: 'x' });
  const mailed = async () =>
    (await agent.call('log.list', { limit: 100, since: null, before: null })).map(
      ({ message }) => message.subject,
    );
  const request = (given: object) => JSON.stringify({ subject: 's', message: 'm', ...given });

  const rows: readonly (readonly [
    attack: string,
    name: string,
    put: (at: string) => void,
    reason: RegExp,
  ])[] = [
    [
      'a link to a file that only Tocsin may read',
      'link.alert.json',
      (at) => symlinkSync(victim, at),
      /is a link/,
    ],
    ['a hard link to it', 'hard.alert.json', (at) => linkSync(victim, at), /is a link/],
    ['a link into the void', 'void.alert.json', (at) => symlinkSync('/nowhere', at), /is a link/],
    ['a link in a circle', 'circle.alert.json', (at) => symlinkSync(at, at), /is a link/],
    [
      'a pipe that nobody writes to',
      'pipe.alert.json',
      (at) => void execFileSync('mkfifo', [at]),
      /not a plain file/,
    ],
    ['a folder named like a request', 'folder.alert.json', (at) => mkdirSync(at), /not a plain file/],
    ['300 KB', 'huge.alert.json', (at) => writeFileSync(at, 'x'.repeat(300_000)), /at most 262144/],
    ['a sparse file of 1 GB', 'sparse.alert.json', (at) => sparse(at, 2 ** 30), /at most/],
    [
      'no JSON',
      'text.alert.json',
      (at) => writeFileSync(at, `subject = ${'('.repeat(1000)}`),
      /not valid JSON/,
    ],
    [
      'lists without end',
      'deep.alert.json',
      (at) => writeFileSync(at, '['.repeat(100_000)),
      /not valid JSON/,
    ],
    [
      'lists nested deeply',
      'nested.alert.json',
      (at) => writeFileSync(at, `{"subject":${'['.repeat(9000)}${']'.repeat(9000)}}`),
      /nested deeper than 64 levels/,
    ],
    [
      'a key that all objects have',
      'proto.alert.json',
      (at) => writeFileSync(at, '{"subject":"s","__proto__":{"message":"x"}}'),
      /__proto__: is not a known key/,
    ],
    [
      'a header in its subject',
      'crlf.alert.json',
      (at) => writeFileSync(at, request({ subject: 'a\r\nBcc: evil@x.example' })),
      /one line/,
    ],
    [
      'a recipient of its own',
      'to.alert.json',
      (at) => writeFileSync(at, request({ recipients: ['evil@x.example'] })),
      /recipients: is not a known key/,
    ],
    [
      'an attachment from elsewhere',
      'up.alert.json',
      (at) => writeFileSync(at, request({ attachments: ['../victim.txt'] })),
      /plain file name/,
    ],
    [
      'an attachment by its full path',
      'full.alert.json',
      (at) => writeFileSync(at, request({ attachments: [victim] })),
      /plain file name/,
    ],
    [
      'a name with commands to a terminal',
      'x\u001b[2J\n.alert.json',
      (at) => writeFileSync(at, good),
      /plain file name/,
    ],
  ];

  test.each(rows)('%s is refused with the reason', async (_rule, name, put, reason) => {
    put(path(name));
    // What is fresh may still be being written.
    if (lstatSync(path(name)).isFile()) makeOld(path(name));
    const told = join(folder, 'rejected', `${name}.reason.txt`);
    await waitFor('the refusal', async () => (existsSync(told) ? true : null), 30_000, 50);
    expect(readFileSync(told, 'utf8')).toMatch(reason);
    expect(existsSync(path(name))).toBe(false);
    expect(agent.said.some((line) => line.includes('was refused'))).toBe(true);
    expect(JSON.stringify([agent.said, readFileSync(told, 'utf8')])).not.toContain(CANARY);
    expect(readFileSync(victim, 'utf8')).toBe(CANARY);
    rmSync(join(folder, 'rejected', name), { force: true, recursive: true });
  });

  test('a link in place of an attachment, and a link that takes its place', async () => {
    symlinkSync(victim, path('data.txt'));
    writeFileSync(path('linked.alert.json'), request({ attachments: ['data.txt'] }));
    const told = join(folder, 'rejected', 'linked.alert.json.reason.txt');
    await waitFor('the refusal', async () => (existsSync(told) ? true : null), 30_000, 50);
    expect(readFileSync(told, 'utf8')).toMatch(/data\.txt is a link/);
    rmSync(path('data.txt'));
  });

  test('a link in place of rejected/ leads no refused request elsewhere', async () => {
    const elsewhere = join(scratch.dir, 'elsewhere');
    mkdirSync(elsewhere);
    renameSync(path('rejected'), join(scratch.dir, 'rejected-before'));
    symlinkSync(elsewhere, path('rejected'));
    writeFileSync(path('bad.alert.json'), request({ subject: 7 }));
    makeOld(path('bad.alert.json'));
    await waitFor(
      'what the log says',
      async () =>
        agent.said.some((line) => /bad\.alert\.json.*rejected is not a folder/.test(line)) ? true : null,
      30_000,
      50,
    );
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(existsSync(path('bad.alert.json'))).toBe(true);
    rmSync(path('rejected'));
    rmSync(path('bad.alert.json'));
  });

  test('nothing of another file was mailed, and a good request still is', async () => {
    writeFileSync(path(`good-${next++}.alert.json`), good);
    const subject = await waitFor(
      'the mail',
      async () => (await mailed()).find((each) => each.includes('good')) ?? null,
      30_000,
      50,
    );
    expect(subject).toContain('good');
    expect(await mailed()).toHaveLength(1);
    for (const file of readdirSync(agent.dataDir.path, { recursive: true, encoding: 'utf8' })) {
      const full = join(agent.dataDir.path, file);
      if (statSync(full).isFile()) expect([file, readFileSync(full).includes(CANARY)]).toEqual([file, false]);
    }
  });
});

describe.skipIf(process.platform !== 'linux')('a folder that is exchanged while it is worked in', () => {
  test('work goes on in the one that was looked at', () => {
    const dir = scratchDir();
    const real = join(dir, 'real');
    const elsewhere = join(dir, 'elsewhere');
    for (const each of [real, elsewhere]) mkdirSync(each);
    inRealFolder(real, (at) => {
      renameSync(real, join(dir, 'moved'));
      symlinkSync(elsewhere, real);
      writeFileSync(join(at, 'written'), '');
    });
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(readdirSync(join(dir, 'moved'))).toEqual(['written']);
    expect(() => inRealFolder(real, () => {})).toThrow(/is not a folder/);
  });
});

describe.skipIf(isWindows)('a file that is exchanged while it is read', () => {
  test('is read as one of those that may be read, or not at all', async () => {
    const dir = scratchDir();
    writeFileSync(join(dir, 'victim'), CANARY);
    writeFileSync(join(dir, 'good'), 'good');
    // Now a file, now a link to another, a thousand times a second.
    const swap = `const fs = require('node:fs'); process.chdir(${JSON.stringify(dir)});
      for (;;) {
        fs.copyFileSync('good', 'next'); fs.renameSync('next', 'request');
        fs.symlinkSync('victim', 'next'); fs.renameSync('next', 'request');
      }`;
    const swapper = spawn(process.execPath, ['-e', swap], { stdio: 'ignore' });
    const seen = new Map<string, number>();
    try {
      await waitFor('both kinds', () => {
        for (let tries = 0; tries < 500; tries++) {
          const read = readPlainFile(dir, 'request', 1000);
          const what = read.ok ? read.content.toString() : read.reason;
          seen.set(what, (seen.get(what) ?? 0) + 1);
        }
        return (seen.get('good') ?? 0) > 500 &&
          (seen.get('request is a link; only plain files are taken.') ?? 0) > 500
          ? true
          : null;
      });
    } finally {
      swapper.kill('SIGKILL');
    }
    expect([...seen.keys()].filter((what) => what.includes(CANARY))).toEqual([]);
  });
});
