import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { logToFile } from '../../../../../electron/agent/events/log-file.ts';
import { notifyProvider } from '../../../../../electron/agent/events/provider.ts';
import { runProvider } from '../../../../../electron/agent/platform/provider-program.ts';
import { systemClock } from '../../../../../mail/platform/clock.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';

describe('Log to File', () => {
  test('each event is one line of JSON, whatever its words hold', () => {
    const dir = join(scratchDir(), 'logs');
    const data = { reply: 'a\r\nb\u2028c\u0085"d"' };
    expect(logToFile(dir, 'events.log', data).kind).toBe('done');
    expect(logToFile(dir, 'events.log', data).kind).toBe('done');
    const text = readFileSync(join(dir, 'events.log'), 'utf8');
    expect(text).not.toMatch(/[\r\u2028\u0085]/);
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([data, data]);
  });

  test('5 MB are put aside, and three such files kept', () => {
    const dir = scratchDir();
    const half = { words: 'x'.repeat(2_700_000) };
    for (let number = 1; number <= 6; number++) logToFile(dir, 'events.log', { number, ...half });
    const firsts = ['', '.1', '.2', '.3', '.4'].map((end) => {
      const path = join(dir, `events.log${end}`);
      return existsSync(path) ? (/"number":(\d)/.exec(readFileSync(path, 'utf8'))?.[1] ?? '') : null;
    });
    expect(firsts).toEqual(['6', '5', '4', '3', null]);
    expect(statSync(join(dir, 'events.log')).mode & 0o777).toBe(0o600);
  });

  test.each(['../events.log', '/etc/passwd', '.hidden', 'con', 'a/b'])('%s is no plain name', (name) => {
    const dir = scratchDir();
    expect(logToFile(dir, name, {}).kind).toBe('failed');
  });

  test.each([
    ['a symbolic link', symlinkSync],
    ['a hard link', linkSync],
  ])('%s is not written through', (_rule, link) => {
    const dir = scratchDir();
    writeFileSync(join(dir, 'victim'), 'before');
    link(join(dir, 'victim'), join(dir, 'events.log'));
    expect(logToFile(dir, 'events.log', { a: 1 }).kind).toBe('failed');
    expect(readFileSync(join(dir, 'victim'), 'utf8')).toBe('before');
  });
});

describe.skipIf(process.platform === 'win32')('Notify External Provider', () => {
  function provider(script: string, mode = 0o700): string {
    const dir = scratchDir();
    writeFileSync(join(dir, 'notify'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(dir, 'notify'), mode);
    return dir;
  }
  const run = (dir: string, name = 'notify') =>
    notifyProvider(dir, name, { event: 'x; touch y' }, systemClock);

  test('it gets the event on stdin, no arguments and little of the environment', async () => {
    process.env['TOCSIN_TEST_CANARY'] = 'canary';
    const dir = provider('cat > got; echo "$#" > arguments; env > environment; pwd > folder');
    expect(await run(dir)).toEqual({ kind: 'done', text: 'notify ended with status 0' });
    delete process.env['TOCSIN_TEST_CANARY'];
    expect(readFileSync(join(dir, 'got'), 'utf8')).toBe('{"event":"x; touch y"}\n');
    expect(readFileSync(join(dir, 'arguments'), 'utf8')).toBe('0\n');
    expect(readFileSync(join(dir, 'environment'), 'utf8')).not.toContain('canary');
    expect(readFileSync(join(dir, 'folder'), 'utf8').trim()).toBe(dir);
  });

  test('its exit status is logged, with the first line of what it said', async () => {
    const dir = provider('echo "no pager found" >&2; echo more >&2; exit 3');
    expect(await run(dir)).toEqual({ kind: 'failed', text: 'notify ended with status 3: no pager found' });
  });

  test('one that reads nothing does no harm', async () => {
    expect((await run(provider('exec true'))).kind).toBe('done');
  });

  test('what takes too long is killed, with what it has started', async () => {
    const dir = provider('sleep 60 & echo $! > child; wait');
    const options = { dir, name: 'notify', input: '', clock: systemClock, limitMs: 300 };
    expect(await runProvider(options)).toEqual({
      status: null,
      words: 'did not end within 0.3 s and was killed',
    });
    const child = readFileSync(join(dir, 'child'), 'utf8').trim();
    await expect.poll(() => isAlive(child)).toBe(false);
  });

  test.each([
    ['one that is not there', 'absent', 0o700],
    ['a path', '../notify', 0o700],
    ['one that is not executable', 'notify', 0o600],
    ['one that others may write to', 'notify', 0o722],
  ])('%s is not run', async (_rule, name, mode) => {
    const dir = provider('touch ran', mode);
    expect((await run(dir, name)).kind).toBe('failed');
    expect(existsSync(join(dir, 'ran'))).toBe(false);
  });

  test('a link and a folder are not run', async () => {
    const dir = provider('touch ran');
    symlinkSync(join(dir, 'notify'), join(dir, 'link'));
    mkdirSync(join(dir, 'folder'));
    expect((await run(dir, 'link')).text).toContain('is not a plain file');
    expect((await run(dir, 'folder')).text).toContain('is not a plain file');
  });
});

/** A process that has ended but was not waited for by its parent counts as gone. */
function isAlive(pid: string): boolean {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !/^\d+ \(.*\) [ZX]/.test(readFileSync(path, 'utf8'));
}
