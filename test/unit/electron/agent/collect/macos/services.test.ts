import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createLaunchdServicesSource,
  parseLaunchctlPrint,
} from '../../../../../../electron/agent/collect/macos/services.ts';
import type { ProgramOutput } from '../../../../../../electron/agent/collect/run-program.ts';
import { readAll, reasonOf, request } from '../measuring.ts';
import { anyText } from '../../../../../fakes/any-text.ts';

/** `launchctl print system/LABEL`, in the layout of macOS 12 to 15 (launchctl(1), "print"); one tab for each level. */
const print = (state: string, more: string) => `com.example.db = {
\tactive count = 1
\tpath = /Library/LaunchDaemons/com.example.db.plist
\ttype = LaunchDaemon
\tstate = ${state}

\tprogram = /usr/local/bin/db
\tdomain = system
\tenvironment = {
\t\tstate = trap
\t}
\trun interval = 0 seconds
${more}
\tendpoints = {
\t\t"com.example.db" = {
\t\t\tport = 0x4f03
\t\t\tactive = 1
\t\t\tstate = active
\t\t}
\t}
}
`;

const said = (stdout: string): ProgramOutput => ({ status: 0, stdout, stderr: '' });

test.each<[string, ProgramOutput, unknown]>([
  [
    'a daemon that runs',
    said(print('running', '\tpid = 371\n\truns = 1\n\tlast exit code = (never exited)')),
    { value: 'running', detail: 'running' },
  ],
  ['one that is being started', said(print('xpcproxy', '')), { value: 'running', detail: 'xpcproxy' }],
  [
    'one that has ended',
    said(print('not running', '\truns = 3\n\tlast exit code = 78: EX_CONFIG')),
    { value: 'stopped', detail: 'not running, last exit code 78: EX_CONFIG' },
  ],
  ['one that waits to be needed', said(print('waiting', '')), { value: 'stopped', detail: 'waiting' }],
  [
    'a label that nobody knows',
    { status: 113, stdout: '', stderr: 'Could not find service "com.example.db" in domain for system\n' },
    { value: null, unknown: 'launchd knows no system service com.example.db' },
  ],
  [
    'launchctl of another time',
    { status: 64, stdout: '', stderr: 'Unrecognized subcommand: print\nUsage: …\n' },
    { value: null, unknown: 'launchctl says: Unrecognized subcommand: print' },
  ],
  [
    'no state anywhere',
    said('\t\tstate = active\n'),
    { value: null, unknown: 'launchctl says: nothing of com.example.db' },
  ],
])('%s', (_rule, output, expected) => {
  expect(parseLaunchctlPrint('com.example.db', output)).toEqual(expected);
});

test('each label is asked for by a launchctl of its own, four at a time, with no room for options', async () => {
  const calls: string[] = [];
  let active = 0;
  let most = 0;
  const source = createLaunchdServicesSource(async (program, args) => {
    calls.push([program, ...args].join(' '));
    most = Math.max(most, ++active);
    await Promise.resolve();
    active -= 1;
    if (args[1] === 'system/com.example.3') throw new Error('launchctl did not end within 10 s');
    return said(print('running', ''));
  });
  const labels = [...Array.from({ length: 9 }, (_, number) => `com.example.${number}`), 'a/b', '', 'a b'];
  const readings = await readAll(
    source,
    labels.map((label) => request('service.state', label)),
  );
  expect(calls).toHaveLength(9);
  expect(calls[0]).toBe('/bin/launchctl print system/com.example.0');
  expect(most).toBe(4);
  expect(readings[8]).toMatchObject({ value: 'running' });
  expect(readings.map(reasonOf).filter(Boolean)).toEqual([
    'launchctl did not end within 10 s',
    'a/b cannot be the label of a service',
    ' cannot be the label of a service',
    'a b cannot be the label of a service',
  ]);
});

test('no output makes the parser throw', () => {
  fc.assert(
    fc.property(anyText(), fc.nat(255), (stdout, status) => {
      const { value } = parseLaunchctlPrint('x', { status, stdout, stderr: stdout });
      expect(value === null || value === 'running' || value === 'stopped').toBe(true);
    }),
  );
});
