import type { Locator, Page } from 'playwright-core';

/** Values of one mail server, as the page asks for them. */
export interface ServerEntry {
  readonly host?: string;
  readonly port?: number;
  readonly security?: 'None' | 'STARTTLS' | 'TLS';
  readonly user?: string;
  readonly password?: string;
  readonly caFile?: string;
  readonly certificateSha256?: string;
}

export async function openEmail(page: Page, tab = 'SMTP Server'): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'E-mail' }).click();
  await page.getByRole('tab', { name: tab }).click();
}

/** The card of a server: "Mail server", "Primary server", "Backup server". */
export function serverCard(page: Page, title = 'Mail server'): Locator {
  return page.getByRole('region', { name: title, exact: true });
}

export async function choose(within: Locator, page: Page, label: string, option: string): Promise<void> {
  await within.getByRole('button', { name: label }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

export async function fillServer(page: Page, card: Locator, entry: ServerEntry): Promise<void> {
  if (entry.security !== undefined) await choose(card, page, 'Connection security', entry.security);
  if (entry.host !== undefined) await card.getByRole('textbox', { name: 'Server' }).fill(entry.host);
  if (entry.port !== undefined) {
    await card.getByRole('textbox', { name: 'Port' }).fill(String(entry.port));
    await page.keyboard.press('Tab');
  }
  if (entry.caFile !== undefined)
    await card.getByRole('textbox', { name: 'CA certificate' }).fill(entry.caFile);
  if (entry.certificateSha256 !== undefined)
    await card.getByRole('textbox', { name: 'Trusted certificate' }).fill(entry.certificateSha256);
  if (entry.user === undefined) return;
  const box = card.getByRole('checkbox', { name: 'Requires authentication' });
  if (!(await box.isChecked())) await card.getByText('Requires authentication').click();
  await card.getByRole('textbox', { name: 'User name' }).fill(entry.user);
  if (entry.password !== undefined) await card.getByLabel('Password', { exact: true }).fill(entry.password);
}

/** Runs the test of what stands in the form; gives the dialog with what came of it. */
export async function runTest(page: Page, to = 'admin@provider.example'): Promise<Locator> {
  await page.getByRole('button', { name: 'Test…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Test the mail path' });
  await dialog.getByLabel('Send a test message to').fill(to);
  await dialog.getByRole('button', { name: 'Send test' }).click();
  await dialog.getByRole('alert').waitFor();
  return dialog;
}
