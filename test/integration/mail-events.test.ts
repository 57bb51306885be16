import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFailed, test } from 'vitest';
import { ScriptedImapServer } from '../fakes/scripted-imap-server.ts';
import { ScriptedPop3Server } from '../fakes/scripted-pop3-server.ts';
import { type AgentHarness, createAgentHarness } from './support/agent-process.ts';
import { type Postfix, postfixMissing, startPostfix } from './support/postfix.ts';
import type { PostfixOptions } from './support/postfix-config.ts';
import { freePort, waitFor } from './support/scratch.ts';
import { fileAlert, testSettings } from './support/settings-builder.ts';

const missing = postfixMissing();
const disposers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const dispose of disposers.splice(0).toReversed()) await dispose();
});

async function postfix(options: Partial<PostfixOptions> = {}): Promise<Postfix> {
  const server = await startPostfix({ mailboxes: ['ann', 'admin', 'tocsin', 'sms'], ...options });
  onTestFailed(() => void process.stderr.write(server.log()));
  disposers.push(server.stop);
  return server;
}

/** A POP3 server over the Maildir into which Postfix delivers. */
async function pop3Over(server: Postfix | null, pass?: string): Promise<ScriptedPop3Server> {
  const pop3 = await new ScriptedPop3Server(pass === undefined ? {} : { pass }).start();
  disposers.push(() => pop3.stop());
  const paths = new Map<string, string>();
  pop3.onConnect = () => {
    // What was removed there is removed here, before the rest is looked at.
    for (const [name, path] of paths) if (!pop3.mails.has(name)) rmSync(path, { force: true });
    for (const { name, path } of server?.files('tocsin') ?? []) {
      paths.set(name, path);
      pop3.mails.set(name, readFileSync(path, 'latin1').replace(/\r?\n/g, '\r\n'));
    }
  };
  return pop3;
}

async function imapRefusing(): Promise<number> {
  const imap = await new ScriptedImapServer({ login: 'NO [AUTHENTICATIONFAILED] no' }).start();
  disposers.push(() => imap.stop());
  return imap.port;
}

interface Line {
  readonly event: string;
  readonly code: string | null;
  readonly recipients: readonly string[];
  readonly server: string | null;
  readonly reply: string | null;
}

interface Scene {
  readonly agent: AgentHarness;
  readonly fire: () => void;
  /** The lines of `events.log`, once one of them is about such an event. */
  readonly logged: (event: string) => Promise<Line>;
}

const ACTIONS = [{ type: 'log-to-file', file: 'events.log', maxFrequencyMinutes: 1 }];
const EVENTS = ['connection-failed', 'delivery-failed', 'final-delivery-failed', 'pop-login-failed'] as const;
const everyEvent = (actions: readonly object[] = ACTIONS) =>
  EVENTS.map((event) => ({ name: `On ${event}`, event, actions }));

async function scene(
  port: number,
  recipient: string,
  more: object,
  prepare: (agent: AgentHarness) => void = () => {},
): Promise<Scene> {
  const agent = createAgentHarness();
  disposers.push(agent.dispose);
  onTestFailed(() => void process.stderr.write(agent.said()));
  prepare(agent);
  const path = join(agent.dir, 'backup-failed');
  const alerts = [fileAlert('Backup failed', path, [recipient])];
  const settings = testSettings({ servers: [{ port }], alerts }) as object;
  agent.start('--settings', agent.writeSettings({ ...settings, ...more }));
  await agent.ready();
  const logPath = join(agent.dataDir, 'logs/events.log');
  return {
    agent,
    fire: () => writeFileSync(path, 'now'),
    logged: (event) =>
      waitFor(
        `a line about ${event}`,
        () => {
          if (!existsSync(logPath)) return null;
          const lines = readFileSync(logPath, 'utf8').trimEnd().split('\n');
          return lines.map((line) => JSON.parse(line) as Line).find((line) => line.event === event) ?? null;
        },
        30_000,
        100,
      ),
  };
}

describe.skipIf(missing !== null)(
  `events of real servers${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    test('no server: Connection Failed and Delivery Failed; a page, a program and a file hear of it', async () => {
      const bodies: string[] = [];
      const page = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk) => (body += String(chunk)));
        request.on('end', () => {
          bodies.push(`${request.method} ${request.url} ${body}`);
          response.end();
        });
      });
      await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
      disposers.push(async () => page.close());
      const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}/hook?e={{event}}`;
      const actions = [
        ...ACTIONS,
        {
          type: 'call-web-page',
          url,
          method: 'POST',
          body: '{"s":"{{server}}"}',
          allowedAddresses: ['127.0.0.1'],
        },
        { type: 'external-provider', command: 'notify-noc' },
      ];
      const { agent, fire, logged } = await scene(
        await freePort(),
        'ann@contoso.example',
        { smtpEvents: everyEvent(actions) },
        ({ dataDir }) => {
          mkdirSync(join(dataDir, 'providers'));
          writeFileSync(join(dataDir, 'providers/notify-noc'), '#!/bin/sh\ncat >> heard\n');
          chmodSync(join(dataDir, 'providers/notify-noc'), 0o700);
        },
      );
      fire();
      const line = await logged('connection-failed');
      expect(line).toMatchObject({ code: 'smtp_connection_refused', server: '127.0.0.1' });
      expect((await logged('delivery-failed')).recipients).toEqual(['ann@contoso.example']);
      await waitFor('the page to be called', () => (bodies.length >= 2 ? true : null), 20_000);
      expect(bodies).toContain('POST /hook?e=connection-failed {"s":"127.0.0.1"}');
      const heard = join(agent.dataDir, 'providers/heard');
      await waitFor('the program', () =>
        existsSync(heard) && readFileSync(heard, 'utf8').split('\n').length > 2 ? true : null,
      );
      expect(readFileSync(heard, 'utf8')).toContain('"event":"connection-failed"');
    });

    test('a recipient is refused: Final Delivery Failed, told by mail to those named and to the profile', async () => {
      const server = await postfix();
      const { agent, fire, logged } = await scene(server.port, 'nobody@contoso.example', {
        profile: { emails: ['admin@contoso.example'], sms: ['sms@contoso.example'] },
        smtpEvents: everyEvent([
          ...ACTIONS,
          { type: 'send-email', recipients: ['ann@contoso.example'] },
          { type: 'notification-profile' },
        ]).filter(({ event }) => event === 'final-delivery-failed'),
      });
      fire();
      expect(await logged('final-delivery-failed')).toMatchObject({
        code: 'smtp_recipient_rejected',
        recipients: ['nobody@contoso.example'],
      });
      for (const user of ['ann', 'admin', 'sms']) {
        const [mail] = await waitFor(`the mail to ${user}`, () => {
          const mails = server.mailbox(user);
          return mails.length > 0 ? mails : null;
        });
        expect(mail?.headers.get('subject')?.[0]).toMatch(
          user === 'sms' ? /^front-desk$/ : /SMTP Final Delivery Failed/,
        );
      }
      expect(existsSync(join(agent.dataDir, 'providers'))).toBe(false);
    });

    test('a mail comes back: Final Delivery Failed, in the words of the server that returned it', async () => {
      // The next server on the way passes nothing on.
      const next = await postfix();
      const server = await postfix({ relayTo: `[127.0.0.1]:${next.port}` });
      const pop3 = await pop3Over(server);
      const mailbox = {
        protocol: 'pop3',
        host: '127.0.0.1',
        port: pop3.port,
        security: 'none',
        user: 'tocsin',
      };
      const { agent, fire, logged } = await scene(server.port, 'ann@elsewhere.example', {
        mailbox: { ...mailbox, password: 'p', checkEveryMinutes: 1, roundTripHours: 0 },
        smtpEvents: everyEvent(),
      });
      fire();
      await waitFor('the returned mail', () => (server.mailbox('tocsin').length > 0 ? true : null));
      // Taking in the settings anew is how an administrator has the mailbox read at once.
      await agent.must('import', join(agent.dir, 'settings.json'));
      expect(await logged('final-delivery-failed')).toMatchObject({
        code: 'mail_bounced',
        recipients: ['ann@elsewhere.example'],
        reply: '554 5.7.1 <ann@elsewhere.example>: Relay access denied',
      });
      expect(server.mailbox('tocsin')).toHaveLength(1);
    });

    test.each(['pop3', 'imap'] as const)(
      'a wrong password (%s): POP Login Failed, and it stands in the status',
      async (protocol) => {
        const port =
          protocol === 'pop3'
            ? (await pop3Over(null, '-ERR [AUTH] Authentication failed.')).port
            : await imapRefusing();
        const mailbox = { protocol, host: '127.0.0.1', port, security: 'none', user: 'tocsin' };
        const { agent, logged } = await scene(await freePort(), 'ann@contoso.example', {
          mailbox: { ...mailbox, password: 'canary-4711', roundTripHours: 0 },
          smtpEvents: everyEvent(),
        });
        expect(await logged('pop-login-failed')).toMatchObject({
          code: 'mailbox_login_failed',
          server: '127.0.0.1',
        });
        expect((await agent.status())['mailbox']).toMatchObject({
          state: 'failed',
          code: 'mailbox_login_failed',
        });
        const files = readdirSync(agent.dataDir, { recursive: true, encoding: 'utf8' })
          .map((name) => join(agent.dataDir, name))
          .filter((path) => /\.(json|log|db|db-wal)$/.test(path));
        expect(files.filter((path) => readFileSync(path, 'latin1').includes('canary-4711'))).toEqual([]);
        expect(agent.said()).not.toContain('canary-4711');
      },
    );

    test('proof of arrival: the mail goes by Postfix into the mailbox and is taken out again', async () => {
      const server = await postfix();
      const pop3 = await pop3Over(server);
      const mailbox = {
        protocol: 'pop3',
        host: '127.0.0.1',
        port: pop3.port,
        security: 'none',
        user: 'tocsin',
      };
      const { agent } = await scene(server.port, 'ann@contoso.example', {
        mailbox: { ...mailbox, password: 'p', checkEveryMinutes: 1 },
      });
      await waitFor('the mail in the mailbox', () => (server.mailbox('tocsin').length > 0 ? true : null));
      await agent.must('import', join(agent.dir, 'settings.json'));
      const proof = await waitFor(
        'the proof in the status',
        async () => {
          const { mailbox: status } = (await agent.status()) as {
            mailbox: { proof: { state: string } | null };
          };
          return status.proof?.state === 'arrived' ? status.proof : null;
        },
        30_000,
        300,
      );
      expect(proof).toMatchObject({ state: 'arrived' });
      expect(await agent.must('status')).toMatch(/Proof of arrival {2,}sent .*, in the mailbox .* later\)/);
      await waitFor('its removal', () => (pop3.mails.size === 0 ? true : null));
    });
  },
);
