import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createComposer } from '../../../../../electron/agent/compose/composer.ts';
import { composeContextOf } from '../../../../../electron/agent/compose/context.ts';
import { createMailboxWatch } from '../../../../../electron/agent/mailbox/mailbox-watch.ts';
import { createDeliveryLog } from '../../../../../mail/delivery-log.ts';
import { createOutbox } from '../../../../../mail/outbox.ts';
import { mayBeBounce } from '../../../../../mail/bounce.ts';
import { type Settings, settingsSchema } from '../../../../../shared/contract/settings.ts';
import type { SmtpEvent } from '../../../../../shared/model/smtp-event.ts';
import type { Store } from '../../../../../mail/store.ts';
import { FakeClock, fakeRandom } from '../../../../fakes/fake-clock.ts';
import { FakeOutlet } from '../../../../fakes/fake-outlet.ts';
import { memoryStore } from '../../../../fakes/memory-store.ts';
import { aMessage } from '../../../../fakes/messages.ts';
import { type Pop3Script, ScriptedPop3Server } from '../../../../fakes/scripted-pop3-server.ts';

const FIXTURES = resolve(import.meta.dirname, '../../../../fixtures/bounces');
const MINUTE = 60_000;
/** The mail that the notifications of the corpus are about. */
const ORIGINAL = '019b8c00-1111-7000-8000-00000000000a';

const fixture = (name: string) => readFileSync(join(FIXTURES, `${name}.eml`), 'latin1');

interface SceneOptions {
  readonly store?: Store;
  readonly server?: ScriptedPop3Server;
  readonly roundTripHours?: number;
  readonly recipients?: readonly string[];
}

/** A mailbox that is watched, and the log with one mail that a server had accepted. */
async function scene(script: Pop3Script = {}, options: SceneOptions = {}) {
  const server = options.server ?? (await new ScriptedPop3Server(script).start());
  if (options.server === undefined) onTestFinished(() => server.stop());
  const store = options.store ?? memoryStore();
  const clock = new FakeClock();
  const random = fakeRandom();
  const outbox = createOutbox(store, random);
  const deliveries = createDeliveryLog(store);
  const settings: Settings = settingsSchema.parse({
    version: 1,
    smtp: {
      servers: [{ host: 'mail.contoso.example' }],
      from: { address: 'tocsin@contoso.example' },
    },
    profile: { emails: ['admin@provider.example'] },
    mailbox: {
      protocol: 'pop3',
      host: '127.0.0.1',
      port: server.port,
      security: 'none',
      user: 'tocsin',
      roundTripHours: options.roundTripHours ?? 0,
    },
  });
  /** What waits is accepted by a server. */
  const handOver = () => {
    const lease = outbox.lease('smtp', clock.now(), () => true);
    if (lease === null) throw new Error('nothing waits');
    const sent = {
      message: lease.message,
      recipients: lease.recipients,
      pinnedServer: null,
      attachments: [],
    };
    outbox.settle(lease, [new FakeOutlet().attempt(sent, 'accepted')], clock.now());
  };
  if (options.store === undefined) {
    const recipients = options.recipients ?? ['ann@fabrikam.example', 'bob@fabrikam.example'];
    outbox.accept(
      [aMessage({ id: ORIGINAL, messageId: `${ORIGINAL}@contoso.example`, recipients })],
      clock.now(),
    );
    handOver();
  }
  const raised: SmtpEvent[] = [];
  const said: string[] = [];
  const faults: unknown[] = [];
  const watch = createMailboxWatch({
    store,
    outbox,
    deliveries,
    events: {
      raise: (events) => void raised.push(...events),
      context: () => ({
        now: clock.now(),
        emailAddress: 'tocsin@contoso.example',
        requiresAuthentication: () => null,
      }),
    },
    clock,
    log: {
      info: (text) => void said.push(text),
      warn: (text) => void said.push(text),
      fault: (error) => void faults.push(error),
      attempts: () => {},
      expired: () => {},
    },
    settings: () => settings,
    password: () => 'secret',
    composer: async () => createComposer(),
    composeContext: () => composeContextOf({ settings, hostName: 'pc-17', clock, random, routeText: 'SMTP' }),
    sender: () => 'tocsin@contoso.example',
    isOpen: (route) => route === 'smtp',
    onQueued: () => {},
    onRead: () => {},
    onFault: (error) => void faults.push(error),
  });
  onTestFinished(() => watch.stop());
  watch.start();
  /** Lets the check that is under way come to its end; its server is a real one. */
  const settle = async () => {
    for (let n = 0; n < 200; n++) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      await clock.advance(0);
      if (n > 2 && server.open === 0) return;
    }
  };
  /** Lets time pass; a check that falls due on the way is given the time it takes. */
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 10_000) {
      const before = server.connections;
      await clock.advance(10_000);
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (server.connections > before || server.open > 0) await settle();
    }
    await settle();
  };
  const ownMails = () =>
    deliveries
      .list({ limit: 100, since: null })
      .map(({ message }) => message)
      .filter(({ id }) => id !== ORIGINAL);
  /** What the log says that was heard of a mail's recipients later. */
  const newsOf = (id: string) =>
    (deliveries.find(id)?.recipients ?? []).flatMap(({ address, news }) =>
      news === null ? [] : [{ address, news }],
    );
  // Until the first check has ended; after a restart there may be none, and one that there is begins at once.
  const tries = options.store === undefined ? 100 : 10;
  for (let n = 0; n < tries && watch.status()?.state === 'unused'; n++) await settle();
  return { server, store, clock, watch, raised, said, faults, pass, ownMails, newsOf, handOver };
}

describe('returned mail', () => {
  test('a bounce of our own mail becomes news of its recipient, and an event', async () => {
    const server = await new ScriptedPop3Server().start();
    onTestFinished(() => server.stop());
    server.mails.set('a', fixture('postfix-unknown-user'));
    const { newsOf, raised, faults } = await scene({}, { server });
    expect(faults).toEqual([]);
    expect(newsOf(ORIGINAL)).toMatchObject([
      {
        address: 'ann@fabrikam.example',
        news: { state: 'bounced', source: 'bounce', reply: expect.stringContaining('550 5.1.1') },
      },
    ]);
    expect(raised).toMatchObject([
      {
        type: 'final-delivery-failed',
        code: 'mail_bounced',
        recipients: ['ann@fabrikam.example'],
        server: { host: 'mail.contoso.example' },
      },
    ]);
    expect([...server.mails.keys()]).toEqual(['a']);
  });

  test.each([
    ['postfix-delivered', 'arrived'],
    ['postfix-delayed', null],
    ['others-mail', null],
    ['trap-forwarded-bounce', null],
    ['trap-spam-quoting-a-bounce', null],
    ['trap-out-of-office', null],
  ])('%s: %s', async (name, state) => {
    const server = await new ScriptedPop3Server().start();
    onTestFinished(() => server.stop());
    server.mails.set('a', fixture(name));
    const { newsOf, raised } = await scene({}, { server });
    expect(newsOf(ORIGINAL).map((item) => item.news.state)).toEqual(state === null ? [] : [state]);
    expect(raised).toEqual([]);
  });

  test('a notification about somebody whom the mail was never for says nothing', async () => {
    const server = await new ScriptedPop3Server().start();
    onTestFinished(() => server.stop());
    server.mails.set('a', fixture('aol-style'));
    const { newsOf } = await scene({}, { server });
    expect(newsOf(ORIGINAL)).toEqual([]);
  });

  test('of a single recipient it is clear who is meant, wherever the mail was passed on to', async () => {
    const server = await new ScriptedPop3Server().start();
    onTestFinished(() => server.stop());
    server.mails.set('a', fixture('aol-style'));
    const { newsOf } = await scene({}, { server, recipients: ['office@fabrikam.example'] });
    expect(newsOf(ORIGINAL).map(({ address }) => address)).toEqual(['office@fabrikam.example']);
  });

  test('of other mail only the headers are looked at, once, also after a restart', async () => {
    const server = await new ScriptedPop3Server().start();
    onTestFinished(() => server.stop());
    server.mails.set('a', 'From: Bob <bob@contoso.example>\r\nSubject: lunch\r\n\r\nprivate');
    const first = await scene({}, { server });
    await first.pass(6 * MINUTE);
    await first.watch.stop();
    const second = await scene({}, { server, store: first.store });
    await second.pass(6 * MINUTE);
    expect(server.connections).toBeGreaterThanOrEqual(3);
    expect(server.commands.filter((line) => /^(RETR|TOP|DELE)/.test(line))).toEqual(['TOP 1 0']);
  });

  test('whatever is a notification passes the look at its headers', () => {
    const verdicts = JSON.parse(readFileSync(join(FIXTURES, 'verdicts.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    const missed = readdirSync(FIXTURES)
      .filter((name) => name.endsWith('.eml') && verdicts[name.replace('.eml', '')] !== null)
      .filter((name) => !mayBeBounce(fixture(name.replace('.eml', '')).split('\r\n\r\n', 1)[0] ?? ''));
    expect(missed).toEqual([]);
  });
});

describe('a refused login', () => {
  test('is an event, stands in the status, and is not tried again for an hour', async () => {
    const { server, pass, raised, watch } = await scene({ pass: '-ERR [AUTH] wrong' });
    expect(raised).toMatchObject([
      {
        type: 'pop-login-failed',
        route: 'mailbox',
        code: 'mailbox_login_failed',
        emailAddress: 'tocsin',
        requiresAuthentication: true,
        reply: '[AUTH] wrong',
      },
    ]);
    expect(watch.status()).toMatchObject({ state: 'failed', code: 'mailbox_login_failed' });
    await pass(59 * MINUTE);
    expect(server.connections).toBe(1);
    await pass(2 * MINUTE);
    expect(server.connections).toBe(2);
  });

  test('a restart is no reason to try again at once; changed settings are', async () => {
    const first = await scene({ pass: '-ERR [AUTH] wrong' });
    await first.watch.stop();
    const second = await scene({}, { server: first.server, store: first.store });
    expect(first.server.connections).toBe(1);
    second.watch.settingsChanged();
    await second.pass(10_000);
    expect(first.server.connections).toBe(2);
  });
});

describe('proof of arrival', () => {
  const received = (mail: { messageId: string; subject: string }, at: number) =>
    `Received: from a by b; ${new Date(at).toUTCString()}\r\nMessage-ID: <${mail.messageId}>\r\nSubject: ${mail.subject}\r\n\r\nbody`;

  test('the mail is sent, found in the mailbox, removed, and its time shown', async () => {
    const { server, pass, watch, ownMails, newsOf, handOver, raised } = await scene(
      {},
      { roundTripHours: 1 },
    );
    const [mail] = ownMails();
    handOver();
    expect(mail).toMatchObject({
      subject: '[INFO] pc-17: Proof of arrival',
      recipients: ['tocsin@contoso.example'],
    });
    expect(watch.status()?.proof).toMatchObject({ state: 'on-its-way', arrivedAt: null });
    const sentAt = watch.status()?.proof?.sentAt ?? 0;
    if (mail !== undefined)
      server.mails.set('own', received(mail, sentAt + 7000)).set('other', 'Subject: x\r\n\r\n');
    await pass(6 * MINUTE);
    expect(watch.status()?.proof?.state).toBe('arrived');
    expect(Math.abs((watch.status()?.proof?.arrivedAt ?? 0) - sentAt - 7000)).toBeLessThan(1000);
    expect(newsOf(mail?.id ?? '')).toMatchObject([
      { address: 'tocsin@contoso.example', news: { state: 'arrived', source: 'round-trip' } },
    ]);
    expect([...server.mails.keys()]).toEqual(['other']);
    expect(raised).toEqual([]);
    await pass(56 * MINUTE);
    expect(ownMails()).toHaveLength(2);
  });

  test('where the Web Service stood in and gave the Message-ID its own domain, the mail is known all the same', async () => {
    const { server, clock, pass, watch, ownMails } = await scene({}, { roundTripHours: 1 });
    const messageId = `${ownMails()[0]?.id ?? ''}@relay.example`;
    server.mails.set('own', received({ messageId, subject: 'x' }, clock.now()));
    server.mails.set('other', received({ messageId: '@relay.example', subject: 'x' }, clock.now()));
    await pass(6 * MINUTE);
    expect(watch.status()?.proof?.state).toBe('arrived');
    expect([...server.mails.keys()]).toEqual(['other']);
  });

  test('one that does not come back is told once, and so is that mail arrives again', async () => {
    const { server, clock, pass, ownMails, watch } = await scene({}, { roundTripHours: 1 });
    const subjects = () => ownMails().map(({ subject }) => subject.replace('pc-17: ', ''));
    await pass(75 * MINUTE);
    expect(watch.status()?.proof?.state).not.toBe('arrived');
    expect(subjects().toReversed()).toEqual([
      '[INFO] Proof of arrival',
      '[WARNING] Mail does not come back from the mailbox',
      '[INFO] Proof of arrival',
    ]);
    const [latest] = ownMails().filter(({ subject }) => subject.includes('Proof'));
    if (latest !== undefined) server.mails.set('own', received(latest, clock.now()));
    await pass(6 * MINUTE);
    await pass(MINUTE);
    expect(subjects()[0]).toBe('[INFO] Mail comes back from the mailbox again');
  });

  test('a removal that the server did not take to the end is made up for', async () => {
    const { server, clock, pass, ownMails } = await scene({ quit: 'drop' }, { roundTripHours: 1 });
    const [mail] = ownMails();
    if (mail !== undefined) server.mails.set('own', received(mail, clock.now()));
    await pass(6 * MINUTE);
    expect([...server.mails.keys()]).toEqual(['own']);
    server.script = {};
    await pass(6 * MINUTE);
    expect([...server.mails.keys()]).toEqual([]);
  });
});
