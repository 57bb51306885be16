import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { editor, goTo, row, tab } from './support/alerts-page.ts';
import { deskOfFile } from './support/desk-of-file.ts';
import { startConsoleRig } from './support/console-rig.ts';
import { frontDeskSettings } from './support/front-desk.ts';
import { accessibilityFaults, type PageRig, type Theme } from './support/page-rig.ts';

const front = deskOfFile();
let rig: PageRig;

beforeEach(async () => {
  rig = await front.desk.open(front.browser);
  await goTo(rig.page, '#/alerts');
});
afterEach(async () => {
  await rig.close();
});

describe('the list', () => {
  test('an alert is duplicated, turned off, deleted, and comes back by “Undo” to its place', async () => {
    const { page } = rig;
    const act = async (name: string, action: string) => {
      await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
      await page.getByRole('menuitem', { name: action, exact: true }).click();
    };
    const settings = async () =>
      (
        JSON.parse(await front.desk.agent.must('export')) as { alerts: { name: string; enabled: boolean }[] }
      ).alerts.map(({ name, enabled }) => `${name} ${enabled ? 'on' : 'off'}`);
    const before = await settings();
    await act('Disk nearly full', 'Duplicate');
    await editor(page).getByRole('button', { name: 'Save' }).click();
    await row(page, 'Disk nearly full, copy').waitFor();
    await act('Disk nearly full, copy', 'Delete');
    await row(page, 'Disk nearly full, copy').waitFor({ state: 'detached' });

    await act('Backup has not run', 'Turn off');
    await row(page, 'Backup has not run').getByText('Off').waitFor();
    await act('Backup has not run', 'Turn on');
    await row(page, 'Backup has not run').getByText('All right').waitFor();

    await act('Memory nearly full', 'Delete');
    await row(page, 'Memory nearly full').waitFor({ state: 'detached' });
    const toast = page.getByRole('alertdialog').filter({ hasText: '“Memory nearly full” was deleted.' });
    await toast.getByRole('button', { name: 'Undo' }).click();
    await row(page, 'Memory nearly full').waitFor();
    expect(await settings()).toEqual(before);
    expect(rig.complaints).toEqual([]);
  });

  test.each<Theme>(['light', 'dark'])(
    '%s: axe finds nothing, in the list and on every tab',
    async (theme) => {
      const themed = await front.desk.open(front.browser, { theme });
      const { page } = themed;
      await goTo(page, '#/alerts');
      await row(page, 'Disk nearly full').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByRole('button', { name: 'New alert' }).click();
      await page.getByRole('option', { name: 'Backup too old' }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByRole('option', { name: 'Backup too old' }).click();
      await editor(page).getByRole('button', { name: 'Save' }).click();
      for (const name of ['General', 'Conditions', 'Recipients', 'SMS', 'Email Properties']) {
        await tab(page, name).click();
        expect(await accessibilityFaults(page)).toEqual([]);
      }
      expect(themed.complaints).toEqual([]);
      await themed.close();
    },
    120_000,
  );

  test('of 200 alerts those are drawn that can be seen, and a search finds one', async () => {
    const many = await startConsoleRig({
      settings: (dir) => {
        const settings = frontDeskSettings(dir, front.mailServer.port);
        const [first] = settings.alerts;
        const alerts = Array.from({ length: 200 }, (_, at) => ({ ...first, name: `Disk watch ${at}` }));
        return { ...settings, alerts };
      },
    });
    const { page, close, complaints } = await many.open(front.browser);
    await goTo(page, '#/alerts');
    const grid = page.getByRole('grid', { name: 'Conditional Alerts' });
    await grid.getByText('Disk watch 0', { exact: true }).waitFor();
    expect(await grid.getByRole('row').count()).toBeLessThan(60);
    await page.getByRole('searchbox', { name: 'Search' }).fill('watch 199');
    await grid.getByText('Disk watch 199').waitFor();
    expect(await grid.getByRole('row').count()).toBe(2);
    await page.getByRole('searchbox', { name: 'Search' }).fill('elephant');
    await page.getByText('No alert has all of these words.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await close();
    await many.dispose();
  });
});

describe('an installation without alerts', () => {
  test('says what they are for, and how to begin', async () => {
    const fresh = await startConsoleRig({
      settings: () => ({ version: 1, installation: { name: 'fresh', intervalSeconds: 1 } }),
    });
    const { page, close } = await fresh.open(front.browser, { width: 720, height: 480 });
    await goTo(page, '#/alerts');
    await page.getByText('No conditional alerts yet.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Start from a template' }).click();
    await page.getByRole('option', { name: 'Empty alert' }).click();
    await tab(page, 'Conditions').click();
    await editor(page).getByRole('button', { name: 'What is measured' }).click();
    await page.getByRole('option', { name: /^Memory available/ }).click();
    await editor(page).getByRole('textbox', { name: 'Limit' }).fill('1');
    await page.keyboard.press('Tab');
    await editor(page).getByText('would not fire').or(editor(page).getByText('would fire now')).waitFor();
    await close();
    await fresh.dispose();
  });
});
