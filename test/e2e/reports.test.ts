import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deskOfFile } from './support/desk-of-file.ts';
import { accessibilityFaults, type PageRig, type Theme } from './support/page-rig.ts';

/** A report is composed for its preview, which measures the computer. */
const PATIENCE = { timeout: 10_000 };

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
  await opened.page.getByRole('link', { name: 'Status Reports' }).click();
  await row(opened.page, 'Morning report').waitFor();
  return opened;
}

const row = (page: Page, name: string) =>
  page.getByRole('grid', { name: 'Status Reports' }).getByRole('row', { name });

async function savedCron(name: string): Promise<string | null | undefined> {
  const { reports } = JSON.parse(await front.desk.agent.must('export')) as {
    reports: { name: string; cron: string | null }[];
  };
  return reports.find((report) => report.name === name)?.cron;
}

describe('status reports', () => {
  test('are listed with their schedule in words, and “Send now” says who accepted', async () => {
    const { page } = rig;
    const report = row(page, 'Morning report');
    await report.getByText('Weekdays at 08:00').waitFor();
    await report.getByText('Not sent yet').waitFor();
    await report.getByRole('button', { name: 'Send now: Morning report' }).click();
    await page.getByText('“Morning report” was accepted by 127.0.0.1 for 1 recipient.').waitFor();
    await report.getByText('Accepted').waitFor();
    expect(front.mailServer.accepted.at(-1)?.to).toEqual(['it@contoso.example']);
    expect(rig.complaints).toEqual([]);
  });

  test('a refusal is told as well, and stays in the list', async () => {
    const { page } = rig;
    front.mailServer.script = { rcpt: '550 5.1.1 no such user' };
    await row(page, 'Morning report').getByRole('button', { name: 'Send now' }).click();
    await page.getByText('“Morning report” failed for 1 recipient.').waitFor();
    await row(page, 'Morning report').getByText('Failed').waitFor();
    front.mailServer.script = {};
  });

  test('a new one is set up, and its next times follow what is chosen', async () => {
    const { page } = rig;
    await page.getByRole('button', { name: 'New report' }).click();
    const dialog = page.getByRole('dialog', { name: 'New status report' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Monthly report');
    await page.getByRole('tab', { name: 'Schedule' }).click();
    const next = dialog.getByRole('tabpanel', { name: 'Schedule' }).getByRole('listitem');
    await expect.poll(() => next.count(), PATIENCE).toBe(3);
    await dialog.getByText('By a cron expression of your own').click();
    const cron = dialog.getByRole('textbox', { name: 'Cron expression' });
    await cron.fill('61 8 * * *');
    await dialog.getByText('Is not a cron expression such as').waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('tab', { name: 'Schedule 1 fault' }).waitFor();
    await dialog.getByText('Monthly', { exact: true }).click();
    const at = dialog.getByRole('textbox', { name: 'At' });
    await at.fill('7.30');
    await page.keyboard.press('Tab');
    expect(await at.inputValue()).toBe('07:30');
    await expect.poll(() => next.count(), PATIENCE).toBe(3);
    await page.getByRole('tab', { name: 'Recipients' }).click();
    await dialog.getByRole('button', { name: 'Add it@contoso.example' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await row(page, 'Monthly report').getByText('On day 1 of the month at 07:30').waitFor();
    expect(await savedCron('Monthly report')).toBe('30 7 1 * *');
    expect(rig.complaints).toEqual([]);
  });

  test('override is the first field of the last tab here as well; the mail can be looked at', async () => {
    const { page } = rig;
    await row(page, 'Morning report').getByRole('rowheader').click();
    const dialog = page.getByRole('dialog', { name: 'Morning report' });
    expect(await dialog.getByRole('tab').allTextContents()).toEqual([
      'General',
      'Schedule',
      'Recipients',
      'Email Properties (Optional)',
    ]);
    await page.getByRole('tab', { name: 'Email Properties (Optional)' }).click();
    const first = dialog
      .getByRole('tabpanel', { name: 'Email Properties (Optional)' })
      .locator('input')
      .first();
    expect(await first.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent)).toBe(
      "Override SMTP 'From' Email settings and send alerts via the Tocsin Web Service",
    );
    const subject = dialog.getByRole('textbox', { name: 'Subject' });
    await expect
      .poll(() => subject.getAttribute('placeholder'), PATIENCE)
      .toMatch(/^Status report: front-desk, /);
    await subject.fill('Mine');
    await dialog.getByRole('button', { name: 'Restore automatic' }).click();
    expect(await subject.inputValue()).toBe('');
    await dialog.getByRole('button', { name: 'Preview: Mail' }).click();
    await page.frameLocator('iframe').getByText('front-desk').first().waitFor();
    expect(rig.complaints).toEqual([]);
  });

  test.each<Theme>(['light', 'dark'])(
    '%s: axe finds nothing, in the list and on every tab',
    async (theme) => {
      const themed = await open(theme);
      const { page } = themed;
      expect(await accessibilityFaults(page)).toEqual([]);
      await row(page, 'Morning report').getByRole('rowheader').click();
      for (const name of ['General', 'Schedule', 'Recipients', 'Email Properties']) {
        await page.getByRole('tab', { name }).click();
        expect(await accessibilityFaults(page)).toEqual([]);
      }
      expect(themed.complaints).toEqual([]);
      await themed.close();
    },
  );
});
