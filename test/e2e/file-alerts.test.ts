import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deskOfFile } from './support/desk-of-file.ts';
import { accessibilityFaults, type PageRig, type Theme } from './support/page-rig.ts';

const front = deskOfFile();
let rig: PageRig;

beforeEach(async () => {
  rig = await open();
});
afterEach(async () => {
  await rig.close();
});

async function open(theme: Theme = 'light'): Promise<PageRig> {
  const opened = await front.desk.open(front.browser, { theme });
  await opened.page.getByRole('link', { name: 'File Alerts' }).click();
  await opened.page.getByRole('heading', { name: 'File Alerts', level: 1 }).waitFor();
  return opened;
}

const row = (page: Page) =>
  page.getByRole('grid', { name: 'File Alerts' }).getByRole('row', { name: 'Backup tool' });

describe('file alerts', () => {
  test('one is set up; a request is mailed, a bad one is shown with its reason', async () => {
    const { page } = rig;
    const folder = join(front.desk.agent.dir, 'spool');
    await page.getByText('No file alerts yet.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Set one up' }).click();
    const dialog = page.getByRole('dialog', { name: 'New file alert' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Backup tool');
    await dialog.getByRole('textbox', { name: 'Folder' }).fill(folder);
    await dialog.getByText('There is no such folder yet.').waitFor();
    mkdirSync(folder);
    await dialog.getByText('The folder is there, and no request waits in it.').waitFor();
    await page.getByRole('tab', { name: 'Recipients' }).click();
    await dialog.getByRole('textbox', { name: 'Recipients' }).fill('it@contoso.example');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await row(page).getByText('None waits').waitFor();

    writeFileSync(join(folder, 'good.alert.json'), '{"subject": "Tape 3 is full"}');
    writeFileSync(join(folder, 'bad.alert.json'), '{"message": "no subject"}');
    await row(page).getByText('1 refused').waitFor({ timeout: 20_000 });
    await row(page).getByText('Accepted').waitFor({ timeout: 20_000 });
    expect(front.mailServer.accepted.at(-1)?.data).toContain('Tape 3 is full');
    await row(page).getByRole('rowheader').click();
    await page.getByText('bad.alert.json').waitFor();
    await page.getByText('subject: ').waitFor();
    expect(rig.complaints).toEqual([]);
  });

  test('there is no override, and the reason stands in its place', async () => {
    const { page } = rig;
    await row(page).getByRole('rowheader').click();
    const dialog = page.getByRole('dialog', { name: 'Backup tool' });
    expect(await dialog.getByRole('tab').allTextContents()).toEqual([
      'General',
      'Recipients',
      'Email Properties (Optional)',
    ]);
    await page.getByRole('tab', { name: 'Email Properties (Optional)' }).click();
    await dialog.getByText('They are never sent through the Tocsin Web Service').waitFor();
    expect(await dialog.getByRole('checkbox', { name: /Override/ }).count()).toBe(0);
  });

  test('the example of a request is copied', async () => {
    const { page } = rig;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await row(page).getByRole('rowheader').click();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(copied)).toMatchObject({ subject: 'Backup failed', severity: 'critical' });
  });

  test.each<Theme>(['light', 'dark'])(
    '%s: axe finds nothing, in the list and on every tab',
    async (theme) => {
      const themed = await open(theme);
      const { page } = themed;
      await row(page).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await row(page).getByRole('rowheader').click();
      for (const name of ['General', 'Recipients', 'Email Properties']) {
        await page.getByRole('tab', { name }).click();
        expect(await accessibilityFaults(page)).toEqual([]);
      }
      expect(themed.complaints).toEqual([]);
      await themed.close();
    },
  );
});
