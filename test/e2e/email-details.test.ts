import { X509Certificate } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Settings } from '../../shared/contract/settings.ts';
import { makeCertificates, type TestCertificates } from '../fakes/certificates.ts';
import { ScriptedImapServer } from '../fakes/scripted-imap-server.ts';
import { ScriptedSmtpServer } from '../fakes/scripted-smtp-server.ts';
import { connectToBrowser } from './support/connect.ts';
import { type ConsoleRig, startConsoleRig } from './support/console-rig.ts';
import { fillServer, openEmail, runTest, serverCard } from './support/email-page.ts';
import { frontDeskSettings } from './support/front-desk.ts';
import { accessibilityFaults, type PageRig } from './support/page-rig.ts';

const PASSWORD = 'canary-of-the-mailbox';

let browser: Browser;
let desk: ConsoleRig;
let rig: PageRig;
let page: Page;
let certificates: TestCertificates;
let mailServer: ScriptedSmtpServer;
let mailbox: ScriptedImapServer;

const settings = (dir: string) => ({
  ...frontDeskSettings(dir, mailServer.port),
  mailbox: {
    protocol: 'imap',
    host: '127.0.0.1',
    port: mailbox.port,
    security: 'none',
    user: 'bounces',
    password: PASSWORD,
    roundTripHours: 0,
  },
});

beforeAll(async () => {
  certificates = makeCertificates();
  [browser, mailServer, mailbox] = await Promise.all([
    connectToBrowser(),
    new ScriptedSmtpServer({
      certificate: certificates.good,
      extensions: ['SIZE 10240000', 'AUTH PLAIN LOGIN'],
    }).start(),
    new ScriptedImapServer().start(),
  ]);
  desk = await startConsoleRig({ settings });
});
afterAll(async () => {
  await desk.dispose();
  await Promise.all([mailServer.stop(), mailbox.stop()]);
  await browser.close();
});
beforeEach(async () => {
  rig = await desk.open(browser);
  ({ page } = rig);
});
afterEach(async () => {
  if (rig.complaints.length > 0) throw new Error(rig.complaints.join('\n'));
  await rig.close();
});

describe('what a test found out', () => {
  test('a certificate of nobody known is shown, compared, trusted, and in force once saved', async () => {
    const { fingerprint256 } = new X509Certificate(certificates.good.cert);
    await openEmail(page);
    const card = serverCard(page);
    const entry = { host: 'localhost', port: mailServer.port, security: 'STARTTLS', user: 'tocsin' } as const;
    await fillServer(page, card, { ...entry, password: 'canary-of-the-form' });
    const dialog = await runTest(page);
    const banner = dialog.getByRole('alert');
    expect(await banner.textContent()).toContain(fingerprint256);
    expect(mailServer.commands.join(' ')).not.toContain('AUTH');

    await dialog.getByRole('button', { name: 'Details: Not encrypted' }).click();
    expect(await dialog.getByText('CN=good').isVisible()).toBe(true);
    expect(await dialog.getByText('TLS_AES_256_GCM_SHA384').isVisible()).toBe(true);
    // From at a domain for examples, which no DNS has.
    await dialog
      .getByRole('region', { name: 'About the sender' })
      .getByText('exists in no public DNS')
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);

    await dialog.getByRole('button', { name: 'Trust this certificate' }).click();
    expect(await banner.textContent()).toContain('the one to trust at localhost');
    await dialog.getByRole('button', { name: 'Send test' }).click();
    await dialog.getByText('Accepted by localhost').first().waitFor();
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    expect(await card.getByRole('textbox', { name: 'Trusted certificate' }).inputValue()).toBe(
      fingerprint256,
    );
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('lets this computer in').waitFor();
    const { smtp } = JSON.parse(await desk.agent.must('export')) as Settings;
    expect(smtp.servers[0]?.certificateSha256).toBe(fingerprint256);
  });
});

describe('the test of the mailbox', () => {
  test('opens it as it stands in the form, and tells each stage', async () => {
    await openEmail(page, 'Mailbox');
    await page.getByRole('button', { name: 'Test mailbox' }).click();
    const dialog = page.getByRole('dialog', { name: 'Test the mailbox' });
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByRole('alert').textContent()).toContain('can be read');
    expect(await dialog.getByText('Mailbox opened').isVisible()).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('says at the top what is wrong, and can be run again', async () => {
    await openEmail(page, 'Mailbox');
    await page.getByRole('textbox', { name: 'Server' }).fill('');
    await page.getByRole('button', { name: 'Test mailbox' }).click();
    const dialog = page.getByRole('dialog', { name: 'Test the mailbox' });
    expect(await dialog.getByRole('alert').textContent()).toContain('No mailbox was opened');
    await dialog.getByRole('button', { name: 'Test again' }).click();
    await dialog.getByRole('alert').waitFor();
  });
});
