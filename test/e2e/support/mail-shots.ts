import type { Page } from 'playwright-core';
import { fillServer, openEmail, runTest, serverCard } from './email-page.ts';
import type { OAuthServer } from '../../fakes/oauth-server.ts';
import { enterService, openSignIn } from './oauth-page.ts';
import type { Shot } from './shot.ts';

const AUTH = '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.';

/** Answers logins as Microsoft 365 does where passwords are switched off. */
export const REFUSES_PASSWORDS = { auth: AUTH };

/** The page E-mail of the front desk, with the ports of a server that refuses passwords and of one that nobody vouches for, and a service to sign in with. */
export function emailShots(refusingPort: number, unknownPort: number, service: OAuthServer): readonly Shot[] {
  return [
    {
      name: 'email-smtp',
      height: 900,
      async steps(page) {
        await openEmail(page);
        await serverCard(page).getByRole('textbox', { name: 'Server' }).waitFor();
      },
    },
    {
      name: 'email-web-service',
      async steps(page) {
        await openEmail(page, 'Web Service');
        await page.getByText('A last resort').waitFor();
      },
    },
    { name: 'email-mailbox', steps: (page) => openEmail(page, 'Mailbox') },
    {
      name: 'email-profile',
      async steps(page) {
        await openEmail(page, 'Notification Profile');
        await page.getByLabel('E-mail addresses').first().fill('admin@provider.example');
        await page.keyboard.press('Enter');
        await page.getByLabel('SMS gateway addresses').first().fill('5551234567@vtext.com');
        await page.keyboard.press('Enter');
        await page.getByText('shuts down').waitFor();
      },
    },
    {
      name: 'email-test-accepted',
      async steps(page) {
        await openEmail(page);
        await runTest(page);
      },
    },
    {
      name: 'email-test-refused',
      height: 780,
      async steps(page) {
        await openEmail(page);
        const entry = { port: refusingPort, user: 'tocsin@contoso.example', password: 'secret' };
        await fillServer(page, serverCard(page), entry);
        await runTest(page);
      },
    },
    {
      name: 'email-test-certificate',
      height: 900,
      async steps(page) {
        await openEmail(page);
        const entry = { host: 'localhost', port: unknownPort, security: 'STARTTLS' } as const;
        await fillServer(page, serverCard(page), entry);
        const dialog = await runTest(page);
        await dialog.getByRole('button', { name: 'Details: Not encrypted' }).click();
      },
    },
    {
      name: 'email-sign-in',
      height: 900,
      async steps(page) {
        await openEmail(page);
        const entry = { user: 'tocsin@contoso.example', clientSecret: 'secret' };
        const dialog = await openSignIn(page, await enterService(page, service, entry));
        await dialog.getByText(/^Waiting for the sign-in/).waitFor();
      },
    },
  ];
}

async function practise(page: Page): Promise<void> {
  await page.getByLabel('Name of this installation').fill('front-desk');
  await page.getByLabel('Organisation').fill('Contoso Dental');
  await page.getByText('Nobody yet: practise first').click();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('textbox', { name: 'Mail alerts to' }).fill('it@contoso.example');
  await page.getByRole('button', { name: 'Send test' }).click();
  await page.getByText('Accepted by the practice mailbox.').waitFor();
}

/** An installation as new; none of them saves anything. */
export const FIRST_RUN_SHOTS: readonly Shot[] = [
  {
    name: 'set-up-1',
    height: 760,
    async steps(page) {
      await page.getByLabel('Name of this installation').fill('front-desk');
      await page.getByLabel('Organisation').fill('Contoso Dental');
      await page.getByRole('textbox', { name: 'Server' }).waitFor();
    },
  },
  { name: 'set-up-2', height: 760, steps: practise },
  {
    name: 'set-up-3',
    height: 760,
    async steps(page) {
      await practise(page);
      await page.getByRole('button', { name: 'Next' }).click();
      await page
        .getByText(/^now .*%/)
        .first()
        .waitFor();
      await page.getByText('measuring…').first().waitFor({ state: 'detached' });
    },
  },
  {
    name: 'practice-mailbox',
    async steps(page) {
      await page.getByRole('link', { name: 'Practice Mailbox' }).click();
      await page.getByRole('row').nth(1).waitFor();
    },
  },
  {
    name: 'practice-mail',
    height: 700,
    async steps(page) {
      await page.getByRole('link', { name: 'Practice Mailbox' }).click();
      await page.getByRole('row').nth(1).click();
      await page.frameLocator('iframe').getByText('If you read this').waitFor();
    },
  },
];
