import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import {
  enrolmentReply,
  heartbeatReply,
  installationReply,
  messageReply,
  messageRequest,
  messageStateReply,
} from '../../../shared/contract/relay-api.ts';
import { formerOutboxId } from '../../../relay/store/outbox-id.ts';
import { formerBodyHash, outboxMessages } from '../../../relay/submission.ts';
import { post } from '../../fakes/relay-client.ts';
import { aRequest, startRelayRig } from '../../fakes/relay-rig.ts';

const header = (mail: { headers: { key: string; value: string }[] } | undefined, name: string) =>
  mail?.headers.find((each) => each.key === name)?.value;

describe('a message id is accepted once (promise I2)', () => {
  test('50 simultaneous copies are one mail, and all get the first answer', async () => {
    const rig = await startRelayRig();
    const client = await rig.enrol();
    const id = randomUUID();
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.submit(aRequest(), id)));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([202]));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(await rig.mailsWhen(1)).toHaveLength(1);
  });

  test('the same key with another body is a conflict, and the first stays', async () => {
    const rig = await startRelayRig();
    const client = await rig.enrol();
    const first = await client.submit(aRequest(), 'm-1');
    const other = await client.submit(aRequest({ subject: 'another' }), 'm-1');
    expect([other.status, other.body['code']]).toEqual([409, 'idempotency_conflict']);
    const again = await client.submit(aRequest(), 'm-1');
    expect([again.status, again.body]).toEqual([202, first.body]);
    expect(await rig.mailsWhen(1)).toHaveLength(1);
  });

  test('what an earlier version took is known by the hash and the name that it kept', async () => {
    const rig = await startRelayRig();
    const client = await rig.enrol();
    const { installationId } = client;
    const request = messageRequest.parse(aRequest({ subject: 'earlier' }));
    const [now, id, quota] = [rig.clock.now(), 'm-1', { messagesPerHour: 9, messagesPerRecipientPerHour: 9 }];
    const relayed = outboxMessages({ installationId, id, request, from: 'a@provider.example', now });
    const earlier = {
      installationId,
      id,
      bodyHash: formerBodyHash(request),
      formerBodyHash: () => 'unknown',
      messages: relayed.map((each) => ({
        ...each,
        id: formerOutboxId({ installationId, id, channel: 'email' }),
      })),
      mayAccept: () => null,
    };
    await rig.store.accept([earlier], quota, now);
    expect((await client.submit(request, 'm-1')).status).toBe(202);
    expect((await client.submit(aRequest(), 'm-1')).status).toBe(409);
    const states = async () => {
      const { body } = await client.call({ path: '/v1/messages/m-1' });
      return messageStateReply.parse(body).recipients.map(({ state }) => state);
    };
    expect(await states()).toEqual(['queued']);

    await client.submit(aRequest({ subject: 'later' }), 'm-2');
    await vi.waitFor(async () => expect(await states()).toEqual(['accepted']));
    expect((await rig.firstMails(2)).map((mail) => mail.subject)).toContain('earlier');
    await rig.store.prune(now + 1, now);
    expect((await client.call({ path: '/v1/messages/m-1' })).status).toBe(404);
    // Nothing of it is left, so that its name in the outbox is free again.
    await rig.store.accept([earlier], quota, now);
  });

  test('a repeat is answered as the first time when quota and subscription have ended meanwhile', async () => {
    const rig = await startRelayRig({ quotas: { messagesPerHour: 1, messagesPerRecipientPerHour: 1 } });
    const client = await rig.enrol();
    const first = await client.submit(aRequest(), 'm-1');
    expect((await client.submit(aRequest(), 'm-2')).status).toBe(429);
    await rig.store.setExpiry(client.installationId, rig.clock.now() - 1);
    expect((await client.submit(aRequest(), 'm-2')).status).toBe(403);
    expect((await client.submit(aRequest(), 'm-1')).body).toEqual(first.body);
  });

  test('two installations may use the same id', async () => {
    const rig = await startRelayRig();
    const [one, other] = [await rig.enrol(), await rig.enrol()];
    expect((await one.submit(aRequest({ subject: 'one' }), 'm-1')).status).toBe(202);
    expect((await other.submit(aRequest({ subject: 'other' }), 'm-1')).status).toBe(202);
    expect(new Set((await rig.firstMails(2)).map((mail) => mail.subject))).toEqual(new Set(['one', 'other']));
  });

  test('ids are forgotten after 30 days, with everything that belongs to them', async () => {
    const rig = await startRelayRig();
    const client = await rig.enrol();
    await client.submit(aRequest(), 'm-1');
    await rig.firstMails(1);
    const day = 24 * 60 * 60_000;
    rig.clock.shiftMs += 29 * day;
    await rig.store.prune(rig.clock.now() - 30 * day, rig.clock.now());
    expect((await client.call({ path: '/v1/messages/m-1' })).status).toBe(200);
    rig.clock.shiftMs += 2 * day;
    expect(await rig.store.prune(rig.clock.now() - 30 * day, rig.clock.now())).toBe(1);
    expect((await client.call({ path: '/v1/messages/m-1' })).status).toBe(404);
  });
});

test('a service without a mail server keeps what it was given in its practice mailbox', async () => {
  const rig = await startRelayRig({ smtpUrl: 'practice:' });
  await vi.waitFor(async () => expect((await fetch(`${rig.url}/readyz`)).status).toBe(200));
  await (await rig.enrol()).submit(aRequest({ subject: 'practised' }));
  expect((await rig.firstMails(1)).map((mail) => mail.subject)).toEqual(['practised']);
});

describe('what a relayed mail bears', () => {
  test("the service's FROM, the record's Reply-To, the message's id, its thread, HTML and text", async () => {
    const rig = await startRelayRig();
    const client = await rig.enrol({ replyTo: 'admin@contoso.example' });
    await client.submit(aRequest({ threadId: 'm-0' }), 'm-1');
    const [mail] = await rig.firstMails(1);
    expect(mail?.from?.address).toBe('alerts@provider.example');
    expect(mail?.replyTo?.[0]?.address).toBe('admin@contoso.example');
    expect(mail?.messageId).toBe('<m-1@provider.example>');
    expect(header(mail, 'references')).toBe('<m-0@provider.example>');
    expect(header(mail, 'x-tocsin-id')).toBe('m-1');
    expect(mail?.html).toContain('<b>nearly</b>');
    expect(mail?.text).toContain('The disk is nearly full.');
  });

  test.each<[string, Record<string, unknown>, RegExp, RegExp]>([
    [
      'HTML alone',
      { text: null, html: '<h1>Disk</h1><p>91&nbsp;% &amp; rising<br>fast</p>' },
      /<h1>Disk<\/h1>/,
      /Disk\n+91 % & rising\nfast/,
    ],
    ['text alone', { html: null, text: 'a < b\n' }, /a &lt; b/, /a < b/],
    ['HTML that runs', { html: '<p onclick="x()">a<script>b()</script></p>' }, /<p>a<\/p>/, /nearly full/],
  ])('%s becomes HTML with a text alternative', async (_, given, html, text) => {
    const rig = await startRelayRig();
    await (await rig.enrol()).submit(aRequest(given));
    const [mail] = await rig.firstMails(1);
    expect(mail?.html).toMatch(html);
    expect(mail?.html).not.toMatch(/script|onclick/);
    expect(mail?.text).toMatch(text);
  });

  test('an SMS is a short plain text of its own behind the same id', async () => {
    const rig = await startRelayRig();
    const client = await rig.enrol();
    const answer = await client.submit(
      aRequest({ sms: ['5551234567@sms.example'], smsText: 'x'.repeat(200) }),
      'm-1',
    );
    expect(answer.body['id']).toBe('m-1');
    const mails = await rig.firstMails(2);
    const sms = mails.find((mail) => mail.to?.[0]?.address === '5551234567@sms.example');
    expect([sms?.html, sms?.text?.trim().length]).toEqual([undefined, 160]);
    const state = messageStateReply.parse((await client.call({ path: '/v1/messages/m-1' })).body);
    expect(state.recipients.map(({ channel, state }) => `${channel} ${state}`)).toEqual([
      'email accepted',
      'sms accepted',
    ]);
    expect(state.recipients[0]?.reply).toMatch(/^250/);
  });

  test('gzip is taken, with the digest of what went over the wire', async () => {
    const rig = await startRelayRig();
    const client = await rig.enrol();
    const answer = await client.call({
      path: '/v1/messages',
      id: 'm-1',
      body: gzipSync(JSON.stringify(aRequest())),
      headers: { 'content-encoding': 'gzip' },
    });
    expect(answer.status).toBe(202);
  });
});

describe('unsubscribing (RFC 8058)', () => {
  test('each recipient has an address of their own, whose POST ends mail to them and nobody else', async () => {
    const rig = await startRelayRig({ publicUrl: 'https://relay.example' });
    const client = await rig.enrol();
    await client.submit(aRequest({ to: ['a@contoso.example', 'b@contoso.example'] }), 'm-1');
    const mails = await rig.firstMails(2);
    const links = mails.map((mail) => String(header(mail, 'list-unsubscribe')).replace(/[<>\s]/g, ''));
    expect(new Set(links).size).toBe(2);
    expect(header(mails[0], 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    const local = String(links[0]).replace('https://relay.example', rig.url);

    expect((await fetch(local)).status).toBe(200);
    expect(await rig.store.suppressed(client.installationId)).toEqual([]);
    const forged = local.replace(/.$/, local.endsWith('A') ? 'Q' : 'A');
    expect((await fetch(forged, { method: 'POST' })).status).toBe(404);
    const done = await fetch(local, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    });
    expect(done.status).toBe(200);
    const [gone = ''] = await rig.store.suppressed(client.installationId);

    await client.submit(aRequest({ to: ['a@contoso.example', 'b@contoso.example'] }), 'm-2');
    expect(await rig.mailsWhen(3)).toHaveLength(3);
    const state = messageStateReply.parse((await client.call({ path: '/v1/messages/m-2' })).body);
    expect(state.recipients.find(({ address }) => address === gone)).toMatchObject({
      state: 'failed',
      code: 'recipient_unsubscribed',
    });
    expect(state.recipients.filter(({ state }) => state === 'accepted')).toHaveLength(1);
  });

  test('without a public https address there is no header', async () => {
    const rig = await startRelayRig();
    await (await rig.enrol()).submit(aRequest());
    expect(header((await rig.firstMails(1))[0], 'list-unsubscribe')).toBeUndefined();
  });
});

describe('what else the service answers', () => {
  test('every answer is as the contract has it', async () => {
    const rig = await startRelayRig();
    const publicKey = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
    const enrolled = await post(`${rig.url}/v1/enrolments`, {
      code: await rig.newCode(),
      name: 'n',
      publicKey,
    });
    expect(enrolmentReply.strict().parse(enrolled.body).from).toBe('alerts@provider.example');
    const client = await rig.enrol();
    const ask = async (path: string, body?: object) => (await client.call({ path, body })).body;
    installationReply.strict().parse(await ask('/v1/installation'));
    messageReply.strict().parse((await client.submit(aRequest(), 'm-1')).body);
    messageStateReply.strict().parse(await ask('/v1/messages/m-1'));
    const beat = { status: 'ok', alertsFiring: 0, outboxSize: 0, version: '0.1.0' };
    heartbeatReply.strict().parse(await ask('/v1/heartbeats', beat));
  });

  test('who the installation is, and what it may do', async () => {
    const rig = await startRelayRig();
    const client = await rig.enrol({ name: 'front desk', replyTo: 'admin@contoso.example' });
    const { status, body } = await client.call({ path: '/v1/installation' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: 'front desk',
      from: 'alerts@provider.example',
      alertFormat: 'html',
      replyTo: 'admin@contoso.example',
      subscription: { expiresAt: null },
      limits: { messagesPerHour: 200, messagesPerRecipientPerHour: 60 },
    });
  });

  test("another installation's message is not found", async () => {
    const rig = await startRelayRig();
    await (await rig.enrol()).submit(aRequest(), 'm-1');
    expect((await (await rig.enrol()).call({ path: '/v1/messages/m-1' })).status).toBe(404);
  });

  test('metrics count what was accepted, repeated and refused; the log holds no content', async () => {
    const rig = await startRelayRig();
    const client = await rig.enrol();
    await client.submit(aRequest(), 'm-1');
    await client.submit(aRequest(), 'm-1');
    await client.submit(aRequest({ to: [] }));
    await rig.firstMails(1);
    const text = await (await fetch(`${rig.url}/metrics`)).text();
    expect(text).toContain('tocsin_relay_accepted_total 1\n');
    expect(text).toContain('tocsin_relay_repeated_total 1\n');
    expect(text).toContain('tocsin_relay_refused_total{code="invalid_message"} 1\n');
    expect(text).toContain('tocsin_relay_deliveries_total{outcome="accepted"} 1\n');
    expect(rig.logged()).toContain('m-1');
    expect(rig.logged()).not.toMatch(/contoso|Disk|nearly|CODE-/);
  });

  test('silence is told to the operator once, and so is the return (B9)', async () => {
    // What looks for silence each second does so ten times a second.
    const rig = await startRelayRig({ operator: 'noc@provider.example', timersFaster: 10 });
    const client = await rig.enrol({ name: 'front desk' });
    const beat = { status: 'ok', alertsFiring: 0, outboxSize: 0, version: '0.1.0' };
    const answer = await client.call({ path: '/v1/heartbeats', body: beat });
    expect(answer).toMatchObject({ status: 200, body: { silentAfterSeconds: 600 } });
    rig.clock.shiftMs += 601_000;
    const [silent] = await rig.firstMails(1);
    expect(silent?.subject).toBe('[WARNING] front desk has fallen silent');
    await new Promise((resolve) => setTimeout(resolve, 220));
    expect(await rig.mails()).toHaveLength(1);
    await client.call({ path: '/v1/heartbeats', body: beat });
    const mails = await rig.firstMails(2);
    expect(mails[1]?.subject).toBe('RESOLVED front desk is back');
    expect(header(mails[1], 'references')).toBe(header(silent, 'references'));
  });
});
