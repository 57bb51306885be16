import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { mayBeBounce } from '../../../../../mail/bounce.ts';
import { ScriptedPop3Server } from '../../../../fakes/scripted-pop3-server.ts';

import { mailboxScene, ORIGINAL } from '../../../../fakes/mailbox-scene.ts';

const FIXTURES = resolve(import.meta.dirname, '../../../../fixtures/bounces');
const MINUTE = 60_000;
const fixture = (name: string) => readFileSync(join(FIXTURES, `${name}.eml`), 'latin1');

describe('returned mail', () => {
  test('a bounce of our own mail becomes news of its recipient, and an event', async () => {
    const server = await new ScriptedPop3Server().start();
    onTestFinished(() => server.stop());
    server.mails.set('a', fixture('postfix-unknown-user'));
    const { newsOf, raised, faults } = await mailboxScene({}, { server });
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
    const { newsOf, raised } = await mailboxScene({}, { server });
    expect(newsOf(ORIGINAL).map((item) => item.news.state)).toEqual(state === null ? [] : [state]);
    expect(raised).toEqual([]);
  });

  test('a notification about somebody whom the mail was never for says nothing', async () => {
    const server = await new ScriptedPop3Server().start();
    onTestFinished(() => server.stop());
    server.mails.set('a', fixture('aol-style'));
    const { newsOf } = await mailboxScene({}, { server });
    expect(newsOf(ORIGINAL)).toEqual([]);
  });

  test('of a single recipient it is clear who is meant, wherever the mail was passed on to', async () => {
    const server = await new ScriptedPop3Server().start();
    onTestFinished(() => server.stop());
    server.mails.set('a', fixture('aol-style'));
    const { newsOf } = await mailboxScene({}, { server, recipients: ['office@fabrikam.example'] });
    expect(newsOf(ORIGINAL).map(({ address }) => address)).toEqual(['office@fabrikam.example']);
  });

  test('of other mail only the headers are looked at, once, also after a restart', async () => {
    const server = await new ScriptedPop3Server().start();
    onTestFinished(() => server.stop());
    server.mails.set('a', 'From: Bob <bob@contoso.example>\r\nSubject: lunch\r\n\r\nprivate');
    const first = await mailboxScene({}, { server });
    await first.pass(6 * MINUTE);
    await first.watch.stop();
    const second = await mailboxScene({}, { server, store: first.store });
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
    const { server, pass, raised, watch } = await mailboxScene({ pass: '-ERR [AUTH] wrong' });
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
    const first = await mailboxScene({ pass: '-ERR [AUTH] wrong' });
    await first.watch.stop();
    const second = await mailboxScene({}, { server: first.server, store: first.store });
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
    const { server, pass, watch, ownMails, newsOf, handOver, raised } = await mailboxScene(
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
    const { server, clock, pass, watch, ownMails } = await mailboxScene({}, { roundTripHours: 1 });
    const messageId = `${ownMails()[0]?.id ?? ''}@relay.example`;
    server.mails.set('own', received({ messageId, subject: 'x' }, clock.now()));
    server.mails.set('other', received({ messageId: '@relay.example', subject: 'x' }, clock.now()));
    await pass(6 * MINUTE);
    expect(watch.status()?.proof?.state).toBe('arrived');
    expect([...server.mails.keys()]).toEqual(['other']);
  });

  test('one that does not come back is told once, and so is that mail arrives again', async () => {
    const { server, clock, pass, ownMails, watch } = await mailboxScene({}, { roundTripHours: 1 });
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
    const { server, clock, pass, ownMails } = await mailboxScene({ quit: 'drop' }, { roundTripHours: 1 });
    const [mail] = ownMails();
    if (mail !== undefined) server.mails.set('own', received(mail, clock.now()));
    await pass(6 * MINUTE);
    expect([...server.mails.keys()]).toEqual(['own']);
    server.script = {};
    await pass(6 * MINUTE);
    expect([...server.mails.keys()]).toEqual([]);
  });
});
