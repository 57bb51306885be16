import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { dataDirAt } from '../../../../electron/agent/platform/data-dir.ts';
import { hasDisplay, openInBrowser } from '../../../../electron/commands/desktop.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { scratchDir } from '../../../fakes/scratch-dir.ts';

describe('a display', () => {
  test.each([
    ['X11', 'linux', { DISPLAY: ':0' }, true],
    ['Wayland', 'linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
    ['a server', 'linux', {}, false],
    ['a display that is empty', 'linux', { DISPLAY: '' }, false],
    ['a Mac', 'darwin', {}, true],
    ['a Mac from afar', 'darwin', { SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' }, false],
    ['a desktop of Windows', 'win32', { SESSIONNAME: 'Console' }, true],
    ['a service of Windows', 'win32', {}, false],
  ] as const)('%s (%s)', (_what, system, environment, expected) => {
    expect(hasDisplay(environment, system)).toBe(expected);
  });
});

describe('the browser', () => {
  const url = 'http://127.0.0.1:8440/?link=canary';

  /** A desktop whose xdg-open writes down what it was given. */
  function desktop() {
    const folder = scratchDir();
    const dataDir = dataDirAt(join(folder, 'data'));
    mkdirSync(dataDir.path, { mode: 0o700 });
    const program = join(folder, 'xdg-open');
    writeFileSync(
      program,
      `#!/bin/sh\nprintf %s "$*" > ${folder}/given.tmp && mv ${folder}/given.tmp ${folder}/given\n`,
    );
    chmodSync(program, 0o700);
    return {
      dataDir,
      given: join(folder, 'given'),
      environment: { PATH: `${folder}:${process.env['PATH']}` },
    };
  }

  test('is led to the address by a file that only this user can read, and that does not stay', async () => {
    const { dataDir, given, environment } = desktop();
    const clock = new FakeClock();
    const remove = openInBrowser(url, dataDir, clock, { ...environment, DISPLAY: ':0' }, 'linux');
    await vi.waitFor(() => expect(existsSync(given)).toBe(true));
    const argument = readFileSync(given, 'utf8');
    expect(argument).not.toContain('canary');
    const path = fileURLToPath(argument);
    expect(readFileSync(path, 'utf8')).toContain(`url=${url}`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await clock.advance(30_000);
    expect(existsSync(path)).toBe(false);
    openInBrowser(url, dataDir, clock, { ...environment, DISPLAY: ':0' }, 'linux')?.();
    expect([existsSync(path), remove?.()]).toEqual([false, undefined]);
  });

  test('is left alone where there is no display', () => {
    const { dataDir, given, environment } = desktop();
    expect(openInBrowser(url, dataDir, new FakeClock(), environment, 'linux')).toBeNull();
    expect(existsSync(given)).toBe(false);
  });

  test('that is not there is no fault', () => {
    const { dataDir } = desktop();
    const environment = { PATH: '/nowhere', DISPLAY: ':0' };
    expect(openInBrowser(url, dataDir, new FakeClock(), environment, 'linux')).not.toBeNull();
  });
});
