import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFailed, test } from 'vitest';
import { createOutbox } from '../../mail/outbox.ts';
import { OUTBOX_SCHEMA } from '../../mail/outbox-schema.ts';
import { systemClock, systemRandom } from '../../mail/platform/clock.ts';
import { openStore } from '../../mail/store.ts';
import { aMessage } from '../fakes/messages.ts';
import { isSettled, type LogEntry, statuses } from './support/agent-log.ts';
import { type AgentHarness, createAgentHarness } from './support/agent-process.ts';
import { type Postfix, postfixMissing, startPostfix } from './support/postfix.ts';
import type { PostfixOptions } from './support/postfix-config.ts';
import { freePort, waitFor } from './support/scratch.ts';
import { fileAlert, testSettings, type TestSettingsOptions } from './support/settings-builder.ts';

const ANN = 'ann@contoso.example';
const BOB = 'bob@contoso.example';
const NOBODY = 'nobody@contoso.example';
const LOGIN = { user: 'tocsin', password: 'correct horse' } as const;

// An agent that is not built is no reason to skip: without it nothing here would be shown.
const missing = postfixMissing();
const disposers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const dispose of disposers.splice(0).toReversed()) await dispose();
});

async function postfix(options: Partial<PostfixOptions> = {}): Promise<Postfix> {
  const server = await startPostfix({ mailboxes: ['ann', 'bob'], ...options });
  onTestFailed(() => void process.stderr.write(server.log()));
  disposers.push(server.stop);
  return server;
}

interface Scene {
  readonly agent: AgentHarness;
  /** Makes the watched file appear, so that the alert fires. */
  readonly fire: () => void;
  /** The alert's entry in the delivery log, once it passes. */
  readonly entry: (
    what: string,
    passes: (entry: LogEntry) => boolean,
    timeoutMs?: number,
  ) => Promise<LogEntry>;
}

type Server = TestSettingsOptions['servers'][number];

/** An agent with one alert on one file; the file is not there yet. */
async function scene(server: Server, recipients: readonly string[], from?: string): Promise<Scene> {
  const agent = createAgentHarness();
  disposers.push(agent.dispose);
  onTestFailed(() => void process.stderr.write(agent.said()));
  const path = join(agent.dir, 'backup-failed');
  const alerts = [fileAlert('Backup failed', path, recipients)];
  const settings = agent.writeSettings(
    testSettings({ servers: [server], alerts, ...(from ? { from } : {}) }),
  );
  agent.start('--settings', settings);
  await agent.ready();
  return {
    agent,
    fire: () => writeFileSync(path, 'now'),
    entry: (what, passes, timeoutMs = 30_000) =>
      waitFor(
        what,
        async () => (await agent.log()).filter(({ kind }) => kind === 'alert').find(passes) ?? null,
        timeoutMs,
        250,
      ),
  };
}

/** Puts mails for Ann into the outbox of an agent that does not run. */
function queueMails(agent: AgentHarness, count: number): void {
  const opened = openStore(join(agent.dataDir, 'tocsin.db'), { schemas: [OUTBOX_SCHEMA] });
  if (!opened.ok) throw new Error(opened.error.message);
  const now = systemClock.now();
  const mails = Array.from({ length: count }, (_, index) =>
    aMessage({ id: `queued-${index}`, recipients: [ANN], createdAt: now, causedAt: now }),
  );
  createOutbox(opened.value, systemRandom).accept(mails, now);
  opened.value.close();
}

/** Exactly the mail that the log names, and no other, lies in the mailbox. */
async function expectOnlyMail(server: Postfix, user: string, entry: LogEntry): Promise<void> {
  await waitFor(`the mail in the mailbox of ${user}`, () => (server.mailbox(user).length > 0 ? true : null));
  const mails = server.mailbox(user);
  expect(mails.map(({ messageId }) => messageId)).toEqual([entry.messageId]);
  expect(mails[0]?.headers.get('auto-submitted')).toEqual(['auto-generated']);
  expect(mails[0]?.headers.get('date')).toHaveLength(1);
}

/** How Postfix says it got the mail: with ESMTP, ESMTPS (TLS), ESMTPA (login) or ESMTPSA (both). */
function protocolOf(server: Postfix, user: string): string | undefined {
  const received = server.mailbox(user)[0]?.headers.get('received')?.join(' ') ?? '';
  return /\bwith (ESMTP\w*)/.exec(received)?.[1];
}

interface Delivery {
  readonly rule: string;
  readonly postfix: Partial<PostfixOptions>;
  readonly server: Partial<Server>;
  readonly protocol: string;
}

const DELIVERIES: readonly Delivery[] = [
  { rule: 'plain', postfix: {}, server: {}, protocol: 'ESMTP' },
  {
    rule: 'STARTTLS offered, private CA, by address',
    postfix: { starttls: 'may' },
    server: { security: 'starttls' },
    protocol: 'ESMTPS',
  },
  {
    rule: 'STARTTLS demanded, private CA, by name',
    postfix: { starttls: 'encrypt' },
    server: { security: 'starttls', host: 'localhost' },
    protocol: 'ESMTPS',
  },
  {
    rule: 'AUTH without TLS',
    postfix: { users: { [LOGIN.user]: LOGIN.password } },
    server: { auth: { method: 'password', ...LOGIN } },
    protocol: 'ESMTPA',
  },
  {
    rule: 'AUTH inside STARTTLS',
    postfix: { starttls: 'encrypt', users: { [LOGIN.user]: LOGIN.password } },
    server: { security: 'starttls', auth: { method: 'password', ...LOGIN } },
    protocol: 'ESMTPSA',
  },
];

describe.skipIf(missing !== null)(
  `Debian's Postfix${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    test.each(DELIVERIES)('$rule: each mail once, accepted in the log', async (row) => {
      const server = await postfix(row.postfix);
      const ca = server.ca === null ? {} : { caFile: server.ca.caPath };
      const { fire, entry } = await scene({ port: server.port, ...ca, ...row.server }, [ANN, BOB]);
      fire();
      const settled = await entry('both recipients to be settled', isSettled);
      expect(statuses(settled)).toEqual({ [ANN]: 'accepted', [BOB]: 'accepted' });
      expect(settled.attempts.map(({ stage, code }) => [stage, code])).toEqual([['accepted', null]]);
      expect(settled.recipients[0]?.reply).toMatch(/^250 2\.0\.0 Ok: queued as/);
      await expectOnlyMail(server, 'ann', settled);
      await expectOnlyMail(server, 'bob', settled);
      expect(protocolOf(server, 'ann')).toBe(row.protocol);
    });

    test('a CA that is not trusted: nothing is sent, the mail is kept', async () => {
      const server = await postfix({ starttls: 'may' });
      const { fire, entry } = await scene({ port: server.port, security: 'starttls' }, [ANN]);
      fire();
      const tried = await entry('a first attempt', ({ attempts }) => attempts.length > 0);
      expect(tried.attempts[0]?.code).toBe('smtp_certificate_untrusted');
      expect(statuses(tried)).toEqual({ [ANN]: 'queued' });
      expect(server.mailbox('ann')).toEqual([]);
    });

    test('a wrong password: nothing is sent, the mail is kept', async () => {
      const server = await postfix({ users: { [LOGIN.user]: LOGIN.password } });
      const auth = { method: 'password', user: LOGIN.user, password: 'wrong' } as const;
      const { fire, entry } = await scene({ port: server.port, auth }, [ANN]);
      fire();
      const tried = await entry('a first attempt', ({ attempts }) => attempts.length > 0);
      expect(tried.attempts[0]?.code).toBe('smtp_auth_failed');
      expect(tried.attempts[0]?.reply).toContain('535 5.7.8');
      expect(statuses(tried)).toEqual({ [ANN]: 'queued' });
      expect(server.mailbox('ann')).toEqual([]);
    });

    test('an unknown recipient among good ones: it fails for good, the others get their mail once', async () => {
      const server = await postfix();
      const { fire, entry } = await scene({ port: server.port }, [ANN, NOBODY, BOB]);
      fire();
      const settled = await entry('all recipients to be settled', isSettled);
      expect(statuses(settled)).toEqual({ [ANN]: 'accepted', [NOBODY]: 'failed', [BOB]: 'accepted' });
      const refused = settled.recipients.find(({ address }) => address === NOBODY);
      expect(refused?.code).toBe('smtp_recipient_rejected');
      expect(refused?.reply).toMatch(/^550 5\.1\.1 .*User unknown/);
      await expectOnlyMail(server, 'ann', settled);
      await expectOnlyMail(server, 'bob', settled);
    });

    test('a recipient that is put off (450): it waits, the other gets its mail once', async () => {
      const server = await postfix({ deferredRecipients: [BOB] });
      const { fire, entry } = await scene({ port: server.port }, [ANN, BOB]);
      fire();
      const tried = await entry('one to be accepted', ({ recipients }) =>
        recipients.some((one) => one.status === 'accepted'),
      );
      expect(statuses(tried)).toEqual({ [ANN]: 'accepted', [BOB]: 'queued' });
      expect(tried.recipients.find(({ address }) => address === BOB)?.reply).toMatch(/^450 4\.7\.1/);
      await expectOnlyMail(server, 'ann', tried);
      expect(server.mailbox('bob')).toEqual([]);
    });

    test.each([
      // Postfix's habit is to say so only at RCPT; its words then tell which of the two it refused.
      { rule: 'at MAIL FROM', refuseAtMailFrom: true },
      { rule: 'at RCPT TO', refuseAtMailFrom: false },
    ])('a refused sender ($rule): failed for good, no mail', async ({ refuseAtMailFrom }) => {
      const from = 'stranger@contoso.example';
      const server = await postfix({ refusedSenders: [from], refuseAtMailFrom });
      const { fire, entry } = await scene({ port: server.port }, [ANN, BOB], from);
      fire();
      const settled = await entry('both recipients to be settled', isSettled);
      expect(statuses(settled)).toEqual({ [ANN]: 'failed', [BOB]: 'failed' });
      for (const { code, reply } of settled.recipients) {
        expect(code).toBe('smtp_sender_rejected');
        expect(reply).toMatch(/^550 5\.7\.1 .*Sender refused by policy/);
      }
      expect([...server.mailbox('ann'), ...server.mailbox('bob')]).toEqual([]);
    });

    test('a server that takes two connections of a client: a backlog goes over two, each mail once and untroubled', async () => {
      const server = await postfix({ connectionsPerClient: 2 });
      const agent = createAgentHarness();
      disposers.push(agent.dispose);
      await agent.must(
        'import',
        agent.writeSettings(testSettings({ servers: [{ port: server.port }], alerts: [] })),
      );
      queueMails(agent, 200);
      agent.start();
      await waitFor('all mail to arrive', () => (server.files('ann').length >= 200 ? true : null));
      const log = await waitFor('the log to have it', async () => {
        const entries = await agent.log();
        return entries.every(isSettled) ? entries : null;
      });
      expect(log.map((entry) => [entry.attempts.length, statuses(entry)])).toEqual(
        log.map(() => [1, { [ANN]: 'accepted' }]),
      );
      expect(server.files('ann')).toHaveLength(200);
      expect(server.log()).toContain('Connection concurrency limit exceeded');
    });

    test('a server that comes up only later: the mail waits and arrives once', async () => {
      const port = await freePort();
      const { fire, entry } = await scene({ port }, [ANN]);
      fire();
      const waiting = await entry('a first attempt', ({ attempts }) => attempts.length > 0);
      expect(waiting.attempts[0]?.code).toBe('smtp_connection_refused');
      expect(statuses(waiting)).toEqual({ [ANN]: 'queued' });
      const server = await postfix({ port });
      const settled = await entry('the recipient to be settled', isSettled, 60_000);
      expect(settled.id).toBe(waiting.id);
      expect(statuses(settled)).toEqual({ [ANN]: 'accepted' });
      await expectOnlyMail(server, 'ann', settled);
    });
  },
);
