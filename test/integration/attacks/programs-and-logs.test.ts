import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { logToFile } from '../../../electron/agent/events/log-file.ts';
import type { EventData } from '../../../electron/agent/events/event-data.ts';
import { notifyProvider } from '../../../electron/agent/events/provider.ts';
import { runProvider } from '../../../electron/agent/platform/provider-program.ts';
import { systemClock } from '../../../mail/platform/clock.ts';
import { scratchDir } from '../../fakes/scratch-dir.ts';

/**
 * Programs that rules start and logs that they write: real programs and files, with words of strangers in the event. The
 * plain rules stand in test/unit/electron/agent/events/local-actions.test.ts.
 */

const isWindows = process.platform === 'win32';

describe.skipIf(isWindows)('programs of rules', () => {
  let dir: string;
  beforeEach(() => {
    dir = scratchDir();
  });
  const program = (name: string, script: string) => {
    writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(dir, name), 0o700);
  };
  const started = () => existsSync(join(dir, 'started'));
  const run = (name: string, data: EventData = {}) => notifyProvider(dir, name, data, systemClock);

  test.each([
    '..',
    '../notify',
    './notify',
    '/bin/sh',
    'notify; touch started',
    'notify\u0000.txt',
    'notify\nx',
    '$(touch started)',
    '|touch started',
    '-c',
    '',
  ])('%j starts nothing', async (name) => {
    program('notify', 'touch started');
    expect((await run(name)).kind).toBe('failed');
    expect(started()).toBe(false);
  });

  test('a link to a program elsewhere, a folder and a pipe are not started', async () => {
    symlinkSync('/bin/true', join(dir, 'link'));
    mkdirSync(join(dir, 'folder'));
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    for (const name of ['link', 'folder', 'pipe']) {
      expect((await run(name)).text).toMatch(/is not a plain file/);
    }
  });

  test('words for a shell in the event stay words', async () => {
    program('notify', 'cat > got; echo "$0 $#" > words');
    const reply = '"; touch started; $(touch started) `touch started` \u0000\n';
    expect((await run('notify', { reply })).kind).toBe('done');
    expect(JSON.parse(readFileSync(join(dir, 'got'), 'utf8'))).toEqual({ reply });
    expect(readFileSync(join(dir, 'words'), 'utf8')).toMatch(/ 0\n$/);
    expect(started()).toBe(false);
  });

  test('one that talks without end takes no memory, and is ended in time', async () => {
    program('notify', 'exec yes "$(head -c 5000 /dev/zero | tr "\\\\0" x)" >&2');
    const before = process.memoryUsage().rss;
    const end = await runProvider({ dir, name: 'notify', input: '', clock: systemClock, limitMs: 1000 });
    expect(end.words).toMatch(/^did not end within 1 s and was killed/);
    expect(end.words.length).toBeLessThan(400);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });

  test('one that reads nothing of a large event, and says commands to a terminal', async () => {
    program('notify', 'printf "\\033[2Jgone\\007" >&2; exit 4');
    const outcome = await run('notify', { text: 'x'.repeat(5_000_000) });
    expect(outcome.kind).toBe('failed');
    expect(outcome.text).toMatch(/ended with status 4: \[2Jgone$/);
  });
});

describe.skipIf(isWindows)('logs of rules', () => {
  test.each([
    ['a pipe that nobody reads', (at: string) => void execFileSync('mkfifo', [at])],
    ['a folder', (at: string) => mkdirSync(at)],
    ['a link out of the folder', (at: string) => symlinkSync('/etc/hostname', at)],
    ['a link to what is not there', (at: string) => symlinkSync('/tmp/tocsin-must-not-be-made', at)],
  ])('%s is not written to', (_rule, put) => {
    const dir = scratchDir();
    put(join(dir, 'events.log'));
    expect(logToFile(dir, 'events.log', { a: 1 }).kind).not.toBe('done');
    expect(existsSync('/tmp/tocsin-must-not-be-made')).toBe(false);
  });

  test('no word of an event makes a line of its own', () => {
    const dir = scratchDir();
    const reply = 'x"}\r\n{"event":"forged"}\u2028\u0085\u000b\u000c\u0000';
    logToFile(dir, 'events.log', { event: 'real', reply });
    const lines = readFileSync(join(dir, 'events.log'), 'utf8').split(/[\r\n\u2028\u0085\u000b\u000c]/);
    expect(lines.filter((line) => line !== '').map((line) => JSON.parse(line) as unknown)).toEqual([
      { event: 'real', reply },
    ]);
  });
});
