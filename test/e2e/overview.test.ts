import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ScriptedSmtpServer } from '../fakes/scripted-smtp-server.ts';
import { freePort } from '../integration/support/scratch.ts';
import { connectToBrowser } from './support/connect.ts';
import { type ConsoleRig, startConsoleRig } from './support/console-rig.ts';
import { frontDeskSettings, writeHistory } from './support/front-desk.ts';
import { accessibilityFaults, type PageRig, type Theme } from './support/page-rig.ts';

let browser: Browser;
let mailServer: ScriptedSmtpServer;
let desk: ConsoleRig;
let rig: PageRig;

const backupPath = () => join(desk.agent.dir, 'last-backup');

beforeAll(async () => {
  [browser, mailServer] = await Promise.all([connectToBrowser(), new ScriptedSmtpServer().start()]);
  desk = await startConsoleRig({
    settings: (dir) => frontDeskSettings(dir, mailServer.port),
    prepare: writeHistory,
  });
});
afterAll(async () => {
  await desk.dispose();
  await mailServer.stop();
  await browser.close();
});
beforeEach(async () => {
  writeFileSync(backupPath(), 'done\n');
  rig = await desk.open(browser);
});
afterEach(async () => {
  await rig.close();
});

describe('the overview', () => {
  test('answers in one line, and shows what it rests on', async () => {
    const { page } = rig;
    await page.getByText('Nothing is wrong.').waitFor();
    expect(await page.title()).toBe('Tocsin · front-desk');
    expect(await page.getByRole('navigation').getByRole('status').textContent()).toBe('All right');
    await page.getByText(`SMTP 127.0.0.1:${mailServer.port}`).waitFor();
    const disk = page.getByRole('row', { name: 'Disk / used' });
    await disk.getByText('above 99 % for 5 min').waitFor();
    await disk.getByRole('img', { name: /^Disk \/ used, last 24 hours: Between / }).waitFor();
    expect(rig.complaints).toEqual([]);
  });

  test('what fires appears without a reload, is acknowledged, and goes when it is over', async () => {
    const { page } = rig;
    await page.getByText('Nothing is wrong.').waitFor();
    rmSync(backupPath());
    const alerts = page.getByRole('region', { name: 'Active alerts' });
    await alerts.getByText('Backup has not run').waitFor();
    expect(await page.getByRole('navigation').getByRole('status').textContent()).toBe('1 alert');
    await page.getByText('“Backup has not run” fires.').waitFor();

    await alerts.getByRole('button', { name: 'Actions for Backup has not run' }).click();
    await page.getByRole('menuitem', { name: 'Acknowledge' }).click();
    await alerts.getByText('Acknowledged').waitFor();

    writeFileSync(backupPath(), 'done\n');
    await alerts.waitFor({ state: 'detached' });
    await page.getByText('Nothing is wrong.').waitFor();
    // That it is over is joined with what may follow.
    await page.getByText('1 alert is to be told in the next mail').waitFor();
    expect(rig.complaints).toEqual([]);
  });

  test('a paused agent says so, and is resumed where it says it', async () => {
    const { page } = rig;
    await page.getByRole('button', { name: 'Pause monitoring' }).click();
    await page.getByRole('menuitem', { name: 'For 1 hour' }).click();
    await page.getByText('Monitoring is paused until').waitFor();
    expect(await page.getByRole('navigation').getByRole('status').textContent()).toBe('Paused');
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Nothing is wrong.').waitFor();
  });

  test('a report is sent on demand', async () => {
    const { page } = rig;
    const before = mailServer.accepted.length;
    await page.getByRole('button', { name: 'Send report' }).click();
    await page.getByText('“Morning report” is on its way.').waitFor();
    await expect.poll(() => mailServer.accepted.length, { timeout: 20_000 }).toBeGreaterThan(before);
  });

  test('a click on what is measured shows its chart, in words too', async () => {
    const { page } = rig;
    await page.getByRole('row', { name: 'Memory used' }).click();
    const dialog = page.getByRole('dialog', { name: 'Memory used' });
    await dialog.locator('canvas').waitFor();
    await dialog.getByText(/^Between .* and .*, on average/).waitFor();
    await dialog.getByText('Last 7 days').click();
    await dialog.getByText('above 98 % for 5 min').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(rig.complaints).toEqual([]);
  });

  test('the back button goes back, and About names the version and the folder', async () => {
    const { page } = rig;
    await page.getByRole('link', { name: 'About' }).click();
    await page.getByRole('heading', { name: 'About' }).waitFor();
    await page.getByText(desk.agent.dataDir, { exact: true }).first().waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  });

  test.each<Theme>(['light', 'dark'])('%s: axe finds nothing, also while something fires', async (theme) => {
    const themed = await desk.open(browser, { theme });
    await themed.page.getByText('Nothing is wrong.').waitFor();
    await themed.page.getByRole('img', { name: /^Disk/ }).waitFor();
    expect(await accessibilityFaults(themed.page)).toEqual([]);
    rmSync(backupPath());
    await themed.page.getByText('“Backup has not run” fires.').waitFor();
    expect(await accessibilityFaults(themed.page)).toEqual([]);
    expect(themed.complaints).toEqual([]);
    await themed.close();
  });

  test.each([
    [720, 480],
    [960, 640],
    [1600, 1000],
  ])('nothing is wider than a window of %i × %i', async (width, height) => {
    const sized = await desk.open(browser, { width, height });
    await sized.page.getByRole('row', { name: 'Disk / used' }).waitFor();
    const wide = await sized.page.evaluate(() => {
      const main = document.querySelector('main');
      return main === null ? null : main.scrollWidth - main.clientWidth;
    });
    expect(wide).toBe(0);
    await sized.close();
  });
});

describe('an agent that ends', () => {
  test('is missed within seconds; one that is back wants a new session, and says how', async () => {
    const port = await freePort();
    const other = await startConsoleRig({
      settings: (dir) => frontDeskSettings(dir, mailServer.port),
      words: ['--console-port', String(port)],
    });
    const { page, close } = await other.open(browser, { mayComplain: true });
    await page.getByText('Nothing is wrong.').waitFor();
    await other.agent.stop();
    await page.getByText('Tocsin is not answering.').waitFor();
    expect(await page.getByRole('navigation').getByRole('status').textContent()).toBe('Not answering');
    expect(await accessibilityFaults(page)).toEqual([]);
    other.agent.start('--console-port', String(port));
    await page.getByText('The session of this page has ended.').waitFor({ timeout: 30_000 });
    await close();
    await other.dispose();
  });
});

describe('an installation without a mail server', () => {
  test('says that nobody would hear, and where to set one', async () => {
    const fresh = await startConsoleRig({
      settings: () => ({ version: 1, installation: { name: 'a'.repeat(100), intervalSeconds: 1 } }),
    });
    const { page, close } = await fresh.open(browser, { width: 720, height: 480 });
    await page.getByRole('button', { name: 'Skip for now' }).click();
    await page.getByText('nobody would hear of an alert').waitFor();
    await page.getByText('Nothing is watched yet.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Set a mail server' }).click();
    await page.getByRole('heading', { name: 'E-mail' }).waitFor();
    await close();
    await fresh.dispose();
  });
});
