import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ScriptedSmtpServer } from '../fakes/scripted-smtp-server.ts';
import { connectToBrowser } from './support/connect.ts';
import { type ConsoleRig, startConsoleRig } from './support/console-rig.ts';
import { frontDeskSettings } from './support/front-desk.ts';
import { writeLog } from './support/log-samples.ts';
import { accessibilityFaults, type PageRig, type Theme } from './support/page-rig.ts';

const MESSAGES = 1000;
const REFUSED = '550 5.1.1 <gone@contoso.example>: User unknown in local recipient table';
const GREYLISTED = '450 4.2.0 Greylisted, come back later';

let browser: Browser;
let mailServer: ScriptedSmtpServer;
let desk: ConsoleRig;
let rig: PageRig;

beforeAll(async () => {
  [browser, mailServer] = await Promise.all([connectToBrowser(), new ScriptedSmtpServer().start()]);
  desk = await startConsoleRig({
    settings: (dir) => ({
      ...frontDeskSettings(dir, mailServer.port),
      reports: [
        {
          name: 'Morning report',
          recipients: ['it@contoso.example', 'gone@contoso.example', 'grey@contoso.example'],
        },
        { name: 'Evening report', recipients: ['it@contoso.example'] },
      ],
    }),
    prepare: (agent) => writeLog(agent, MESSAGES),
  });
});
afterAll(async () => {
  await desk.dispose();
  await mailServer.stop();
  await browser.close();
});
beforeEach(async () => {
  mailServer.script = {
    rcpt: { 'gone@contoso.example': REFUSED, 'grey@contoso.example': GREYLISTED },
  };
  rig = await desk.open(browser);
  await openLog(rig.page);
});
afterEach(async () => {
  await rig.close();
});

async function openLog(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Delivery Log' }).click();
  await table(page).getByRole('row').nth(1).waitFor();
}

const table = (page: Page) => page.getByRole('grid', { name: 'Messages, newest first' });
const first = (page: Page) => table(page).getByRole('row').nth(1);
const details = (page: Page) => page.getByRole('dialog').first();

/** Sends a report, and waits until the server has answered for all of its recipients. */
async function sendReport(name: string): Promise<void> {
  const received = mailServer.received;
  // The command waits for everybody; who is greylisted keeps it waiting.
  const command = desk.agent.run('report', name);
  if (name !== 'Morning report') await command;
  await expect.poll(() => mailServer.received, { timeout: 20_000 }).toBeGreaterThan(received);
}

async function choose(page: Page, field: 'State' | 'Way', option: string): Promise<void> {
  await page.getByRole('button', { name: field }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

describe('the delivery log', () => {
  test('what is sent appears without a reload, with the state of each recipient', async () => {
    const { page } = rig;
    await sendReport('Morning report');
    await first(page).getByText('Failed, 1 of 3').waitFor();
    const said = await first(page).textContent();
    for (const words of ['Status report', 'it@contoso.example, Accepted', 'gone@contoso.example, Failed'])
      expect(said).toContain(words);
  });

  test('tells of one message all that is known, in the server’s own words', async () => {
    const { page } = rig;
    await sendReport('Morning report');
    await first(page).getByText('Failed, 1 of 3').waitFor();
    await first(page).click();
    const recipients = details(page).getByRole('region', { name: 'Recipients' });
    await recipients.getByText(REFUSED).waitFor();
    await recipients.getByText(GREYLISTED).waitFor();
    await recipients.getByText(`Accepted by 127.0.0.1:${mailServer.port}`).waitFor();
    await recipients.getByText('smtp_recipient_rejected').waitFor();
    await recipients.getByText(/Next try in/).waitFor();
    const attempts = details(page).getByRole('region', { name: 'Attempts' });
    await attempts.getByText('Why this way: primary server').waitFor();
    await attempts.getByText(/1 of 3 recipients were accepted\./).waitFor();
    await details(page)
      .getByText(/^<.*@contoso\.example>$/)
      .waitFor();
    await details(page).getByRole('link', { name: 'Morning report' }).waitFor();
    expect(await page.evaluate(() => document.title)).toBe('Tocsin · front-desk');
  });

  test('shows the mail in a frame where nothing runs, and as text', async () => {
    const { page } = rig;
    await sendReport('Evening report');
    await first(page).getByText('Status report').click();
    await page.getByRole('tab', { name: 'The mail' }).click();
    const frame = details(page).locator('iframe');
    expect(await frame.getAttribute('sandbox')).toBe('');
    await frame.contentFrame().getByText('front-desk').first().waitFor();
    await details(page).getByText('Plain text').click();
    await details(page).locator('pre').getByText('front-desk').first().waitFor();
  });

  test('sends again what failed, says before what that does, and shows what comes of it', async () => {
    const { page } = rig;
    await sendReport('Morning report');
    await first(page).getByText('Failed, 1 of 3').waitFor();
    await first(page).click();
    mailServer.script = {};
    await details(page).getByRole('button', { name: 'Send again…' }).click();
    const question = page.getByRole('dialog', { name: 'Send again?' });
    await question.getByText('goes to gone@contoso.example and 1 more').waitFor();
    await question.getByText('is not mailed a second time').waitFor();
    await question.getByRole('button', { name: 'Send again' }).click();
    await details(page).getByText('there is nobody to send it to again').waitFor();
    const recipients = details(page).getByRole('region', { name: 'Recipients' }).getByRole('listitem');
    expect(await recipients.filter({ hasText: 'Accepted by' }).count()).toBe(3);
    const tos = mailServer.accepted.map(({ to }) => [...to].sort().join(' '));
    expect(tos.at(-1)).toBe('gone@contoso.example grey@contoso.example');
  });

  test('copies the details as text', async () => {
    const { page } = rig;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await first(page).click();
    await details(page).getByRole('button', { name: 'Copy details' }).click();
    await details(page).getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain('Message-ID  <');
    expect(copied).toContain('why this way: primary server');
  });

  test('finds by state, by way and by words, and says where nothing matches', async () => {
    const { page } = rig;
    await choose(page, 'Way', 'Web Service');
    await page.getByText('14 messages').waitFor();
    await choose(page, 'Way', 'All');
    await choose(page, 'State', 'Failed');
    await page.getByText(/^2\d messages$/).waitFor();
    const search = page.getByRole('searchbox', { name: 'Search' });
    await search.fill('resolved (950)');
    await page.getByText('1 message', { exact: true }).waitFor();
    await search.fill('elephant');
    await page.getByText('No message matches.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByText('The newest 100 messages').waitFor();
    expect(await search.inputValue()).toBe('');
  });

  test('goes on to its end, and draws only what can be seen', async () => {
    const { page } = rig;
    const list = table(page);
    await list.hover();
    await expect
      .poll(
        async () => {
          await page.mouse.wheel(0, 6000);
          return page.getByRole('status').last().textContent();
        },
        { timeout: 30_000, interval: 50 },
      )
      .toMatch(/^1,0\d\d messages$/);
    await list.evaluate((node) => node.scrollTo(0, node.scrollHeight));
    await page.getByText('(0)').waitFor();
    expect(await list.getByRole('row').count()).toBeLessThan(40);
  });

  test('what comes in above does not move what is being read', async () => {
    const { page } = rig;
    const list = table(page);
    await list.evaluate((node) => node.scrollTo(0, 47 * 52 + 17));
    const readRow = page.getByRole('row').filter({ hasText: '(950)' });
    await readRow.waitFor();
    const before = await readRow.boundingBox();
    const top = await list.evaluate((node) => node.scrollTop);
    await sendReport('Evening report');
    await expect.poll(() => list.evaluate((node) => node.scrollTop)).toBe(top + 52);
    expect(await readRow.boundingBox()).toEqual(before);
  });

  test('is used by keyboard alone, and Escape gives the focus back', async () => {
    const { page } = rig;
    await first(page).focus();
    await page.keyboard.press('ArrowDown');
    const name = await page.evaluate(() => document.activeElement?.textContent);
    await page.keyboard.press('Enter');
    await details(page).waitFor();
    await page.keyboard.press('Escape');
    await details(page).waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain(name?.slice(-40));
  });

  test('a message that is not there says so', async () => {
    const { page } = rig;
    await page.evaluate(() => {
      globalThis.location.hash = '#/log/nothing-of-that-name';
    });
    await page.getByText('There is no such message.').waitFor();
    await page.getByRole('button', { name: 'Back to the log' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test.each<Theme>(['light', 'dark'])(
    '%s: axe finds nothing, in the list and in a message',
    async (theme) => {
      await sendReport('Morning report');
      const themed = await desk.open(browser, { theme });
      const { page } = themed;
      await openLog(page);
      await first(page).getByText('Failed, 1 of 3').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await first(page).click();
      await details(page).getByText(REFUSED).first().waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByRole('tab', { name: 'The mail' }).click();
      await details(page).locator('iframe').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await themed.close();
    },
  );
});

describe('a log without messages', () => {
  test('says what will stand there, and how to begin', async () => {
    const fresh = await startConsoleRig({ settings: () => ({ version: 1 }) });
    const { page, close } = await fresh.open(browser);
    await page.getByRole('navigation').getByRole('link', { name: 'Delivery Log' }).click();
    await page.getByText('Nothing has been sent yet.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Send a test mail' }).click();
    await page.getByRole('heading', { name: 'E-mail' }).waitFor();
    await close();
    await fresh.dispose();
  });
});
