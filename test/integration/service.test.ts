import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { systemd } from '../../electron/service/systemd.ts';
import { missingReason, programPath } from './support/debian-package.ts';

const skipReason = missingReason({ 'systemd-analyze': ['systemd'] });
const suffix = skipReason === null ? '' : ` (skipped: ${skipReason})`;

describe.skipIf(skipReason !== null)(`systemd reads the unit${suffix}`, () => {
  const dir = mkdtempSync(join(tmpdir(), 'tocsin-unit-file-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const verify = (text: string) => {
    const path = join(dir, 'tocsin.service');
    writeFileSync(path, text);
    chmodSync(path, 0o644);
    const { status, stderr } = spawnSync(programPath('systemd-analyze') ?? '', ['verify', '--man=no', path], {
      encoding: 'utf8',
    });
    // It looks at all units that ours depends on; what it says of others is not about ours.
    return { status, said: stderr.split('\n').filter((line) => line.includes('tocsin.service')) };
  };

  test.each([
    ['for the computer', true],
    ['for one user', false],
  ])('%s, with a path that needs quoting', (_who, isRoot) => {
    const system = systemd({ isRoot, homeDir: dir });
    const dataDir = join(dir, 'data "of" 100 % $HOME');
    const program = { command: [process.execPath, '/opt/tocsin.js', 'run', '--data-dir', dataDir], dataDir };
    expect(verify(system.definition(program).toString('utf8')).said).toEqual([]);
  });

  test('a unit with a fault would be noticed', () => {
    const { said } = verify('[Service]\nExecStart=/nowhere/tocsin\nRestart=perhaps\n');
    expect(said.join('\n')).toContain('perhaps');
  });
});
