import type { Page } from 'playwright-core';
import { frontDeskSettings } from './front-desk.ts';
import type { Shot } from './shot.ts';

/** A mail server that knows one recipient, does not know another, and puts a third off. */
export const BUSY_SERVER = {
  rcpt: {
    'former@contoso.example':
      '550 5.1.1 <former@contoso.example>: Recipient address rejected: User unknown in local recipient table',
    'owner@partner.example': '450 4.2.0 <owner@partner.example>: Greylisted, please try again later',
  },
};

/** The front desk with a report to three recipients, and rules about what becomes of it. */
export function busyDeskSettings(dir: string, mailPort: number) {
  return {
    ...frontDeskSettings(dir, mailPort),
    profile: { emails: ['admin@provider.example'], sms: [] },
    reports: [
      {
        name: 'Morning report',
        cron: '0 8 * * 1-5',
        recipients: ['it@contoso.example', 'former@contoso.example', 'owner@partner.example'],
      },
    ],
    smtpEvents: [
      {
        name: 'Tell me when a mail is given up',
        event: 'final-delivery-failed',
        actions: [{ type: 'notification-profile' }, { type: 'log-to-file', file: 'smtp-events.log' }],
      },
      {
        name: 'Open a ticket at night',
        event: 'connection-failed',
        conditions: { timeOfDay: { from: '22:00', to: '06:00' }, server: '127.0.0.1' },
        actions: [{ type: 'call-web-page', url: 'https://hooks.provider.example/tocsin', method: 'POST' }],
      },
    ],
  };
}

async function open(page: Page, name: 'Delivery Log' | 'SMTP Events'): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name }).click();
  await page.getByRole('heading', { name, exact: true }).waitFor();
}

async function openReport(page: Page): Promise<void> {
  await open(page, 'Delivery Log');
  await page.getByRole('row').filter({ hasText: 'Status report' }).first().click();
  await page.getByRole('dialog').getByText('550 5.1.1').first().waitFor();
}

async function openRule(page: Page): Promise<void> {
  await open(page, 'SMTP Events');
  await page.getByRole('row').filter({ hasText: 'Open a ticket at night' }).click();
  await page.getByRole('dialog').waitFor();
}

/** The delivery log and the page SMTP Events. */
export const LOG_SHOTS: readonly Shot[] = [
  {
    name: 'log',
    async steps(page) {
      await open(page, 'Delivery Log');
      await page.getByText('Failed, 1 of 3').first().waitFor();
    },
  },
  { name: 'log-message', height: 900, steps: openReport },
  {
    name: 'log-mail',
    async steps(page) {
      await openReport(page);
      await page.getByRole('tab', { name: 'The mail' }).click();
      await page
        .getByRole('dialog')
        .locator('iframe')
        .contentFrame()
        .getByText('front-desk')
        .first()
        .waitFor();
    },
  },
  {
    name: 'events',
    async steps(page) {
      await open(page, 'SMTP Events');
      await page.getByText('SMTP Final Delivery Failed').nth(1).waitFor();
      await page.getByRole('grid', { name: 'What happened' }).getByText('Done').last().waitFor();
    },
  },
  { name: 'event-rule', steps: openRule },
  {
    name: 'event-rule-conditions',
    height: 800,
    async steps(page) {
      await openRule(page);
      await page.getByRole('tab', { name: 'Conditions (Optional)' }).click();
    },
  },
  {
    name: 'event-rule-actions',
    height: 800,
    async steps(page) {
      await openRule(page);
      await page.getByRole('tab', { name: 'Actions' }).click();
    },
  },
];
