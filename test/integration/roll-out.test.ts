import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AgentHarness, createAgentHarness } from './support/agent-process.ts';
import { missingReason, programPath } from './support/debian-package.ts';
import { waitFor } from './support/scratch.ts';

const CANARY = 'canary-rolled-out';
const SETTINGS = {
  version: 1,
  installation: { name: 'rolled-out' },
  smtp: {
    servers: [{ host: '127.0.0.1', port: 1, auth: { method: 'password', user: 'u', password: CANARY } }],
    from: { address: 'tocsin@contoso.example' },
  },
};

describe('an agent that systems start', () => {
  let agent: AgentHarness;
  beforeEach(() => {
    agent = createAgentHarness('tocsin-roll-out');
  });
  afterEach(() => agent.dispose());

  const holdingCanary = () =>
    readdirSync(agent.dir, { recursive: true, encoding: 'utf8' }).filter((name) => {
      const path = join(agent.dir, name);
      return statSync(path).isFile() && readFileSync(path).includes(CANARY);
    });

  test('takes in settings that were left in its data folder, and leaves no password in clear', async () => {
    const place = join(agent.dataDir, 'import');
    mkdirSync(place);
    writeFileSync(join(place, 'tocsin-settings.json'), JSON.stringify(SETTINGS));
    agent.start();
    await agent.ready();
    expect(await agent.status()).toMatchObject({ installation: 'rolled-out', troubles: [] });
    expect(existsSync(join(place, 'tocsin-settings.json'))).toBe(false);
    expect(holdingCanary()).toEqual([]);
    expect(agent.said()).not.toContain(CANARY);
  });

  test('writes its log to the file that it is given, and says there as well why it did not start', async () => {
    const logPath = join(agent.dir, 'service.log');
    agent.start('--log-file', logPath);
    await agent.ready();
    const lines = readFileSync(logPath, 'utf8').trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toContain(
      `agent started on ${agent.dataDir}`,
    );
    expect(statSync(logPath).mode & 0o777).toBe(0o600);
    expect(agent.said()).not.toContain('"level"');
    const second = await agent.run('run', '--no-console', '--log-file', logPath);
    expect(second.status).toBe(3);
    await waitFor('the reason', () =>
      /Another Tocsin agent/.test(readFileSync(logPath, 'utf8')) ? true : null,
    );
  });
});

const skipReason = missingReason({ makensis: ['nsis'] });

describe.skipIf(skipReason !== null)(
  `the Windows installer${skipReason === null ? '' : ` (skipped: ${skipReason})`}`,
  () => {
    const dir = mkdtempSync(join(tmpdir(), 'tocsin-nsis-'));
    afterAll(() => rmSync(dir, { recursive: true, force: true }));

    /** Compiles an installer around the part of ours; the words of the compiler where it finds fault. */
    const compile = (include: string) => {
      const script = [
        'Unicode true',
        '!include LogicLib.nsh',
        `!include "${include}"`,
        `OutFile "${join(dir, 'tocsin.exe')}"`,
        'InstallDir "$PROGRAMFILES64\\Tocsin"',
        'Section',
        '  WriteUninstaller "$INSTDIR\\uninstall.exe"',
        '  !insertmacro customInstall',
        'SectionEnd',
        'Section Uninstall',
        '  !insertmacro customUnInstall',
        'SectionEnd',
      ].join('\n');
      writeFileSync(join(dir, 'setup.nsi'), script);
      const { status, stdout, stderr } = spawnSync(
        programPath('makensis') ?? '',
        ['-WX', '-V2', join(dir, 'setup.nsi')],
        {
          encoding: 'utf8',
        },
      );
      return status === 0 ? null : stdout + stderr;
    };

    test('takes settings along: its compiler finds no fault with that part', () => {
      expect(compile(resolve('scripts/installer/take-settings.nsh'))).toBeNull();
      expect(existsSync(join(dir, 'tocsin.exe'))).toBe(true);
    });

    test('a part with a fault would be noticed', () => {
      const faulty = join(dir, 'faulty.nsh');
      const text = readFileSync(resolve('scripts/installer/take-settings.nsh'), 'utf8');
      writeFileSync(faulty, text.replace('FileWriteByte', 'FileWriteBite'));
      expect(compile(faulty)).toContain('FileWriteBite');
    });
  },
);
