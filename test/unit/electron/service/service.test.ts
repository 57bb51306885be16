import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  installService,
  type RunSystemCall,
  serviceStatus,
  uninstallService,
} from '../../../../electron/service/service.ts';
import { systemd } from '../../../../electron/service/systemd.ts';
import { scratchDir } from '../../../fakes/scratch-dir.ts';

const PROGRAM = { command: ['/opt/node', '/opt/tocsin.js', 'run'], dataDir: '/var/lib/tocsin' };

/** A system that answers by the first word that a row names, and remembers what was called. */
function systemThat(answers: Readonly<Record<string, string>> = {}) {
  const calls: string[] = [];
  const run: RunSystemCall = async (program, args) => {
    calls.push([program, ...args].join(' '));
    const refusal = Object.entries(answers).find(([word]) => args.includes(word))?.[1];
    return { status: refusal === undefined ? 0 : 1, stdout: '', stderr: refusal ?? '' };
  };
  return { run, calls };
}

function rig() {
  const homeDir = scratchDir();
  const system = systemd({ isRoot: false, homeDir });
  return { system, path: join(homeDir, '.config/systemd/user/tocsin.service') };
}

describe('install', () => {
  test('writes the definition, readable for everybody, then enables and starts it', async () => {
    const { system, path } = rig();
    const { run, calls } = systemThat();
    expect(await installService(system, PROGRAM, run)).toEqual({ ok: true });
    expect(readFileSync(path, 'utf8')).toContain('ExecStart=/opt/node /opt/tocsin.js run');
    expect(statSync(path).mode & 0o444).toBe(0o444);
    expect(calls).toEqual([
      'systemctl --user daemon-reload',
      'systemctl --user enable tocsin.service',
      'systemctl --user restart tocsin.service',
    ]);
  });

  test('twice is once: the newer definition stands', async () => {
    const { system, path } = rig();
    const { run } = systemThat();
    await installService(system, PROGRAM, run);
    await installService(system, { ...PROGRAM, command: ['/new/tocsin'] }, run);
    expect(readFileSync(path, 'utf8')).toContain('ExecStart=/new/tocsin\n');
  });

  test('a refusal says which call failed, in the words of the system, and what to do', async () => {
    const { system, path } = rig();
    const refused = await installService(system, PROGRAM, systemThat({ enable: 'No bus.' }).run);
    expect(refused).toEqual({
      ok: false,
      message: `${path} was written, but systemd would not start it with the computer (systemctl --user enable tocsin.service): No bus. Mend that and run "tocsin service install" again.`,
    });
  });

  test('a system without the program is told so', async () => {
    const { system } = rig();
    const run = () => Promise.reject(Object.assign(new Error('spawn'), { code: 'ENOENT' }));
    const refused = await installService(system, PROGRAM, run);
    expect(refused.ok ? '' : refused.message).toContain('there is no such program here.');
  });

  test('a folder that cannot be made is named', async () => {
    const homeDir = scratchDir();
    writeFileSync(join(homeDir, '.config'), 'a file in the way');
    const refused = await installService(systemd({ isRoot: false, homeDir }), PROGRAM, systemThat().run);
    expect(refused.ok ? '' : refused.message).toContain(`${homeDir}/.config/systemd/user/tocsin.service`);
  });
});

describe('uninstall', () => {
  test('stops it, deletes the definition and nothing else', async () => {
    const { system, path } = rig();
    const { run, calls } = systemThat();
    await installService(system, PROGRAM, systemThat().run);
    expect(await uninstallService(system, run)).toEqual({ ok: true, wasInstalled: true });
    expect(existsSync(path)).toBe(false);
    expect(calls).toEqual([
      'systemctl --user disable --now tocsin.service',
      'systemctl --user daemon-reload',
    ]);
  });

  test('goes on where there was nothing to stop', async () => {
    const { system, path } = rig();
    await installService(system, PROGRAM, systemThat().run);
    const outcome = await uninstallService(system, systemThat({ disable: 'Unit not loaded.' }).run);
    expect(outcome).toEqual({ ok: true, wasInstalled: true });
    expect(existsSync(path)).toBe(false);
  });

  test('where none is installed, nothing is called', async () => {
    const { run, calls } = systemThat();
    expect(await uninstallService(rig().system, run)).toEqual({ ok: true, wasInstalled: false });
    expect(calls).toEqual([]);
  });
});

describe('status', () => {
  test('null where none is installed', async () => {
    expect(await serviceStatus(rig().system, systemThat().run)).toBeNull();
  });

  test('a system that does not tell is quoted', async () => {
    const { system } = rig();
    await installService(system, PROGRAM, systemThat().run);
    const status = await serviceStatus(system, systemThat({ show: 'Failed to connect to bus\nmore' }).run);
    expect(status).toEqual({ state: null, why: 'Failed to connect to bus' });
  });
});
