import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AcceptedMail, ScriptedSmtpServer } from '../fakes/scripted-smtp-server.ts';
import { createRelayProcess, type RelayProcess } from '../integration/support/relay-process.ts';
import { freePort, makeScratchDir, waitFor } from '../integration/support/scratch.ts';
import { editor, goTo, row, tab } from './support/alerts-page.ts';
import { connectToBrowser } from './support/connect.ts';
import { type ConsoleRig, startConsoleRig } from './support/console-rig.ts';
import { frontDeskSettings } from './support/front-desk.ts';
import { tabTo } from './support/keyboard.ts';
import { type PageRig } from './support/page-rig.ts';

const OVERRIDE = "Override SMTP 'From' Email settings and send alerts via the Tocsin Web Service";
const scratch = makeScratchDir('tocsin-e2e-relay');

let browser: Browser;
let local: ScriptedSmtpServer;
let service: ScriptedSmtpServer;
let relay: RelayProcess;
let desk: ConsoleRig;
let rig: PageRig;

beforeAll(async () => {
  [browser, local, service] = await Promise.all([
    connectToBrowser(),
    new ScriptedSmtpServer().start(),
    new ScriptedSmtpServer().start(),
  ]);
  relay = createRelayProcess(join(scratch.dir, 'relay'), await freePort(), [
    '--from',
    'alerts@provider.example',
    '--smtp-url',
    `smtp://127.0.0.1:${service.port}`,
  ]);
  desk = await startConsoleRig({
    settings: (dir) => {
      const settings = frontDeskSettings(dir, local.port);
      return { ...settings, installation: { ...settings.installation, alertFormat: 'text' } };
    },
  });
});
afterAll(async () => {
  await desk.dispose();
  await relay.kill();
  await Promise.all([local.stop(), service.stop()]);
  await browser.close();
  scratch.remove();
});
beforeEach(async () => {
  rig = await desk.open(browser);
  await goTo(rig.page, '#/alerts');
});
afterEach(async () => {
  await rig.close();
});

/** Begins a new alert on a process that does not run, which fires at once. */
async function beginMissingProcess(page: Page, name: string, recipient: string): Promise<Locator> {
  await page.getByRole('button', { name: 'New alert' }).click();
  await page.getByRole('option', { name: 'Process missing' }).click();
  const dialog = editor(page);
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await tab(page, 'Conditions').click();
  await dialog.getByRole('combobox', { name: 'Process', exact: true }).fill('no-such-process');
  await dialog.getByRole('textbox', { name: 'For at least' }).fill('0');
  await tab(page, 'Recipients').click();
  await dialog.getByRole('textbox', { name: 'Recipients' }).fill(recipient);
  await page.keyboard.press('Enter');
  return dialog;
}

async function mailTo(server: ScriptedSmtpServer, recipient: string): Promise<Email> {
  const mail = await waitFor<AcceptedMail>(
    `the mail to ${recipient}`,
    () => server.accepted.find(({ to }) => to.includes(recipient)) ?? null,
  );
  return PostalMime.parse(mail.data);
}

describe('a new alert from a template', () => {
  test('fires, and arrives from the installation’s own address in its own format', async () => {
    const { page } = rig;
    const dialog = await beginMissingProcess(page, 'Ledger stopped', 'ledger@contoso.example');
    await tab(page, 'Conditions').click();
    await dialog.getByText('would fire now').waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('“Ledger stopped” was saved.').waitFor();
    await dialog.waitFor({ state: 'detached' });

    await row(page, 'Ledger stopped').getByText('Fires').waitFor();
    const mail = await mailTo(local, 'ledger@contoso.example');
    expect([mail.from?.address, mail.from?.name]).toEqual(['tocsin@contoso.example', 'Tocsin at Contoso']);
    expect(mail.html).toBeUndefined();
    expect(mail.text).toContain('Ledger stopped on front-desk');

    await page.getByRole('button', { name: 'Actions for Ledger stopped' }).click();
    await page.getByRole('menuitem', { name: 'Acknowledge' }).click();
    await row(page, 'Ledger stopped').getByText('Acknowledged').waitFor();
    await page.getByRole('button', { name: 'Actions for Ledger stopped' }).click();
    await page.getByRole('menuitem', { name: 'Snooze for 30 min' }).click();
    await page.getByText('“Ledger stopped” is snoozed for 30 min').waitFor();
    await row(page, 'Ledger stopped').getByText('Fires, snoozed').waitFor();
    expect(rig.complaints).toEqual([]);
  });

  test('with override it says what is missing, greys out what is not used, and arrives through the Web Service as HTML', async () => {
    const { page } = rig;
    const dialog = await beginMissingProcess(page, 'Vault stopped', 'vault@contoso.example');
    await tab(page, 'Email Properties (Optional)').click();
    const panel = dialog.getByRole('tabpanel', { name: 'Email Properties (Optional)' });
    const fields = panel.locator('input');
    // The first field of the tab (W2).
    expect(await fields.first().evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent)).toBe(
      OVERRIDE,
    );
    const from = panel.getByRole('textbox', { name: 'From' });
    expect([await from.inputValue(), await from.isEnabled()]).toEqual([
      'Tocsin at Contoso <tocsin@contoso.example>',
      true,
    ]);
    await panel.getByText('A last resort').waitFor();
    await panel.getByText('This computer is not enrolled with a Web Service.').waitFor();
    await panel.getByText('Risk and benefit').click();
    await panel.getByText('Benefit: this computer needs no SMTP at all').waitFor();
    await panel.getByText(OVERRIDE).click();
    expect(await from.isEnabled()).toBe(false);
    expect(await panel.getByRole('radio', { name: 'Plain text', exact: true }).isEnabled()).toBe(false);
    expect(await panel.getByText('not used with override').count()).toBe(2);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });

    await relay.start();
    await waitFor('the service to be ready', async () =>
      (await fetch(`${relay.url}/readyz`)).ok ? true : null,
    );
    const code = (await relay.must('installation', 'add', 'front-desk')).trim();
    await desk.agent.must('enroll', code, '--relay', relay.url);
    const mail = await mailTo(service, 'vault@contoso.example');
    expect(mail.from?.address).toBe('alerts@provider.example');
    expect(mail.html).toContain('Vault stopped');
    expect(local.accepted.flatMap(({ to }) => to)).not.toContain('vault@contoso.example');

    await row(page, 'Vault stopped').getByRole('rowheader').click();
    await tab(page, 'Email Properties (Optional)').click();
    await page.getByText('Sent from alerts@provider.example, always as HTML.').waitFor();
    expect(rig.complaints).toEqual([]);
  }, 90_000);

  test('is made by keyboard alone', async () => {
    const { page } = rig;
    await tabTo(page, 'New alert');
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: 'Disk nearly full' }).waitFor();
    await page.keyboard.type('cpu b');
    await page.keyboard.press('Enter');
    await editor(page).waitFor();
    await tabTo(page, 'Name');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Always busy');
    await tabTo(page, 'General', 'Shift+Tab');
    await page.keyboard.press('ArrowRight');
    await tabTo(page, /^Limit/);
    await page.keyboard.type('99');
    await tabTo(page, /^Clears at/);
    await page.keyboard.press('Backspace');
    await tabTo(page, 'Conditions', 'Shift+Tab');
    await page.keyboard.press('ArrowRight');
    await tabTo(page, 'Recipients');
    await page.keyboard.press('Tab');
    await page.keyboard.type('keys@contoso.example');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Save');
    await page.keyboard.press('Enter');
    await page.getByText('“Always busy” was saved.').waitFor();
    await row(page, 'Always busy').getByText('keys@contoso.example').waitFor();
    const { alerts } = JSON.parse(await desk.agent.must('export')) as {
      alerts: { name: string; conditions: { above: number }[] }[];
    };
    expect(alerts.find(({ name }) => name === 'Always busy')?.conditions[0]?.above).toBe(99);
  });
});

describe('the editor', () => {
  test('says what is wrong at the tab and at the field, and saves nothing', async () => {
    const { page } = rig;
    await goTo(page, '#/alerts/new/backup-too-old');
    const dialog = editor(page);
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Disk nearly full');
    await tab(page, 'Conditions').click();
    await dialog
      .getByRole('group', { name: 'Condition 2' })
      .getByRole('combobox', { name: 'Full path' })
      .fill('relative');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByRole('alert').getByText('Nothing was saved. 3 things are to be mended').waitFor();
    await tab(page, 'General 1 fault').waitFor();
    await tab(page, 'Conditions 2 faults').waitFor();
    // It leads to the first of them.
    await dialog.getByText('“Disk nearly full” is the name of another one.').waitFor();
    await tab(page, 'Conditions').click();
    await dialog.getByText('Type the full path of a file or folder.').waitFor();
    await dialog.getByText('Must be the full path of a file or folder, not “relative”.').waitFor();
    // What is mended loses its mark at once.
    await tab(page, 'General').click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Backup too old');
    await tab(page, /^General$/).waitFor();
    expect(rig.complaints).toEqual([]);
  });

  test('shows the mail, its text and its SMS, and tests it to an address', async () => {
    const { page } = rig;
    await goTo(page, '#/alerts/Disk%20nearly%20full');
    const dialog = editor(page, 'Disk nearly full');
    await tab(page, 'SMS').click();
    await dialog.getByRole('textbox', { name: 'SMS gateway addresses' }).fill('5551234567@txt.att.net');
    await page.keyboard.press('Enter');
    await dialog.getByText('a gateway that AT&T shut down').waitFor();
    await tab(page, 'Email Properties').click();
    await dialog.getByText('HTML', { exact: true }).click();
    await dialog.getByRole('button', { name: 'Preview: Mail' }).click();
    const preview = page.getByRole('dialog', { name: /^\[CRITICAL\] front-desk: Disk nearly full/ });
    await preview.getByText('Tocsin at Contoso <tocsin@contoso.example>').waitFor();
    const frame = page.frameLocator('iframe');
    await frame.getByText('Disk nearly full on front-desk').waitFor();
    await preview.getByRole('tab', { name: 'SMS' }).click();
    await preview.getByText(/^\d+ of 160 characters$/).waitFor();
    await preview.getByRole('button', { name: 'Close' }).click();

    await dialog.getByRole('button', { name: 'Test this alert…' }).click();
    const test = page.getByRole('dialog', { name: 'Test this alert' });
    const to = test.getByRole('textbox', { name: 'Test message to' });
    await to.fill('nobody');
    await test.getByRole('button', { name: 'Send test' }).click();
    await test.getByText('Has no @').waitFor();
    await to.fill('tester@contoso.example');
    await test.getByRole('button', { name: 'Send test' }).click();
    await test.getByText('Accepted by 127.0.0.1').first().waitFor();
    expect((await mailTo(local, 'tester@contoso.example')).subject).toMatch(/^\[TEST\] \[CRITICAL\]/);
    expect(rig.complaints).toEqual([]);
  });

  test('a reload warns of what is unsaved, and opens what was saved again', async () => {
    const { page } = rig;
    await goTo(page, '#/alerts/Memory%20nearly%20full');
    const name = editor(page, 'Memory nearly full').getByRole('textbox', { name: 'Name' });
    await name.click();
    await page.keyboard.type(' of it');
    const warned: string[] = [];
    page.on('dialog', (dialog) => {
      warned.push(dialog.type());
      void dialog.accept();
    });
    await page.reload();
    expect(warned).toEqual(['beforeunload']);
    await expect.poll(() => name.inputValue(), { timeout: 10_000 }).toBe('Memory nearly full');
    // Nothing is unsaved now, so nothing is asked.
    await page.reload();
    await name.waitFor();
    expect(warned).toHaveLength(1);
    await page.keyboard.press('Escape');
    await editor(page, 'Memory nearly full').waitFor({ state: 'detached' });
  });
});
