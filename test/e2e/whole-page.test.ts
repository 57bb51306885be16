import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ScriptedSmtpServer } from '../fakes/scripted-smtp-server.ts';
import { waitFor } from '../integration/support/scratch.ts';
import { connectToBrowser } from './support/connect.ts';
import { type ConsoleRig, startConsoleRig } from './support/console-rig.ts';
import { frontDeskSettings } from './support/front-desk.ts';
import { accessibilityFaults, type Theme } from './support/page-rig.ts';

/** What would run if any part of the page took a text for markup. */
const MARKUP = '<img src=x onerror="globalThis.ran=1">';
/** Strict addresses may hold these. */
const ADDRESS = "o'hara&sons@contoso.example";
const REFUSED = `550 5.1.1 ${MARKUP} ${ADDRESS} is unknown here`;

let browser: Browser;
let mailServer: ScriptedSmtpServer;
let desk: ConsoleRig;
let messageId: string;

beforeAll(async () => {
  const script = { rcpt: { [ADDRESS]: REFUSED }, dot: `250 2.0.0 ${MARKUP} queued` };
  [browser, mailServer] = await Promise.all([connectToBrowser(), new ScriptedSmtpServer(script).start()]);
  desk = await startConsoleRig({
    settings: (dir) => {
      const usual = frontDeskSettings(dir, mailServer.port);
      const recipients = ['it@contoso.example', ADDRESS];
      mkdirSync(join(dir, 'requests'));
      return {
        ...usual,
        installation: { name: MARKUP, organisation: MARKUP, intervalSeconds: 1 },
        smtp: { ...usual.smtp, from: { name: MARKUP, address: 'tocsin@contoso.example' } },
        profile: { emails: ['admin@provider.example'], sms: [] },
        alerts: [
          ...usual.alerts,
          {
            name: `${MARKUP} alert`,
            severity: 'critical',
            conditions: [{ metric: 'file.state', target: `${dir}/${MARKUP}`, is: 'missing' }],
            recipients,
            emailProperties: { subject: `${MARKUP} subject` },
          },
        ],
        reports: [{ name: `${MARKUP} report`, recipients }],
        fileAlerts: [{ name: `${MARKUP} file alert`, folder: join(dir, 'requests'), recipients }],
        smtpEvents: [
          {
            name: `${MARKUP} rule`,
            event: 'final-delivery-failed',
            actions: [{ type: 'log-to-file', file: 'events.log' }],
          },
        ],
        maintenance: [{ name: `${MARKUP} window`, cron: '0 3 1 1 *', minutes: 1 }],
      };
    },
  });
  const entry = await waitFor(
    'the mail of the alert',
    async () => (await desk.agent.log()).find(({ kind }) => kind === 'alert') ?? null,
  );
  messageId = entry.id;
  await desk.agent.run('report', `${MARKUP} report`);
});
afterAll(async () => {
  await desk.dispose();
  await mailServer.stop();
  await browser.close();
});

/** Every page and every editor by its address, and words that show that it is there. */
function places(): readonly (readonly [place: string, words: string])[] {
  return [
    ['overview', 'Mail path'],
    ['alerts', `${MARKUP} alert`],
    [`alerts/${encodeURIComponent(`${MARKUP} alert`)}`, 'Conditions'],
    ['alerts/new/empty', 'Conditions'],
    ['reports', `${MARKUP} report`],
    [`reports/${encodeURIComponent(`${MARKUP} report`)}`, 'Recipients'],
    ['files', `${MARKUP} file alert`],
    [`files/${encodeURIComponent(`${MARKUP} file alert`)}`, 'Recipients'],
    ['email', 'Port'],
    ['email/web-service', 'Web Service'],
    ['email/mailbox', 'mailbox'],
    ['email/profile', 'admin@provider.example'],
    ['practice', 'Practice'],
    ['welcome', 'Tocsin'],
    ['events', `${MARKUP} rule`],
    [`events/${encodeURIComponent(`${MARKUP} rule`)}`, 'Actions'],
    ['log', ADDRESS],
    [`log/${messageId}`, REFUSED],
    ['about', 'Software inside'],
  ];
}

async function goTo(page: Page, place: string): Promise<void> {
  await page.evaluate((hash) => {
    globalThis.location.hash = hash;
  }, `#/${place}`);
}

/** Nothing that came from outside has become an element, and nothing of it has run. */
async function expectOnlyText(page: Page): Promise<void> {
  const found = await page.evaluate(() => ({
    elements: [...document.querySelectorAll('[onerror], img[src="x"]')].map((node) => node.outerHTML),
    ran: 'ran' in globalThis,
  }));
  expect(found).toEqual({ elements: [], ran: false });
}

describe('the whole page', () => {
  test.each<Theme>(['light', 'dark'])(
    '%s: on every page, in every editor and on each of their tabs axe finds nothing, and markup from outside is text',
    async (theme) => {
      const rig = await desk.open(browser, { theme });
      const { page } = rig;
      for (const [place, words] of places()) {
        await goTo(page, place);
        await page.locator('main, [role=dialog]').getByText(words).locator('visible=true').first().waitFor();
        const inDialog = (await page.getByRole('dialog').count()) > 0;
        const tabs = inDialog ? await page.getByRole('dialog').getByRole('tab').all() : [];
        for (const tab of tabs.length > 0 ? tabs : [null]) {
          await tab?.click();
          await expectOnlyText(page);
          expect([place, await accessibilityFaults(page)]).toEqual([place, []]);
        }
      }
      await rig.close();
    },
    300_000,
  );

  test('shows the server’s words with their markup as text, in a message and among the events', async () => {
    const rig = await desk.open(browser);
    const { page } = rig;
    await goTo(page, `log/${messageId}`);
    await page.getByText(REFUSED).first().waitFor();
    await page.getByText(`250 2.0.0 ${MARKUP} queued`).first().waitFor();
    await page.getByRole('tab', { name: 'The mail' }).click();
    const mail = page.getByRole('dialog').locator('iframe').contentFrame();
    await mail.getByText(MARKUP).first().waitFor();
    expect(await mail.locator('img[src="x"]').count()).toBe(0);
    await goTo(page, 'events');
    await page
      .getByRole('grid', { name: 'What happened' })
      .getByText('SMTP Final Delivery Failed')
      .first()
      .click();
    await page.getByRole('dialog').getByText(REFUSED).waitFor();
    await expectOnlyText(page);
    await rig.close();
  });

  test('shows nothing in a frame of another page', async () => {
    const { url } = JSON.parse(await desk.agent.must('console', '--json')) as { readonly url: string };
    const outer = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(`<!doctype html><title>Outer</title><iframe src="${new URL('/', url).href}"></iframe>`);
    });
    await new Promise<void>((listening) => outer.listen(0, '127.0.0.1', listening));
    const rig = await desk.open(browser, { mayComplain: true });
    await rig.page.goto(`http://127.0.0.1:${(outer.address() as AddressInfo).port}/`);
    await expect
      .poll(() => rig.complaints.join('\n'))
      .toMatch(/frame-ancestors|refused to connect|X-Frame-Options/i);
    expect(rig.page.frames().map((frame) => frame.url())[1]).toMatch(/^chrome-error:/);
    await rig.close();
    await new Promise((closed) => outer.close(closed));
  });
});
