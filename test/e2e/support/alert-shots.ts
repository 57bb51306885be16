import type { Page } from 'playwright-core';

async function openPage(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name }).click();
  await page.getByRole('heading', { name, level: 1 }).waitFor();
}

async function openDisk(page: Page, tab: string): Promise<void> {
  await openPage(page, 'Conditional Alerts');
  await page.getByRole('row', { name: 'Disk nearly full' }).getByRole('rowheader').click();
  await page.getByRole('tab', { name: tab }).click();
}

/** Pictures of the lists of alerts, reports and file alerts, and of their editors. */
export const ALERT_PAGE_SHOTS: readonly {
  readonly name: string;
  readonly steps: (page: Page) => Promise<void>;
}[] = [
  {
    name: 'alerts',
    steps: async (page) => {
      await openPage(page, 'Conditional Alerts');
      await page.getByRole('row', { name: 'Disk nearly full' }).waitFor();
    },
  },
  {
    name: 'alert-templates',
    steps: async (page) => {
      await openPage(page, 'Conditional Alerts');
      await page.getByRole('button', { name: 'New alert' }).click();
      await page.getByRole('option', { name: 'Disk nearly full' }).waitFor();
    },
  },
  {
    name: 'alert-conditions',
    steps: async (page) => {
      await openDisk(page, 'Conditions');
      await page.getByText('would not fire').waitFor();
    },
  },
  {
    name: 'alert-override',
    steps: async (page) => {
      await openDisk(page, 'Email Properties');
      await page.getByText("Override SMTP 'From'").click();
      await page.getByText('not used with override').first().waitFor();
    },
  },
  {
    name: 'alert-faults',
    steps: async (page) => {
      await openPage(page, 'Conditional Alerts');
      await page.getByRole('button', { name: 'New alert' }).click();
      await page.getByRole('option', { name: 'Service stopped' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill('');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('tab', { name: 'Conditions 1 fault' }).click();
    },
  },
  {
    name: 'reports',
    steps: async (page) => {
      await openPage(page, 'Status Reports');
      await page.getByRole('button', { name: 'Send now' }).click();
      await page.getByText('was accepted by').waitFor({ timeout: 30_000 });
      await page.getByRole('grid').getByText('Accepted').waitFor();
    },
  },
  {
    name: 'report-schedule',
    steps: async (page) => {
      await openPage(page, 'Status Reports');
      await page.getByRole('row', { name: 'Morning report' }).getByRole('rowheader').click();
      await page.getByRole('tab', { name: 'Schedule' }).click();
      await page.getByRole('listitem').filter({ hasText: ':00' }).nth(2).waitFor();
    },
  },
  {
    name: 'file-alert',
    steps: async (page) => {
      await openPage(page, 'File Alerts');
      await page.getByRole('button', { name: 'New file alert' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill('Backup tool');
      await page.getByRole('textbox', { name: 'Folder' }).fill('/var/spool');
      await page.getByText('The folder is there').waitFor();
    },
  },
];
