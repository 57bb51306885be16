import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listTargetNames, parseUnitFiles } from '../../../../../electron/agent/collect/target-names.ts';
import { parseScNames } from '../../../../../electron/agent/collect/windows/services.ts';
import { systemClock } from '../../../../../mail/platform/clock.ts';

describe('the names to choose targets from', () => {
  test('hold what runs on this computer, each name once, at most 500 of a kind', async () => {
    const child = spawn('sleep', ['30'], { stdio: 'ignore' });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    await once(child, 'spawn');
    const { processes, mounts, interfaces, services } = await listTargetNames({
      clock: systemClock,
      system: process.platform,
    });
    expect(processes).toContain('sleep');
    for (const names of [processes, mounts, interfaces, services]) {
      expect(new Set(names).size).toBe(names.length);
      expect(names.length).toBeLessThanOrEqual(500);
    }
  });

  test('what cannot be listed is empty', async () => {
    const run = () => Promise.reject(new Error('there is no such program'));
    expect((await listTargetNames({ clock: systemClock, system: 'linux', run })).services).toEqual([]);
  });
});

test('services of systemd are named without their type; templates are left out', () => {
  const text = [
    'cron.service            enabled         enabled',
    'getty@.service          enabled         enabled',
    'getty@tty1.service      enabled         enabled',
    'systemd-resolved.service disabled       enabled',
    'tmp.mount               static          -',
    '',
  ].join('\n');
  expect(parseUnitFiles(text)).toEqual(['cron', 'getty@tty1', 'systemd-resolved']);
});

test('services of Windows are named by their name, in whatever language sc.exe speaks', () => {
  const block = (label: string) => `
${label}: Spooler
DISPLAY_NAME: Print Spooler
        TYPE               : 110  WIN32_OWN_PROCESS  (interactive)
        STATE              : 4  RUNNING
                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)

${label}: MSSQL$SQLEXPRESS
DISPLAY_NAME: SQL Server (SQLEXPRESS)
        TYPE               : 10  WIN32_OWN_PROCESS
        STATE              : 1  STOPPED
`;
  for (const label of ['SERVICE_NAME', 'DIENSTNAME'])
    expect(parseScNames(block(label))).toEqual(['Spooler', 'MSSQL$SQLEXPRESS']);
});
