import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectToBrowser } from './support/connect.ts';
import { type GalleryServer, startGalleryServer } from './support/gallery-server.ts';
import { accessibilityFaults, openPage, type PageRig, type Theme } from './support/page-rig.ts';

let browser: Browser;
let gallery: GalleryServer;
let rig: PageRig;

beforeAll(async () => {
  [browser, gallery] = await Promise.all([connectToBrowser(), startGalleryServer()]);
});
afterAll(async () => {
  await gallery.close();
  await browser.close();
});
beforeEach(async () => {
  rig = await openPage(browser, gallery.url);
  await rig.page.locator('.history-plot canvas').waitFor();
});
afterEach(async () => {
  await rig.close();
});

describe('components', () => {
  test.each<Theme>(['light', 'dark'])('%s: axe finds nothing, and the policy is kept', async (theme) => {
    const themed = await openPage(browser, gallery.url, { theme, width: 1280, height: 2400 });
    await themed.page.locator('.history-plot canvas').waitFor();
    for (const tab of ['Choices', 'Recipients', 'Text']) {
      await themed.page.getByRole('tab', { name: tab }).click();
      expect(await accessibilityFaults(themed.page)).toEqual([]);
    }
    expect(themed.complaints).toEqual([]);
    await themed.close();
  });

  test('a tab with faults says how many', async () => {
    await rig.page.getByRole('tab', { name: 'Text 2 faults' }).waitFor();
  });

  test('a heading sorts by words or numbers, and back', async () => {
    const table = rig.page.getByRole('grid', { name: 'Few' });
    const names = () => table.getByRole('rowheader').allTextContents();
    expect(await names()).toEqual(['alpha', 'Bravo', 'Charlie']);
    const size = table.getByRole('columnheader', { name: 'Size' });
    await size.click();
    expect(await names()).toEqual(['Bravo', 'Charlie', 'alpha']);
    await size.click();
    expect(await names()).toEqual(['alpha', 'Charlie', 'Bravo']);
  });

  test('a row opens by keyboard alone, and Escape gives the focus back', async () => {
    const { page } = rig;
    await page.getByRole('grid', { name: 'Few' }).getByRole('row').nth(1).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Bravo' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Bravo');
  });

  test('of 10,000 rows only those are drawn that can be seen, also after a jump to the end', async () => {
    const table = rig.page.getByRole('grid', { name: 'Many' });
    await table.scrollIntoViewIfNeeded();
    expect(await table.getByRole('row').count()).toBeLessThan(60);
    await table.evaluate((node) => node.scrollTo(0, node.scrollHeight));
    await rig.page.getByText('Message 9999').waitFor();
    expect(await table.getByRole('row').count()).toBeLessThan(60);
  });

  test('pasted addresses become entries; what is none stays, with the reason', async () => {
    const { page } = rig;
    await page.getByRole('tab', { name: 'Recipients' }).click();
    const field = page.getByRole('textbox', { name: 'Recipients' });
    await field.fill('boss@contoso.example, front desk; it@contoso.example');
    await page.keyboard.press('Enter');
    const entries = page.getByRole('grid', { name: 'Recipients' }).getByRole('row');
    expect(await entries.allTextContents()).toEqual(['it@contoso.example', 'boss@contoso.example']);
    await page.getByText('“front” has no @').waitFor();
    await page.getByRole('button', { name: 'Remove it@contoso.example' }).click();
    expect(await entries.allTextContents()).toEqual(['boss@contoso.example']);
  });

  test('what was done can be undone while it is told', async () => {
    const { page } = rig;
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone').waitFor();
  });

  test('a question is answered by verbs, and Escape means no', async () => {
    const { page } = rig;
    await page.getByRole('button', { name: 'Ask first' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove “Old alert”?' });
    expect(await dialog.getByRole('button').allTextContents()).toEqual(['', 'Cancel', 'Remove']);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('an editor closes at once while nothing was changed, and asks when something was', async () => {
    const { page } = rig;
    const editor = page.getByRole('dialog', { name: 'Editor' });
    const question = page.getByRole('dialog', { name: 'Leave without saving?' });
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.keyboard.press('Escape');
    await editor.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await editor.getByRole('textbox', { name: 'Name' }).fill('something');
    await editor.getByRole('button', { name: 'Cancel' }).click();
    await question.getByRole('button', { name: 'Keep editing' }).click();
    expect(await editor.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('something');

    await page.evaluate(() => {
      globalThis.location.hash = '#/elsewhere';
    });
    await question.getByRole('button', { name: 'Leave without saving' }).click();
    await page.getByText('Page: elsewhere').waitFor();
  });
});
