import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Settings } from '../../shared/contract/settings.ts';
import { OAuthServer } from '../fakes/oauth-server.ts';
import { TokenSmtpServer } from '../fakes/token-smtp-server.ts';
import { connectToBrowser } from './support/connect.ts';
import { type ConsoleRig, startConsoleRig } from './support/console-rig.ts';
import { openEmail, runTest, serverCard } from './support/email-page.ts';
import { enterService, openSignIn } from './support/oauth-page.ts';
import { frontDeskSettings } from './support/front-desk.ts';
import { accessibilityFaults, type PageRig, type Theme } from './support/page-rig.ts';

const APP_SECRET = 'canary-app-secret';

let browser: Browser;
let service: OAuthServer;
let mail: TokenSmtpServer;
let desk: ConsoleRig;
let rig: PageRig;
let page: Page;
/** Another one for each test: a sign-in lasts, also one for a server that was never saved. */
let user: string;
let users = 0;

const settings = (dir: string) => ({
  ...frontDeskSettings(dir, mail.port),
  profile: { emails: ['admin@provider.example'] },
});

beforeAll(async () => {
  service = await new OAuthServer({ intervalSeconds: 1, clientSecret: APP_SECRET }).start();
  [browser, mail] = await Promise.all([connectToBrowser(), new TokenSmtpServer(service).start()]);
  desk = await startConsoleRig({ settings });
});
afterAll(async () => {
  await desk.dispose();
  await Promise.all([mail.stop(), service.stop()]);
  await browser.close();
});
beforeEach(async () => {
  user = `tocsin-${++users}@contoso.example`;
  service.browserUser = user;
  await desk.agent.must('import', desk.agent.writeSettings(settings(desk.agent.dir)));
  rig = await desk.open(browser);
  ({ page } = rig);
  await openEmail(page);
});
afterEach(async () => {
  if (rig.complaints.length > 0) throw new Error(rig.complaints.join('\n'));
  await rig.close();
});

const enter = () => enterService(page, service, { user, clientSecret: APP_SECRET });
const openDialog = (card: Locator, button?: string) => openSignIn(page, card, button);

/** The code that the dialog shows. */
async function codeIn(dialog: Locator): Promise<string> {
  return (await dialog.locator('code').textContent()) ?? '';
}

/** Signs in by the code that the dialog shows. */
async function signInByCode(card: Locator, button?: string): Promise<void> {
  const dialog = await openDialog(card, button);
  const code = await codeIn(dialog);
  service.settleDevice(code, 'approved', user);
  await dialog.getByRole('alert').getByText(`Signed in as ${user}.`).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
}

describe('signing in by OAuth 2.0', () => {
  test('by a code: the test takes it at once, saving keeps it, and no secret stands in the settings', async () => {
    const card = await enter();
    const dialog = await openDialog(card);
    const code = await codeIn(dialog);
    await dialog.getByRole('link', { name: `${service.origin}/enter` }).waitFor();
    await dialog.getByText(/^Waiting for the sign-in, for 15 more minutes/).waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await dialog.getByRole('button', { name: 'Copy code' }).click();
    await dialog.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code);
    service.settleDevice(code, 'approved', user);
    await dialog.getByRole('alert').getByText(`Signed in as ${user}.`).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await card.getByText(`Signed in as ${user}`).waitFor();
    await card.getByText(/access until .*, renewed by itself before/).waitFor();

    const tested = await runTest(page);
    await tested.getByText(`Accepted by 127.0.0.1:${mail.port}.`).waitFor();
    await tested.getByText(`logged in as ${user} by OAuth 2.0 (XOAUTH2)`).waitFor();
    await tested.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText(/^Saved\. .* lets this computer in\.$/).waitFor();
    const saved = await desk.agent.must('export');
    expect((JSON.parse(saved) as Settings).smtp.servers[0]?.auth).toMatchObject({
      method: 'oauth2',
      user: user,
    });
    const seen = saved + (await page.content());
    for (const secret of [...service.secrets, APP_SECRET]) expect(seen).not.toContain(secret);
    await page.reload();
    await serverCard(page).getByText(`Signed in as ${user}`).waitFor();
    expect(await serverCard(page).getByLabel('Client secret').getAttribute('placeholder')).toBe('****');
  });

  test('a sign-in that was withdrawn is told, and made again', async () => {
    const card = await enter();
    await signInByCode(card);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText(/^Saved\. .* lets this computer in\.$/).waitFor();
    service.withdraw(user);
    mail.cutConnections();
    const tested = await runTest(page);
    await tested
      .getByText(/The sign-in of .* has ended \(invalid_grant/)
      .first()
      .waitFor();
    await tested.getByRole('button', { name: 'Close' }).last().click();
    await card.getByText('The sign-in has ended', { exact: true }).waitFor();
    await signInByCode(card, 'Sign in again…');
    await card.getByText(`Signed in as ${user}`).waitFor();
    await (await runTest(page)).getByText(`Accepted by 127.0.0.1:${mail.port}.`).waitFor();
  });

  test('in the browser, which comes back by itself', async () => {
    const card = await enter();
    const dialog = await openDialog(card);
    await dialog.getByRole('button', { name: 'Sign in in the browser instead' }).click();
    const link = dialog.getByRole('link', { name: 'Open the page' });
    const [opened] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
    await opened.getByRole('heading', { name: 'You are signed in' }).waitFor();
    await opened.close();
    await dialog.getByRole('alert').getByText(`Signed in as ${user}.`).waitFor();
  });

  test('in a browser of another computer, whose last address is pasted', async () => {
    const card = await enter();
    const dialog = await openDialog(card);
    await dialog.getByRole('button', { name: 'Sign in in the browser instead' }).click();
    const href = await dialog.getByRole('link', { name: 'Open the page' }).getAttribute('href');
    const back = await fetch(href ?? '', { redirect: 'manual' });
    await dialog.getByText('The browser is on another computer').click();
    await dialog.getByLabel('Address').fill('https://elsewhere.example/');
    await dialog.getByRole('button', { name: 'Use this address' }).click();
    await dialog.getByText(/This is not the address that the browser came to/).waitFor();
    await dialog.getByLabel('Address').fill(back.headers.get('location') ?? '');
    await dialog.getByRole('button', { name: 'Use this address' }).click();
    await dialog.getByRole('alert').getByText(`Signed in as ${user}.`).waitFor();
  });

  test('declined, tried again, and called off', async () => {
    const card = await enter();
    const dialog = await openDialog(card);
    const first = await codeIn(dialog);
    service.settleDevice(first, 'denied');
    await dialog
      .getByRole('alert')
      .getByText(/was declined/)
      .waitFor();
    await dialog.getByRole('button', { name: 'Try again' }).click();
    expect(await codeIn(dialog)).not.toBe(first);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await card.getByText('Not signed in').waitFor();
  });

  test('an app that the service does not know is said in the dialog', async () => {
    const card = await enter();
    await card.getByLabel('Client ID').fill('another');
    const dialog = await openDialog(card);
    await dialog
      .getByRole('alert')
      .getByText(/does not take Tocsin as the app it is set up as \(invalid_client\)/)
      .waitFor();
  });

  test('signing out withdraws it', async () => {
    const card = await enter();
    await signInByCode(card);
    await card.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText(/has withdrawn it\.$/).waitFor();
    await card.getByText('Not signed in').waitFor();
    expect(
      service.takes(user, service.secrets.findLast((secret) => secret.startsWith('canary-access')) ?? ''),
    ).toBe(false);
  });

  test.each<Theme>(['light', 'dark'])('everybody can use it (axe, %s)', async (theme) => {
    await rig.close();
    rig = await desk.open(browser, { theme });
    ({ page } = rig);
    await openEmail(page);
    const card = await enter();
    expect(await accessibilityFaults(page)).toEqual([]);
    const dialog = await openDialog(card);
    await codeIn(dialog);
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Sign in in the browser instead' }).click();
    await dialog.getByText('The browser is on another computer').click();
    expect(await accessibilityFaults(page)).toEqual([]);
  });
});
