import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Settings } from '../../shared/contract/settings.ts';
import { ScriptedSmtpServer } from '../fakes/scripted-smtp-server.ts';
import { connectToBrowser } from './support/connect.ts';
import { type ConsoleRig, startConsoleRig } from './support/console-rig.ts';
import { accessibilityFaults, type PageRig, type Theme } from './support/page-rig.ts';

const FRESH = { version: 1, installation: { intervalSeconds: 1 } };
/** A first run is to take less. */
const MINUTE_MS = 60_000;

let browser: Browser;
let mailServer: ScriptedSmtpServer;
let desk: ConsoleRig;
let rig: PageRig;
let page: Page;

const inForce = async () => JSON.parse(await desk.agent.must('export')) as Settings;

beforeAll(async () => {
  [browser, mailServer] = await Promise.all([connectToBrowser(), new ScriptedSmtpServer().start()]);
  desk = await startConsoleRig({ settings: () => FRESH });
});
afterAll(async () => {
  await desk.dispose();
  await mailServer.stop();
  await browser.close();
});
beforeEach(async () => {
  await desk.agent.must('import', desk.agent.writeSettings(FRESH));
  rig = await desk.open(browser);
  ({ page } = rig);
  await page.getByRole('heading', { name: 'Where mail goes' }).waitFor();
});
afterEach(async () => {
  if (rig.complaints.length > 0) throw new Error(rig.complaints.join('\n'));
  await rig.close();
});

/** What both ways of going through it must come to. */
async function expectSetUp(): Promise<void> {
  const { installation, smtp, profile, alerts } = await inForce();
  expect(installation).toMatchObject({ name: 'front-desk', organisation: 'Contoso Dental' });
  expect(smtp.servers).toMatchObject([{ host: '127.0.0.1', port: mailServer.port, security: 'none' }]);
  expect(smtp.from).toEqual({ name: 'Tocsin at Contoso Dental', address: 'tocsin@contoso.example' });
  expect(profile.emails).toEqual(['it@contoso.example']);
  expect(alerts.map(({ name, recipients }) => [name, recipients])).toEqual([
    ['Disk nearly full', ['it@contoso.example']],
    ['Memory short', ['it@contoso.example']],
    ['Computer restarted', ['it@contoso.example']],
  ]);
  expect(alerts[0]?.conditions.map(({ target }) => target)).toContain('/');
}

describe('the first run', () => {
  test('by mouse: three steps, a test that is accepted, and alerts on real disks', async () => {
    const began = performance.now();
    await page.getByLabel('Name of this installation').fill('front-desk');
    await page.getByLabel('Organisation').fill('Contoso Dental');
    await page.getByRole('textbox', { name: 'Server' }).fill('127.0.0.1');
    await page.getByRole('textbox', { name: 'Port' }).fill(String(mailServer.port));
    await page.getByLabel('From address').fill('tocsin@contoso.example');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('heading', { name: 'Who gets it' }).waitFor();
    await page.getByRole('textbox', { name: 'Mail alerts to' }).fill('it@contoso.example');
    await page.getByRole('button', { name: 'Send test' }).click();
    await page.getByText(`Accepted by 127.0.0.1:${mailServer.port}.`).waitFor();
    expect(mailServer.accepted.at(-1)).toMatchObject({
      from: 'tocsin@contoso.example',
      to: ['it@contoso.example'],
    });
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('heading', { name: 'What to watch' }).waitFor();
    await page
      .getByText(/^now .*%/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Start watching' }).click();
    await page.getByText('3 alerts are set up, and it@contoso.example will be mailed.').waitFor();
    await expectSetUp();
    expect(performance.now() - began).toBeLessThan(MINUTE_MS);
    await page.getByRole('link', { name: 'To the overview' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  });

  test('by keyboard alone', async () => {
    const { keyboard } = page;
    const tabTo = async (label: string) => {
      for (let presses = 0; presses < 40; presses++) {
        await keyboard.press('Tab');
        const name = await page.evaluate(() => {
          const focused = document.activeElement;
          const labels = focused instanceof HTMLInputElement ? focused.labels : null;
          return labels?.[0]?.textContent ?? focused?.textContent ?? '';
        });
        if (name.startsWith(label)) return;
      }
      throw new Error(`The keyboard does not come to “${label}”`);
    };
    const enter = async (label: string, text: string) => {
      await tabTo(label);
      await keyboard.press('ControlOrMeta+A');
      await keyboard.type(text);
    };
    await enter('Name of this installation', 'front-desk');
    await enter('Organisation', 'Contoso Dental');
    await enter('Server', '127.0.0.1');
    await enter('Port', String(mailServer.port));
    await enter('From address', 'tocsin@contoso.example');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Who gets it' }).waitFor();
    await enter('Mail alerts to', 'it@contoso.example');
    await tabTo('Send test');
    await keyboard.press('Enter');
    await page.getByText(/^Accepted by .* does not prove it/).waitFor();
    await tabTo('Next');
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'What to watch' }).waitFor();
    await tabTo('Start watching');
    await keyboard.press('Enter');
    await page.getByText('Tocsin is watching.').waitFor();
    await expectSetUp();
    // The way on has the focus.
    await keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  });

  test('is skipped for now, and found again on the page E-mail', async () => {
    await page.getByRole('button', { name: 'Skip for now' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.getByRole('navigation').getByRole('link', { name: 'E-mail' }).click();
    await page.getByRole('link', { name: 'Set up in three steps' }).first().click();
    await page.getByRole('heading', { name: 'Where mail goes' }).waitFor();
  });

  test('each step says what is missing at its field, and goes no further', async () => {
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Must not be empty.').waitFor();
    await page.getByText('Nobody yet: practise first').click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Enter at least one address.').waitFor();
    await page.getByRole('textbox', { name: 'Mail alerts to' }).fill('it@contoso.example');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('Service stopped').click();
    await page.getByRole('button', { name: 'Start watching' }).click();
    await page.getByText('Choose one, or untick this.').waitFor();
    expect((await inForce()).alerts).toEqual([]);
    await page.getByRole('combobox', { name: 'Service' }).fill('no-such-service');
    await page.keyboard.press('Tab');
    await page.getByText('Memory short').click();
    await page.getByRole('button', { name: 'Start watching' }).click();
    await page.getByText('Tocsin is watching.').waitFor();
    expect((await inForce()).alerts.map(({ name }) => name)).toEqual([
      'Disk nearly full',
      'Computer restarted',
      'Service stopped',
    ]);
  });

  test.each<Theme>(['light', 'dark'])('%s: axe finds nothing on any step', async (theme) => {
    const themed = await desk.open(browser, { theme });
    const steps = themed.page;
    await steps.getByRole('heading', { name: 'Where mail goes' }).waitFor();
    expect(await accessibilityFaults(steps)).toEqual([]);
    await steps.getByText('Nobody yet: practise first').click();
    await steps.getByRole('button', { name: 'Next' }).click();
    await steps.getByRole('textbox', { name: 'Mail alerts to' }).fill('it@contoso.example');
    await steps.getByRole('button', { name: 'Send test' }).click();
    await steps.getByText('Accepted by the practice mailbox.').waitFor();
    expect(await accessibilityFaults(steps)).toEqual([]);
    await steps.getByRole('button', { name: 'Next' }).click();
    await steps.getByText('Service stopped').click();
    expect(await accessibilityFaults(steps)).toEqual([]);
    expect(themed.complaints).toEqual([]);
    await themed.close();
  });
});

describe('the practice mailbox', () => {
  test.each<Theme>(['light', 'dark'])(
    '%s: shows what it received, as mail, text and headers',
    async (theme) => {
      await desk.agent.must('test-mail', '--to', `${theme}@contoso.example`);
      const themed = await desk.open(browser, { theme });
      const reader = themed.page;
      await reader.getByRole('navigation').getByRole('link', { name: 'Practice Mailbox' }).click();
      const row = reader.getByRole('row').filter({ hasText: `${theme}@contoso.example` });
      await row.waitFor();
      expect(await accessibilityFaults(reader)).toEqual([]);
      await row.click();
      const frame = reader.frameLocator('iframe');
      await frame.getByText('If you read this, mail from this computer arrives').waitFor();
      expect(await reader.locator('iframe').getAttribute('sandbox')).toBe('');
      expect(await accessibilityFaults(reader)).toEqual([]);
      await reader.getByRole('tab', { name: 'Text' }).click();
      await reader.getByText('If you read this, mail from this computer arrives').waitFor();
      await reader.getByRole('tab', { name: 'Headers' }).click();
      await reader.getByText('X-Tocsin-Kind: test').waitFor();
      expect(await accessibilityFaults(reader)).toEqual([]);
      await reader.getByRole('link', { name: 'Back to the list' }).click();
      await row.waitFor();
      expect(themed.complaints).toEqual([]);
      await themed.close();
    },
  );
});
