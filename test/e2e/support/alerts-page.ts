import type { Page } from 'playwright-core';

/** Goes to an address of the page of alerts, and waits until it is shown. */
export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((wanted) => {
    globalThis.location.hash = wanted;
  }, hash);
  await page.getByRole('heading', { name: 'Conditional Alerts', exact: true, level: 1 }).waitFor();
}

/** An alert of the list. */
export const row = (page: Page, name: string) =>
  page.getByRole('grid', { name: 'Conditional Alerts' }).getByRole('row', { name });
/** The window of an alert. */
export const editor = (page: Page, name = 'New conditional alert') => page.getByRole('dialog', { name });
/** A tab of that window. */
export const tab = (page: Page, name: string | RegExp) => page.getByRole('tab', { name });
