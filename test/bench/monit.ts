import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programPath } from '../integration/support/debian-package.ts';
import type { WatchList } from './watch-list.ts';

/** How Monit finds the processes that it watches. */
export type MonitMatching = 'name' | 'pid file';

/** Writes a control file with the watch list into `dir`, which belongs to this Monit alone; the file's path. With a port, what is gone is mailed. */
export function writeMonitControl(
  dir: string,
  list: WatchList,
  intervalSeconds: number,
  matching: MonitMatching,
  smtpPort: number | null = null,
): string {
  mkdirSync(dir, { recursive: true });
  const controlPath = join(dir, 'monitrc');
  const processes = list.processes.map(({ name, pidPath }) => {
    const how = matching === 'name' ? `matching "${name}"` : `with pidfile ${pidPath}`;
    return `check process ${name} ${how}\n  if does not exist then alert`;
  });
  const control = [
    `set daemon ${intervalSeconds}`,
    `set logfile ${join(dir, 'monit.log')}`,
    `set idfile ${join(dir, 'id')}`,
    `set statefile ${join(dir, 'state')}`,
    `set pidfile ${join(dir, 'pid')}`,
    ...(smtpPort === null ? [] : mailLines(smtpPort)),
    'check system bench',
    '  if loadavg (1min) per core > 1000 then alert',
    '  if cpu usage > 99% for 60 cycles then alert',
    '  if memory usage > 99% for 60 cycles then alert',
    '  if swap usage > 99% for 60 cycles then alert',
    ...list.mounts.map(
      (mount, index) =>
        `check filesystem disk${index + 1} with path ${mount}\n  if space usage > 99% for 60 cycles then alert`,
    ),
    ...processes,
    ...list.files.map(
      (path, index) => `check file file${index + 1} with path ${path}\n  if does not exist then alert`,
    ),
    ...list.ports.map(
      (port) => `check host port${port} with address 127.0.0.1\n  if failed port ${port} then alert`,
    ),
  ];
  writeFileSync(controlPath, `${control.join('\n')}\n`, { mode: 0o600 });
  return controlPath;
}

function mailLines(smtpPort: number): string[] {
  return [
    `set mailserver 127.0.0.1 port ${smtpPort}`,
    'set mail-format { from: monit@contoso.example }',
    'set alert nobody@contoso.example only on { nonexist }',
  ];
}

/** Starts Monit in the foreground, as a child of ours. */
export function startMonit(controlPath: string): ChildProcess {
  const program = programPath('monit');
  if (program === null) throw new Error('Monit is not installed');
  return spawn(program, ['-I', '-c', controlPath], { stdio: 'ignore' });
}
