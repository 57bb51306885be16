import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { type AgentHarness, createAgentHarness } from './support/agent-process.ts';
import { type DovecotMailbox, dovecotMissing, startDovecotMailbox } from './support/dovecot-mailbox.ts';
import { type Postfix, postfixMissing, startPostfix } from './support/postfix.ts';
import { freePort, waitFor } from './support/scratch.ts';
import { fileAlert, testSettings } from './support/settings-builder.ts';

const missing = postfixMissing() ?? dovecotMissing();
const disposers: (() => Promise<unknown>)[] = [];
const siteDisposers: (() => Promise<unknown>)[] = [];
let site: Site;

beforeAll(async () => {
  if (missing === null) site = await startSite();
}, 60_000);

afterEach(async () => {
  for (const dispose of disposers.splice(0).toReversed()) await dispose();
});

afterAll(async () => {
  for (const dispose of siteDisposers.splice(0).toReversed()) await dispose();
});

const PASSWORD = 'canary-mailbox-4711';

/** Postfix delivers into Maildirs, Dovecot lets them be read. */
interface Site {
  readonly postfix: Postfix;
  readonly dovecot: DovecotMailbox;
  readonly caFile: string;
}

async function startSite(): Promise<Site> {
  // The next server on the way passes nothing on: mail to elsewhere comes back.
  const next = await startPostfix({ mailboxes: [] });
  siteDisposers.push(next.stop);
  const relayTo = `[127.0.0.1]:${next.port}`;
  const postfix = await startPostfix({ mailboxes: ['ann', 'tocsin'], starttls: 'may', relayTo });
  siteDisposers.push(postfix.stop);
  const { ca, mailboxesDir } = postfix;
  if (ca === null) throw new Error('no certificate');
  const dovecot = await startDovecotMailbox({ mailboxesDir, users: { tocsin: PASSWORD }, ca });
  siteDisposers.push(dovecot.stop);
  return { postfix, dovecot, caFile: ca.caPath };
}

type Way = readonly [protocol: 'pop3' | 'imap', security: 'starttls' | 'tls'];

interface Running {
  readonly agent: AgentHarness;
  readonly fire: () => void;
  /** Takes in the settings anew, which has the mailbox read at once. */
  readonly readNow: () => Promise<unknown>;
  readonly mailbox: () => Promise<MailboxStatus>;
}

interface MailboxStatus {
  readonly state: string;
  readonly code: string | null;
  readonly detail: string | null;
  readonly proof: { readonly state: string; readonly sentAt: string; readonly arrivedAt: string } | null;
}

async function startAgent(
  { postfix, dovecot, caFile }: Site,
  [protocol, security]: Way,
  given: { recipient?: string; password?: string; roundTripHours?: number } = {},
): Promise<Running> {
  const { recipient = 'ann@contoso.example', password = PASSWORD, roundTripHours = 0 } = given;
  const agent = createAgentHarness();
  disposers.push(agent.dispose);
  onTestFailed(() => void process.stderr.write(postfix.log() + dovecot.log() + agent.said()));
  const path = join(agent.dir, 'backup-failed');
  const base = testSettings({
    servers: [{ host: 'localhost', port: postfix.port, security: 'starttls', caFile }],
    alerts: [fileAlert('Backup failed', path, [recipient])],
  }) as object;
  const mailbox = {
    protocol,
    // As the mail server is named, whose authority is trusted.
    host: 'localhost',
    port: dovecot.ports[protocol],
    security,
    user: 'tocsin',
    password,
    checkEveryMinutes: 1,
    roundTripHours,
  };
  agent.start('--settings', agent.writeSettings({ ...base, mailbox }));
  await agent.ready();
  return {
    agent,
    fire: () => writeFileSync(path, 'now'),
    readNow: () => agent.must('import', join(agent.dir, 'settings.json')),
    mailbox: async () => (await agent.status())['mailbox'] as MailboxStatus,
  };
}

/** The mails in the mailbox of Tocsin by the names that stay, each with its marks such as `S`, seen. */
function mailsOf({ postfix }: Site): Map<string, string> {
  const files = ['new', 'cur'].flatMap((part) => {
    const dir = join(postfix.mailboxesDir, 'tocsin', part);
    return existsSync(dir) ? readdirSync(dir) : [];
  });
  return new Map(files.map((file) => [file.split(':')[0] ?? '', file.split(':2,')[1] ?? '']));
}

/** The mail that was not there before, once it has come. */
function newMail(before: ReadonlyMap<string, string>): Promise<string> {
  return waitFor('the mail in the mailbox', () => {
    const name = [...mailsOf(site).keys()].find((each) => !before.has(each));
    return name ?? null;
  });
}

/** Logins that Dovecot has refused so far. */
const refusals = () => site.dovecot.log().match(/auth failed, 1 attempts/g)?.length ?? 0;

const WAYS: readonly Way[] = [
  ['pop3', 'starttls'],
  ['imap', 'tls'],
];

describe.skipIf(missing !== null).each(WAYS)(
  `a mailbox in Dovecot by %s with %s${missing === null ? '' : ` (skipped: ${missing})`}`,
  (...way) => {
    test('what Postfix returns is read: the log says so in its words, and the mail stays as it was', async () => {
      const before = mailsOf(site);
      const recipient = 'ann@elsewhere.example';
      const { agent, fire, readNow, mailbox } = await startAgent(site, way, { recipient });
      fire();
      const returned = await newMail(before);
      await readNow();
      const entry = await waitFor(
        'the news in the delivery log',
        async () => {
          const entries = await agent.must('log', '--json');
          return entries.includes('"bounced"') ? entries : null;
        },
        30_000,
        300,
      );
      expect(entry).toContain('554 5.7.1 <ann@elsewhere.example>: Relay access denied');
      expect(await agent.must('log')).toContain('then came back: 554 5.7.1');
      expect(await mailbox()).toMatchObject({ state: 'ok', code: null });
      expect(mailsOf(site).get(returned)).not.toContain('S');
    });

    test('a refused login stands in the status, once, and the password nowhere', async () => {
      const before = refusals();
      const { agent, mailbox } = await startAgent(site, way, { password: 'canary-wrong' });
      const failed = await waitFor('the refused login', async () => {
        const status = await mailbox();
        return status.state === 'failed' ? status : null;
      });
      expect(failed.code).toBe('mailbox_login_failed');
      expect(failed.detail).toContain('Authentication failed');
      await waitFor('Dovecot to log it', () => (refusals() > before ? true : null));
      expect(refusals()).toBe(before + 1);
      expect(agent.said()).not.toContain('canary-wrong');
    });

    test('proof of arrival: there by Postfix, taken out by Dovecot', async () => {
      const before = mailsOf(site);
      const { readNow, mailbox, agent } = await startAgent(site, way, { roundTripHours: 1 });
      const own = await newMail(before);
      await readNow();
      const proof = await waitFor(
        'the proof in the status',
        async () => {
          const { proof: found } = await mailbox();
          return found?.state === 'arrived' ? found : null;
        },
        30_000,
        300,
      );
      expect(Date.parse(proof.arrivedAt) - Date.parse(proof.sentAt)).toBeGreaterThan(-1000);
      await waitFor('its removal', () => (mailsOf(site).has(own) ? null : true));
      expect(await agent.must('log')).toMatch(/accepted by localhost:\d+.*; arrived/);
    });
  },
);

describe.skipIf(missing !== null)('a mailbox where nobody listens', () => {
  test('says so in words about a mailbox', async () => {
    const port = await freePort();
    const dovecot = { ...site.dovecot, ports: { pop3: port, imap: port } };
    const { mailbox } = await startAgent({ ...site, dovecot }, ['pop3', 'starttls']);
    const failed = await waitFor('the failure', async () => {
      const status = await mailbox();
      return status.state === 'failed' ? status : null;
    });
    expect(failed).toMatchObject({ code: 'smtp_connection_refused' });
    expect(failed.detail).toContain(`The mailbox server localhost:${port} refused the connection.`);
  });
});
