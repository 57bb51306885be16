import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Settings } from '../../shared/contract/settings.ts';
import { startRelayRig } from '../fakes/relay-rig.ts';
import { ScriptedSmtpServer } from '../fakes/scripted-smtp-server.ts';
import { connectToBrowser } from './support/connect.ts';
import { type ConsoleRig, startConsoleRig } from './support/console-rig.ts';
import { choose, fillServer, openEmail, runTest, serverCard } from './support/email-page.ts';
import { frontDeskSettings } from './support/front-desk.ts';
import { accessibilityFaults, type PageRig, type Theme } from './support/page-rig.ts';

const STORED = 'canary-stored-password';
const TYPED = 'canary-typed-password';
const FIREWALL = 'Connection to the SMTP server may be blocked by a firewall';

let browser: Browser;
let mailServer: ScriptedSmtpServer;
let desk: ConsoleRig;
let rig: PageRig;
let page: Page;

const settings = (dir: string) => ({
  ...frontDeskSettings(dir, mailServer.port),
  smtp: {
    servers: [
      {
        host: '127.0.0.1',
        port: mailServer.port,
        auth: { method: 'password', user: 'tocsin@contoso.example', password: STORED },
      },
    ],
    from: { name: 'Tocsin at Contoso', address: 'tocsin@contoso.example' },
  },
  mailbox: { protocol: 'imap', host: '127.0.0.1', port: 9, user: 'bounces', password: STORED },
  profile: { emails: ['admin@provider.example'] },
});

const inForce = async () => JSON.parse(await desk.agent.must('export')) as Settings;
const save = () => page.getByRole('button', { name: 'Save', exact: true }).click();

beforeAll(async () => {
  [browser, mailServer] = await Promise.all([connectToBrowser(), new ScriptedSmtpServer().start()]);
  desk = await startConsoleRig({ settings });
});
afterAll(async () => {
  await desk.dispose();
  await mailServer.stop();
  await browser.close();
});
beforeEach(async () => {
  await desk.agent.must('import', desk.agent.writeSettings(settings(desk.agent.dir)));
  rig = await desk.open(browser);
  ({ page } = rig);
  await openEmail(page);
});
afterEach(async () => {
  if (rig.complaints.length > 0) throw new Error(rig.complaints.join('\n'));
  await rig.close();
});

describe('the mail servers', () => {
  test('a test says who accepted it, and that this proves no receipt', async () => {
    const dialog = await runTest(page);
    const said = await dialog.getByRole('alert').textContent();
    expect(said).toContain(`Accepted by 127.0.0.1:${mailServer.port}.`);
    expect(said).toContain('acceptance by the first server does not prove it');
    await dialog.getByText('Message accepted').waitFor();
    expect(mailServer.accepted.at(-1)?.to).toEqual(['admin@provider.example']);
  });

  test('what stands in the form is tested, and nothing of it saved', async () => {
    const other = await new ScriptedSmtpServer().start();
    await fillServer(page, serverCard(page), { port: other.port, user: 'form', password: TYPED });
    await page.getByLabel('From address').fill('form@contoso.example');
    const dialog = await runTest(page);
    await dialog.getByText(`Accepted by 127.0.0.1:${other.port}.`).waitFor();
    expect(other.accepted[0]?.from).toBe('form@contoso.example');
    expect(other.commands).toContain(`AUTH PLAIN ${Buffer.from(`\0form\0${TYPED}`).toString('base64')}`);
    expect((await inForce()).smtp.servers.map(({ port }) => port)).toEqual([mailServer.port]);
    await other.stop();
  });

  test('the stages appear while the test runs', async () => {
    mailServer.script = { mail: 'hang' };
    await page.getByRole('button', { name: 'Test…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Send test' }).click();
    await dialog.getByText('Logged in', { exact: true }).waitFor();
    await dialog.getByText('Naming the sender').waitFor();
    expect(await dialog.getByRole('alert').count()).toBe(0);
    mailServer.script = {};
    mailServer.dropConnections();
    await dialog.getByRole('alert').waitFor();
  });

  test('the port follows the security until somebody sets another', async () => {
    await page.getByRole('button', { name: 'Add a backup server' }).click();
    const card = serverCard(page, 'Backup server');
    const port = card.getByRole('textbox', { name: 'Port' });
    expect(await port.inputValue()).toBe('25');
    await choose(card, page, 'Connection security', 'STARTTLS');
    expect(await port.inputValue()).toBe('587');
    await choose(card, page, 'Connection security', 'TLS');
    expect(await port.inputValue()).toBe('465');
    await port.fill('2465');
    await page.keyboard.press('Tab');
    await choose(card, page, 'Connection security', 'None');
    expect(await port.inputValue()).toBe('2465');
  });

  test('a preset fills in the server, and says what to know of it', async () => {
    const card = serverCard(page);
    await choose(card, page, 'Provider', 'Microsoft 365');
    expect(await card.getByRole('textbox', { name: 'Server' }).inputValue()).toBe('smtp.office365.com');
    expect(await card.getByRole('textbox', { name: 'Port' }).inputValue()).toBe('587');
    expect(await card.getByRole('checkbox', { name: 'Requires authentication' }).isChecked()).toBe(true);
    await card.getByText('Microsoft switches off passwords for SMTP').waitFor();
  });

  test('a backup is added, moved to the front, saved, taken out and put back', async () => {
    await page.getByRole('button', { name: 'Add a backup server' }).click();
    await fillServer(page, serverCard(page, 'Backup server'), { host: 'localhost', port: mailServer.port });
    await page.getByRole('button', { name: `Try localhost:${mailServer.port} earlier` }).click();
    await save();
    await page.getByText(/^Saved\. .* let this computer in\.$/).waitFor();
    expect((await inForce()).smtp.servers.map(({ host }) => host)).toEqual(['localhost', '127.0.0.1']);
    await page.getByRole('button', { name: `Remove localhost:${mailServer.port}` }).click();
    expect(await serverCard(page, 'Backup server').count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await serverCard(page, 'Backup server').waitFor();
    expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
  });

  test('a name that does not resolve is said for as long as it does not (K7)', async () => {
    const warning = page.getByText('The IP address of the specified SMTP server cannot be resolved');
    const host = serverCard(page).getByRole('textbox', { name: 'Server' });
    await host.fill('no-such-host.invalid');
    await warning.waitFor();
    await page.getByText(/does not exist, or DNS does not answer/).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await host.fill('localhost');
    await warning.waitFor({ state: 'detached' });
  });

  test('Save stores a server that is out of reach, and names the firewall (K8)', async () => {
    await fillServer(page, serverCard(page), { port: 9, user: 'tocsin@contoso.example' });
    await page.getByText('Is not set; this server is not used until it is.').waitFor();
    await serverCard(page).getByLabel('Password', { exact: true }).fill(TYPED);
    await save();
    await page.getByText('Saved, but 127.0.0.1:9 does not let this computer in as it stands.').waitFor();
    await page.getByText(FIREWALL).waitFor();
    expect((await inForce()).smtp.servers[0]?.port).toBe(9);
  });

  test('a From that differs from the login gets a hint', async () => {
    await page.getByLabel('From address').fill('other@contoso.example');
    await page.getByText('This differs from the login tocsin@contoso.example').waitFor();
  });

  test('faults stand at their fields, and their tabs bear the number', async () => {
    await serverCard(page).getByRole('textbox', { name: 'Server' }).fill('');
    await page.getByRole('tab', { name: 'Mailbox' }).click();
    await page.getByRole('textbox', { name: 'User name' }).last().fill('');
    await save();
    await page.getByRole('tab', { name: 'SMTP Server 1 fault' }).waitFor();
    await page.getByRole('tab', { name: 'Mailbox 1 fault' }).waitFor();
    await page.getByText('Must not be empty.').last().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'User name' }).last().fill('bounces');
    await page.getByRole('tab', { name: 'Mailbox', exact: true }).waitFor();
    expect((await inForce()).smtp.servers[0]?.host).toBe('127.0.0.1');
  });

  test('what is not saved is guarded, and can be discarded', async () => {
    await page.getByLabel('From name').fill('Changed');
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('button', { name: 'Keep editing' }).click();
    expect(await page.getByLabel('From name').inputValue()).toBe('Changed');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    expect(await page.getByLabel('From name').inputValue()).toBe('Tocsin at Contoso');
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  });
});

describe('passwords', () => {
  test('one that is stored shows as ****, and never comes to the page (C2)', async () => {
    const arrived: string[] = [];
    page.on('response', (response) => {
      if (response.headers()['content-type']?.includes('event-stream') === true) return;
      response.text().then(
        (text) => arrived.push(text),
        () => {},
      );
    });
    const network = await page.context().newCDPSession(page);
    await network.send('Network.enable');
    network.on('Network.eventSourceMessageReceived', ({ data }) => arrived.push(data));
    await page.reload();
    const password = serverCard(page).getByLabel('Password', { exact: true });
    expect(await password.getAttribute('placeholder')).toBe('****');
    expect(await password.inputValue()).toBe('');

    await password.fill(TYPED);
    await (await runTest(page)).getByRole('button', { name: 'Close' }).last().click();
    await save();
    await page.getByText(/^Saved\. .* lets this computer in\.$/).waitFor();
    expect(await password.inputValue()).toBe('');
    for (const tab of ['Web Service', 'Mailbox', 'Notification Profile']) {
      await page.getByRole('tab', { name: tab }).click();
    }
    const shown = await page.evaluate(() => [
      document.documentElement.outerHTML,
      ...[...document.querySelectorAll('input')].map((input) => input.value),
    ]);
    expect(arrived.length).toBeGreaterThan(5);
    for (const canary of [STORED, TYPED]) {
      for (const form of [canary, Buffer.from(canary).toString('base64')]) {
        expect([...arrived, ...shown].filter((text) => text.includes(form))).toEqual([]);
      }
    }
    const plain = Buffer.from(`\0tocsin@contoso.example\0${TYPED}`).toString('base64');
    expect(mailServer.commands).toContain(`AUTH PLAIN ${plain}`);
  });

  test('"not set" stands where there is none', async () => {
    const card = serverCard(page);
    await card.getByRole('textbox', { name: 'User name' }).fill('somebody else');
    expect(await card.getByLabel('Password', { exact: true }).getAttribute('placeholder')).toBe('not set');
  });
});

describe('the Web Service', () => {
  test('is enrolled with, tested, and allowed to stand in', async () => {
    const relay = await startRelayRig();
    const code = await relay.newCode({ expiresAt: Date.now() + 40.5 * 86_400_000 });
    await page.getByRole('button', { name: 'Enrol it' }).click();
    await page.getByText('A last resort, for computers whose own SMTP cannot be made to work.').waitFor();
    await page.getByLabel('Address of the service').fill(relay.url);
    await page.getByLabel('Enrolment code').fill('not a code');
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'refused the enrolment code' }).waitFor();
    await page.getByLabel('Enrolment code').fill(code);
    await page.getByRole('button', { name: 'Enrol', exact: true }).click();
    await page.getByText('alerts@provider.example').waitFor();
    await page.getByText('40 days left', { exact: true }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);

    const dialog = await runTest(page);
    await dialog.getByText(/^Accepted by the Tocsin Web Service/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    expect((await relay.mailsWhen(1)).length).toBe(1);

    await page.getByRole('tab', { name: 'SMTP Server' }).click();
    await page.getByText('Subscription: 40 days left').waitFor();
    await page.getByText('When the SMTP server cannot be used, send through the Tocsin Web Service').click();
    await save();
    await page.getByText('Saved. Every mail from now on uses these settings.').waitFor();
    expect((await inForce()).relay).toEqual({ url: relay.url, useWhenSmtpFails: true });
  });
});

describe('mailbox and profile', () => {
  test('are changed and saved; a gateway that has ended is warned of', async () => {
    await page.getByRole('tab', { name: 'Mailbox' }).click();
    await page.getByText('POP3').click();
    await page.getByRole('tab', { name: 'Notification Profile' }).click();
    await page.getByLabel('SMS gateway addresses').first().fill('5551234567@tmomail.net');
    await page.keyboard.press('Enter');
    await page.getByText('goes to a gateway that T-Mobile shut down').waitFor();
    await save();
    await page.getByText('Saved. Every mail').waitFor();
    const { mailbox, profile } = await inForce();
    // Its port was not the usual one of IMAP, so it stays.
    expect([mailbox?.protocol, mailbox?.port]).toEqual(['pop3', 9]);
    expect(profile.sms).toEqual(['5551234567@tmomail.net']);
  });
});

describe('for everybody', () => {
  test.each<Theme>(['light', 'dark'])('%s: axe finds nothing on any tab, nor in the test', async (theme) => {
    const themed = await desk.open(browser, { theme });
    await openEmail(themed.page);
    for (const tab of ['Web Service', 'Mailbox', 'Notification Profile', 'SMTP Server']) {
      await themed.page.getByRole('tab', { name: tab }).click();
      expect(await accessibilityFaults(themed.page)).toEqual([]);
    }
    await fillServer(themed.page, serverCard(themed.page), { port: 9 });
    await runTest(themed.page);
    expect(await accessibilityFaults(themed.page)).toEqual([]);
    expect(themed.complaints).toEqual([]);
    await themed.close();
  });

  test.each([
    [720, 480],
    [1600, 1000],
  ])('nothing is wider than a window of %i × %i', async (width, height) => {
    await page.setViewportSize({ width, height });
    for (const tab of ['Web Service', 'Mailbox', 'Notification Profile', 'SMTP Server']) {
      await page.getByRole('tab', { name: tab }).click();
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll('main, [role=tabpanel]')].map(
          (box) => box.scrollWidth - box.clientWidth,
        ),
      );
      expect(wide.every((pixels) => pixels <= 0)).toBe(true);
    }
  });
});
