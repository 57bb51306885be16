import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createServicesSource } from '../../../../../../electron/agent/collect/linux/services.ts';
import { parseSystemctlShow, unitName } from '../../../../../../electron/agent/collect/linux/systemctl.ts';
import type { ProgramOutput } from '../../../../../../electron/agent/collect/run-program.ts';
import { FixtureTree } from '../fixture-tree.ts';
import { at, readAll, readOne, reasonOf, request } from '../measuring.ts';

/** `systemctl show --property=…` of systemd 252 on Debian 12, its properties in the order it prints them. */
const block = (names: string, load: string, active: string, sub: string, group = '') =>
  `ControlGroup=${group}\nId=${names.split(' ')[0]}\nNames=${names}\nLoadState=${load}\nActiveState=${active}\nSubState=${sub}\n`;

const BLOCKS: Record<string, string> = {
  'nginx.service': block('nginx.service', 'loaded', 'active', 'running', '/system.slice/nginx.service'),
  'sshd.service': block(
    'ssh.service sshd.service',
    'loaded',
    'active',
    'running',
    '/system.slice/ssh.service',
  ),
  'ghost.service': block('ghost.service', 'not-found', 'inactive', 'dead'),
  'backup.service': block('backup.service', 'loaded', 'inactive', 'dead'),
  'broken.service': block('broken.service', 'loaded', 'failed', 'failed'),
  'slow.service': block('slow.service', 'loaded', 'activating', 'start-pre', '/system.slice/slow.service'),
  'again.service': block('again.service', 'loaded', 'activating', 'auto-restart'),
  'fresh.service': block('fresh.service', 'loaded', 'reloading', 'reload', '/system.slice/fresh.service'),
  'ending.service': block(
    'ending.service',
    'loaded',
    'deactivating',
    'stop-sigterm',
    '/system.slice/ending.service',
  ),
  'net.service': block('net.service', 'loaded', 'active', 'exited'),
  'off.service': block('off.service', 'masked', 'inactive', 'dead'),
  'bad.service': block('bad.service', 'bad-setting', 'inactive', 'dead'),
  'docker.socket': block('docker.socket', 'loaded', 'active', 'listening', '/system.slice/docker.socket'),
  'getty@tty1.service': block(
    'getty@tty1.service autovt@tty1.service',
    'loaded',
    'active',
    'running',
    '/system.slice/system-getty.slice/getty@tty1.service',
  ),
};

function setUp(root = 'fs/cgroup') {
  const tree = new FixtureTree().write('run/systemd/system/.keep', '');
  const blocks = { ...BLOCKS };
  const calls: string[][] = [];
  let answer: ((units: string[]) => ProgramOutput) | null = null;
  const source = createServicesSource({
    runDir: `${tree.dir}/run`,
    sysDir: `${tree.dir}/sys`,
    run: async (program, args) => {
      const units = args.slice(args.indexOf('--') + 1);
      calls.push([program, ...units]);
      if (answer !== null) return answer(units);
      return { status: 0, stdout: units.map((unit) => blocks[unit] ?? '').join('\n'), stderr: '' };
    },
  });
  return {
    tree,
    source,
    calls,
    blocks,
    answerWith: (given: (units: string[]) => ProgramOutput) => (answer = given),
    populate: (group: string, populated: 0 | 1) =>
      tree.write(`sys/${root}${group}/cgroup.events`, `populated ${populated}\nfrozen 0\n`),
  };
}

describe('service.state', () => {
  test.each([
    ['nginx', { value: 'running', detail: 'active (running)' }],
    ['nginx.service', { value: 'running', detail: 'active (running)' }],
    ['sshd', { value: 'running', detail: 'active (running)' }],
    ['getty@tty1', { value: 'running', detail: 'active (running)' }],
    ['docker.socket', { value: 'running', detail: 'active (listening)' }],
    ['net', { value: 'running', detail: 'active (exited)' }],
    ['slow', { value: 'running', detail: 'activating (start-pre)' }],
    ['again', { value: 'running', detail: 'activating (auto-restart)' }],
    ['fresh', { value: 'running', detail: 'reloading (reload)' }],
    ['ending', { value: 'stopped', detail: 'deactivating (stop-sigterm)' }],
    ['backup', { value: 'stopped', detail: 'inactive (dead)' }],
    ['broken', { value: 'stopped', detail: 'failed (failed)' }],
    ['off', { value: 'stopped', detail: 'inactive (dead, masked)' }],
    ['bad', { value: 'stopped', detail: 'inactive (dead, bad-setting)' }],
    ['ghost', { value: null, unknown: 'systemd knows no ghost.service' }],
    ['nothing', { value: null, unknown: 'systemd said nothing of nothing.service' }],
  ])('%s', async (name, expected) => {
    const { source } = setUp();
    const requests = [request('service.state', 'backup'), request('service.state', name)];
    const readings = await readAll(source, requests);
    expect(readings[1]).toEqual(expected);
  });

  test.each(['', '-H evil', '--version', 'a b', 'a/b', 'nginx*', 'x'.repeat(260)])(
    '%j can be no service, and systemd is not asked',
    async (name) => {
      const { source, calls } = setUp();
      expect(reasonOf(await readOne(source, 'service.state', name))).toContain('cannot be the name');
      expect(calls).toEqual([]);
    },
  );

  test('without systemd it is unknown, and nothing is started', async () => {
    const { source, calls, tree } = setUp();
    tree.remove('run/systemd');
    expect(reasonOf(await readOne(source, 'service.state', 'nginx'))).toBe(
      'systemd does not run on this computer',
    );
    expect(calls).toEqual([]);
  });

  test.each<[string, () => ProgramOutput, string]>([
    [
      'systemd does not answer',
      () => ({ status: 1, stdout: '', stderr: 'Failed to connect to bus: Permission denied\n' }),
      'systemctl says: Failed to connect to bus: Permission denied',
    ],
    [
      'systemctl cannot be started',
      () => {
        throw new Error('systemctl did not end within 10 s');
      },
      'systemctl did not end within 10 s',
    ],
  ])('%s', async (_rule, answer, reason) => {
    const { source, answerWith } = setUp();
    answerWith(answer);
    expect(reasonOf(await readOne(source, 'service.state', 'nginx'))).toBe(reason);
  });
});

describe('systemd is asked', () => {
  const read = (setup: ReturnType<typeof setUp>, seconds: number, ...names: string[]) =>
    readAll(
      setup.source,
      names.map((name) => request('service.state', name)),
      at(seconds * 1000),
    );

  test('once a minute for all, at once for one that is new', async () => {
    const setup = setUp();
    setup.populate('/system.slice/nginx.service', 1);
    for (const seconds of [0, 10, 20, 30, 40, 50]) await read(setup, seconds, 'nginx', 'backup');
    expect(setup.calls).toEqual([['systemctl', 'nginx.service', 'backup.service']]);
    await read(setup, 55, 'nginx', 'backup', 'broken');
    expect(setup.calls).toHaveLength(2);
    await read(setup, 110, 'nginx', 'backup', 'broken');
    expect(setup.calls).toHaveLength(2);
    await read(setup, 115, 'nginx', 'backup', 'broken');
    expect(setup.calls).toHaveLength(3);
  });

  test.each([
    ['version 2', 'fs/cgroup'],
    ['versions 1 and 2', 'fs/cgroup/unified'],
  ])('at once when its processes are gone (control groups of %s)', async (_version, root) => {
    const setup = setUp(root);
    setup.populate('/system.slice/nginx.service', 1);
    expect(await read(setup, 0, 'nginx')).toEqual([{ value: 'running', detail: 'active (running)' }]);
    setup.populate('/system.slice/nginx.service', 0);
    setup.blocks['nginx.service'] = block('nginx.service', 'loaded', 'failed', 'failed');
    expect(await read(setup, 10, 'nginx')).toEqual([{ value: 'stopped', detail: 'failed (failed)' }]);
    setup.tree.remove(`sys/${root}/system.slice/nginx.service`);
    await read(setup, 20, 'nginx');
    expect(setup.calls).toHaveLength(2);
  });

  test('at once when it has processes again', async () => {
    const setup = setUp();
    expect(await read(setup, 0, 'backup')).toMatchObject([{ value: 'stopped' }]);
    setup.populate('/system.slice/backup.service', 1);
    setup.blocks['backup.service'] = BLOCKS['slow.service']?.replaceAll('slow', 'backup') ?? '';
    expect(await read(setup, 10, 'backup')).toMatchObject([{ value: 'running' }]);
  });

  test('by the processes of control groups version 1 as well', async () => {
    const setup = setUp();
    setup.tree.write('sys/fs/cgroup/systemd/system.slice/nginx.service/cgroup.procs', '17\n');
    await read(setup, 0, 'nginx');
    setup.tree.write('sys/fs/cgroup/systemd/system.slice/nginx.service/cgroup.procs', '');
    await read(setup, 10, 'nginx');
    expect(setup.calls).toHaveLength(2);
  });

  test('in the slice where systemd has put it', async () => {
    const setup = setUp();
    setup.populate('/system.slice/system-getty.slice/getty@tty1.service', 1);
    await read(setup, 0, 'getty@tty1');
    await read(setup, 10, 'getty@tty1');
    expect(setup.calls).toHaveLength(1);
    setup.populate('/system.slice/system-getty.slice/getty@tty1.service', 0);
    await read(setup, 20, 'getty@tty1');
    expect(setup.calls).toHaveLength(2);
  });

  test('not in every short cycle for one that starts and ends all the time', async () => {
    const setup = setUp();
    for (let second = 0; second < 12; second++) {
      setup.populate('/system.slice/nginx.service', second % 2 === 0 ? 1 : 0);
      await read(setup, second, 'nginx');
    }
    expect(setup.calls.length).toBeLessThanOrEqual(3);
  });
});

test('no output makes the parser throw', () => {
  const line = fc.oneof(
    fc.constantFrom(...Object.values(BLOCKS).flatMap((text) => text.split('\n'))),
    fc.constant(''),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      for (const unit of parseSystemctlShow(lines.join('\n'))) expect(unit.names).not.toEqual([]);
    }),
  );
});

test('no name becomes an option, a pattern or several words', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(unitName(text) ?? 'x').toMatch(/^[^-\s*?[\]][^\s*?[\]]*$/);
    }),
  );
});
