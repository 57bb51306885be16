import { describe, expect, test } from 'vitest';
import { fullProcessName } from '../../../../../../electron/agent/collect/linux/process-name.ts';
import { parseProcessStat } from '../../../../../../electron/agent/collect/linux/process-stat.ts';
import { statLine } from './fake-process.ts';

describe('/proc/PID/stat', () => {
  test.each(['plain', 'with blank', ') S 1 (', '(', 'a)b', ''])('the name may be %j', (comm) => {
    const stat = parseProcessStat(
      Buffer.from(statLine(7, { comm, state: 'R', user: 3, system: 4, start: 55, pages: 9 })),
    );
    expect(stat).toEqual({
      comm,
      state: 'R',
      isKernelThread: false,
      cpuTicks: 7,
      startTicks: 55,
      residentPages: 9,
    });
  });

  test('kernel threads carry a flag', () => {
    expect(parseProcessStat(Buffer.from(statLine(2, { flags: 0x20_8040 })))?.isKernelThread).toBe(true);
  });

  test.each(['', '7 (x)', '7 (x) S', '7 (x) S 1 2', '7 (x) S a b c', ')('])('%j makes no sense', (text) => {
    expect(parseProcessStat(Buffer.from(text))).toBe(null);
  });
});

test.each([
  ['the last part of the path', 'systemd-timesyn', ['/lib/systemd/systemd-timesyncd'], 'systemd-timesyncd'],
  ['a first thread with a name of its own', 'node-MainThread', ['/usr/bin/node', 'server.js'], 'node'],
  ['a login shell', 'bash', ['-bash'], 'bash'],
  [
    'a script with a long name',
    'backup-of-every',
    ['/bin/sh', '/opt/backup-of-everything', '-v'],
    'backup-of-everything',
  ],
  ['a script with a short name is known to the kernel', 'tidy', ['/bin/sh', '/opt/tidy'], 'sh'],
  ['no command line', 'kthreadd', [], null],
  ['a command line that was overwritten', 'postgres', ['postgres: writer'], 'postgres: writer'],
])('full name: %s', (_rule, comm, words, expected) => {
  expect(fullProcessName(comm, Buffer.from(words.map((word) => `${word}\0`).join('')))).toBe(expected);
});
