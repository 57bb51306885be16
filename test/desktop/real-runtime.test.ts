import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron } from 'playwright-core';
import { expect, test } from 'vitest';
import { hasDisplay } from '../../electron/commands/desktop.ts';
import { findElectron } from '../../scripts/electron-runtime.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const runtime = findElectron(join(ROOT, 'node_modules/electron'), process.env);
const reason = runtime.found
  ? hasDisplay(process.env, process.platform)
    ? null
    : 'there is no display'
  : runtime.why;

/** Changes one setting by the window's own channel, as its page does. */
const SAVE_A_NAME = `(async () => {
  const { methods } = window.tocsin;
  const { reply: view } = await methods['settings.get']({});
  const settings = { ...view.settings, installation: { ...view.settings.installation, name: 'smoke-test' } };
  const { reply } = await methods['settings.save']({ revision: view.revision, settings });
  return reply.outcome;
})()`;

function isRunning(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The app as it is, in Electron's own runtime. Elsewhere its parts run against a double, beside this. */
test.skipIf(reason !== null)(
  `the desktop app starts, watches and shows its page${reason === null ? '' : ` [skipped: ${reason}]`}`,
  async () => {
    if (!runtime.found) return;
    const dataDir = mkdtempSync(join(tmpdir(), 'tocsin-desktop-'));
    const args = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ROOT, '--data-dir', dataDir];
    const app = await _electron.launch({ executablePath: runtime.program, args });
    try {
      const page = await app.firstWindow();
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      expect(page.url()).toMatch(/^tocsin:\/\/app\//);
      // Nothing of Node is within the page's reach, and nothing of the web.
      expect(await page.evaluate('typeof require + typeof process + typeof module')).toBe(
        'undefinedundefinedundefined',
      );
      expect(await page.evaluate('Object.keys(window.tocsin).join()')).toBe('methods,subscribe');
      const reached = "fetch('https://example.com').then(() => 'reached', () => 'stopped')";
      expect(await page.evaluate(reached)).toBe('stopped');
      expect(await page.evaluate("window.open('https://example.com') === null")).toBe(true);
      const status = "window.tocsin.methods['status.get']({}).then((outcome) => outcome.ok)";
      expect(await page.evaluate(status)).toBe(true);
      expect(await page.evaluate(SAVE_A_NAME)).toBe('saved');
      const saved = JSON.parse(readFileSync(join(dataDir, 'settings.json'), 'utf8')) as unknown;
      expect(saved).toMatchObject({ installation: { name: 'smoke-test' } });
      // It says so once its icon stands in the tray.
      expect(readFileSync(join(dataDir, 'desktop.log'), 'utf8')).toContain('the desktop app watches');
      const { pid } = app.process();
      const ended = new Promise((resolve) => app.process().once('exit', resolve));
      await app.evaluate(({ app: running }) => running.quit());
      expect(await ended).toBe(0);
      expect(isRunning(pid)).toBe(false);
    } finally {
      const pid = app.process().pid;
      await app.close().catch(() => undefined);
      if (pid !== undefined && app.process().exitCode === null) app.process().kill('SIGKILL');
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
  60_000,
);
