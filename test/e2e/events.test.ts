import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ScriptedSmtpServer } from '../fakes/scripted-smtp-server.ts';
import { connectToBrowser } from './support/connect.ts';
import { type ConsoleRig, startConsoleRig } from './support/console-rig.ts';
import { frontDeskSettings } from './support/front-desk.ts';
import { accessibilityFaults, type PageRig, type Theme } from './support/page-rig.ts';

const REFUSED = '550 5.1.1 <gone@contoso.example>: User unknown';

let browser: Browser;
let mailServer: ScriptedSmtpServer;
let desk: ConsoleRig;
let rig: PageRig;

beforeAll(async () => {
  const script = { rcpt: { 'gone@contoso.example': REFUSED } };
  [browser, mailServer] = await Promise.all([connectToBrowser(), new ScriptedSmtpServer(script).start()]);
  desk = await startConsoleRig({
    settings: (dir) => ({
      ...frontDeskSettings(dir, mailServer.port),
      reports: [{ name: 'Morning report', recipients: ['it@contoso.example', 'gone@contoso.example'] }],
    }),
  });
});
afterAll(async () => {
  await desk.dispose();
  await mailServer.stop();
  await browser.close();
});
beforeEach(async () => {
  rig = await desk.open(browser);
  await openEvents(rig.page);
});
afterEach(async () => {
  await rig.close();
});

async function openEvents(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'SMTP Events' }).click();
  await page.getByRole('heading', { name: 'SMTP Events', exact: true }).waitFor();
}

const settings = async () =>
  JSON.parse(await desk.agent.must('export')) as { readonly smtpEvents: readonly Record<string, unknown>[] };

/** In the order in which somebody would do it: each test goes on where the one before ended. */
describe('SMTP events', () => {
  test('without a rule say what one is for; the first begins with what most people want', async () => {
    const { page } = rig;
    await page.getByText('No rules for SMTP events yet.').waitFor();
    await page.getByText('Nothing has gone wrong with mail in the last 30 days.').waitFor();
    await page.getByRole('button', { name: 'Make a rule' }).click();
    const editor = page.getByRole('dialog');
    expect(await editor.getByRole('radio', { name: 'SMTP Final Delivery Failed' }).isChecked()).toBe(true);
    expect(await editor.getByRole('radio', { name: 'POP Login Failed' }).isDisabled()).toBe(true);
    await editor.getByText('Needs the mailbox that Tocsin reads').waitFor();
    await editor.getByRole('tab', { name: 'Actions' }).click();
    await editor.getByText('Your notification profile has no address yet').waitFor();
    await page.keyboard.press('Escape');
    await editor.waitFor({ state: 'detached' });
  });

  test('what is wrong stands at its field and at its tab, and nothing is saved', async () => {
    const { page } = rig;
    await page.getByRole('button', { name: 'New rule' }).click();
    const editor = page.getByRole('dialog').first();
    await editor.getByRole('textbox', { name: 'Name' }).fill('');
    await editor.getByRole('tab', { name: 'Conditions (Optional)' }).click();
    await editor.getByRole('textbox', { name: 'From' }).fill('late');
    await editor.getByRole('textbox', { name: 'Email Address' }).fill('nobody');
    await editor.getByRole('tab', { name: 'Actions' }).click();
    await editor.getByRole('button', { name: 'Remove action 1' }).click();
    await editor.getByRole('button', { name: 'Save' }).click();
    await editor.getByRole('tab', { name: 'General 1 fault' }).waitFor();
    await editor.getByRole('tab', { name: 'Actions 1 fault' }).waitFor();
    await editor.getByRole('tab', { name: 'Conditions (Optional) 3 faults' }).click();
    await editor.getByText('Type a time of day, such as 08:00.').first().waitFor();
    await editor.getByText('“nobody” has no @').waitFor();
    expect((await settings()).smtpEvents).toEqual([]);
    await editor.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Leave without saving' }).click();
    await editor.waitFor({ state: 'detached' });
  });

  test('a rule is made, and does what it says when a mail is given up', async () => {
    const { page } = rig;
    await page.getByRole('button', { name: 'New rule' }).click();
    const editor = page.getByRole('dialog').first();
    await editor.getByRole('textbox', { name: 'Name' }).fill('Write it down');
    await editor.getByRole('tab', { name: 'Conditions (Optional)' }).click();
    await editor.getByRole('textbox', { name: 'Customer Email' }).fill('gone@contoso.example');
    await editor.getByRole('tab', { name: 'Actions' }).click();
    await editor.getByRole('button', { name: 'Action 1' }).first().click();
    await page.getByRole('option', { name: 'Log to File' }).click();
    await editor.getByRole('textbox', { name: 'File' }).fill('given-up.log');
    await editor.getByRole('button', { name: 'Save' }).click();
    await page.getByText('“Write it down” was saved.').waitFor();
    const [rule] = (await settings()).smtpEvents;
    expect(rule).toMatchObject({
      name: 'Write it down',
      event: 'final-delivery-failed',
      conditions: { customerEmail: 'gone@contoso.example', server: null, timeOfDay: null },
      actions: [{ type: 'log-to-file', file: 'given-up.log', maxFrequencyMinutes: 60 }],
    });

    await desk.agent.run('report', 'Morning report');
    const happened = page.getByRole('grid', { name: 'What happened' });
    await happened.getByText('SMTP Final Delivery Failed').waitFor({ timeout: 20_000 });
    await happened.getByRole('row', { name: /Final/ }).getByText('Done').waitFor({ timeout: 20_000 });
    await happened.getByRole('row', { name: /Final/ }).click();
    const event = page.getByRole('dialog', { name: 'SMTP Final Delivery Failed' });
    await event.getByText(REFUSED).waitFor();
    await event.getByText('Log to File: Done').waitFor();
    await event.getByRole('link', { name: 'Show in the delivery log' }).click();
    await page.getByRole('heading', { name: 'Delivery Log', exact: true, level: 1 }).waitFor();
    await page.getByRole('dialog').getByText(REFUSED).first().waitFor();
    const written = readFileSync(join(desk.agent.dataDir, 'logs', 'given-up.log'), 'utf8');
    expect(written).toContain('gone@contoso.example');
  });

  test('a rule is tried for real before it is saved, and says what came of each action', async () => {
    const { page } = rig;
    await page.getByRole('grid', { name: 'Rules' }).getByText('Write it down').click();
    const editor = page.getByRole('dialog', { name: 'Write it down' });
    await editor.getByRole('tab', { name: 'Actions' }).click();
    await editor.getByRole('textbox', { name: 'File' }).fill('tried.log');
    await editor.getByRole('button', { name: 'Add action' }).click();
    await editor.getByRole('button', { name: 'Action 2' }).first().click();
    await page.getByRole('option', { name: 'Notify External Provider' }).click();
    await editor.getByRole('textbox', { name: 'Program' }).fill('no-such-program');
    await editor.getByRole('button', { name: 'Try this rule…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Try this rule' });
    await dialog.getByText('for real, on a made-up event').waitFor();
    await dialog.getByRole('button', { name: 'Try now' }).click();
    await dialog.getByText('1 of 2 actions failed.').waitFor({ timeout: 40_000 });
    await dialog.getByText('Log to File').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const written = readFileSync(join(desk.agent.dataDir, 'logs', 'tried.log'), 'utf8');
    expect(written).toContain('gone@contoso.example');
    const [rule] = (await settings()).smtpEvents;
    expect(rule).toMatchObject({ actions: [{ file: 'given-up.log' }] });
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await editor.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Leave without saving' }).click();
    await editor.waitFor({ state: 'detached' });
  });

  test('a rule is turned off, deleted, and put back', async () => {
    const { page } = rig;
    const rules = page.getByRole('grid', { name: 'Rules' });
    const choose = async (item: string) => {
      await rules.getByRole('button', { name: 'Actions for Write it down' }).click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await choose('Turn off');
    await rules.getByText('Off').waitFor();
    await choose('Delete');
    await page.getByText('No rules for SMTP events yet.').waitFor();
    await page
      .getByRole('alertdialog')
      .filter({ hasText: 'was deleted' })
      .getByRole('button', { name: 'Undo' })
      .click();
    await rules.getByText('Write it down').waitFor();
    expect((await settings()).smtpEvents).toMatchObject([{ name: 'Write it down', enabled: false }]);
  });

  test.each<Theme>(['light', 'dark'])(
    '%s: axe finds nothing, on the page and in the editor',
    async (theme) => {
      const themed = await desk.open(browser, { theme });
      const { page } = themed;
      await openEvents(page);
      await page.getByRole('grid', { name: 'What happened' }).waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByRole('grid', { name: 'Rules' }).getByRole('row').nth(1).click();
      for (const tab of ['Conditions (Optional)', 'Actions', 'General']) {
        await page.getByRole('tab', { name: tab }).click();
        expect(await accessibilityFaults(page)).toEqual([]);
      }
      await themed.close();
    },
  );
});
