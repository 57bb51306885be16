import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../../../../../shared/model/delivery.ts';
import { accepts, refusal, scriptedRelay, type ScriptedRelay } from '../../../../../fakes/scripted-relay.ts';

import { rigFor, said } from '../../../../../fakes/relay-outlet-rig.ts';

describe('one submission', () => {
  test('is accepted for all its recipients, with the id in the words of the log', async () => {
    const relay = await scriptedRelay([accepts]);
    const { send } = rigFor(relay.url);
    const [attempt, ...others] = await send({
      id: 'id-1',
      recipients: ['a@contoso.example', 'b@contoso.example'],
    });
    expect(others).toEqual([]);
    expect(attempt).toMatchObject({
      route: 'relay',
      server: { host: '127.0.0.1', security: 'none' },
      stage: 'accepted',
      reply: '202 Accepted as id-1',
      reason: 'SMTP override',
    });
    expect(attempt?.outcomes.map(({ address, verdict }) => `${address} ${verdict}`)).toEqual([
      'a@contoso.example accepted',
      'b@contoso.example accepted',
    ]);
    expect(relay.submissions()[0]).toMatchObject({ key: 'id-1', method: 'POST' });
  });

  type Row = readonly [rule: string, answers: ScriptedRelay['answers'], expected: string, way: string];
  const ROWS: readonly Row[] = [
    ['no answer in time: nobody knows', ['hang'], 'data relay_outcome_unknown unknown', 'down'],
    ['cut before the answer: nobody knows', ['cut'], 'data relay_outcome_unknown unknown', 'down'],
    ['cut inside the answer: nobody knows', ['cut-inside'], 'data relay_outcome_unknown unknown', 'down'],
    [
      '202 that cannot be read: nobody knows',
      [{ status: 202, text: 'fine' }],
      'data relay_outcome_unknown unknown',
      'down',
    ],
    [
      '202 for another id: nobody knows',
      [{ status: 202, body: { id: 'x', acceptedAt: '2026-01-05T08:00:00Z' } }],
      'data relay_outcome_unknown unknown',
      'ok',
    ],
    [
      'a proxy that lost the service: nobody knows',
      [{ status: 502, text: '<h1>Bad Gateway</h1>' }],
      'data relay_outcome_unknown unknown',
      'down',
    ],
    [
      'a redirect is not followed',
      [{ status: 302, text: '', headers: { location: 'http://127.0.0.1:1/' } }],
      'data relay_unreachable retry',
      'down',
    ],
    [
      'a page of something else',
      [{ status: 200, text: '<html>Log in to the hotel</html>' }],
      'data relay_unreachable retry',
      'down',
    ],
    [
      'an answer without end is cut',
      [{ status: 202, text: 'x'.repeat(2_000_000) }],
      'data relay_outcome_unknown unknown',
      'down',
    ],
    [
      'not ready: kept',
      [refusal(503, 'not_ready', {}, { 'retry-after': '10' })],
      'data relay_refused_not_ready retry',
      'down',
    ],
    ['a fault of the service: kept', [refusal(500, 'internal')], 'data relay_refused_internal retry', 'down'],
    [
      'quota: kept, and others may pass',
      [refusal(429, 'quota_exceeded', {}, { 'retry-after': '60' })],
      'data relay_refused_quota_exceeded retry',
      'ok',
    ],
    [
      'revoked: kept, and the way pauses',
      [refusal(401, 'signature_invalid', { serverTime: '2026-01-05T08:00:00Z' })],
      'auth relay_refused_signature_invalid retry',
      'paused',
    ],
    [
      'subscription ended: kept, and the way pauses',
      [refusal(403, 'subscription_expired', { expiresAt: '2026-01-01T00:00:00Z' })],
      'auth relay_refused_subscription_expired retry',
      'paused',
    ],
    [
      'another message by the same id: final',
      [refusal(409, 'idempotency_conflict')],
      'data relay_refused_idempotency_conflict rejected',
      'ok',
    ],
    [
      'malformed: final',
      [refusal(422, 'invalid_message')],
      'data relay_refused_invalid_message rejected',
      'ok',
    ],
    ['too large: final', [refusal(413, 'too_large')], 'data relay_refused_too_large rejected', 'ok'],
    [
      'asks for a file: final',
      [refusal(422, 'attachments_not_relayed')],
      'data relay_refused_attachments_not_relayed rejected',
      'ok',
    ],
  ];

  test.each(ROWS)('%s', async (_, answers, expected, way) => {
    const relay = await scriptedRelay(answers);
    const { outlet, send } = rigFor(relay.url, { wholeMs: answers[0] === 'hang' ? 200 : 4000 });
    expect(said(await send())).toEqual([expected]);
    expect(outlet.health()[0]?.state).toBe(way);
  });

  test('a name that there is not is said to be the fault', async () => {
    const { send } = rigFor('https://no-such-service.invalid');
    expect(said(await send())).toEqual(['dns relay_unreachable retry']);
  });

  test.each(['127.0.0.1', 'localhost', '[::1]'])(
    'a service that is not there, at %s: nothing was sent, and it is tried again',
    async (host) => {
      const { outlet, send } = rigFor(`http://${host}:1`);
      const [attempt] = await send();
      expect(said([attempt as Attempt])).toEqual(['connect relay_unreachable retry']);
      expect(attempt?.reason).toContain('SMTP override; the connection was refused (ECONNREFUSED)');
      expect(outlet.available(null)).toBe(false);
      expect(await send()).toEqual([]);
    },
  );

  test('is the same at every try: the same key, the same bytes, another nonce', async () => {
    const relay = await scriptedRelay(['cut', 'cut', accepts]);
    const { outlet, send } = rigFor(relay.url);
    const message = { id: 'id-7', text: 'Ärger\n', html: null, references: ['root@contoso.example'] };
    for (let tries = 0; tries < 3; tries += 1) {
      outlet.reset();
      await send(message);
    }
    const calls = relay.submissions();
    expect(calls).toHaveLength(3);
    expect(new Set(calls.map(({ key, body }) => `${key} ${body}`)).size).toBe(1);
    const nonces = calls.map(
      ({ headers }) => /nonce="([^"]+)"/.exec(String(headers['signature-input']))?.[1],
    );
    expect(new Set(nonces).size).toBe(3);
    expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({ threadId: 'root', text: 'Ärger\n' });
    expect(JSON.parse(calls[0]?.body ?? '').html).toContain('Ärger');
  });

  test('a connection that died while it lay idle is no fault: the call is made once more, signed anew', async () => {
    const relay = await scriptedRelay([accepts, 'cut', accepts]);
    const { send } = rigFor(relay.url);
    expect(said(await send({ id: 'first' }))).toEqual(['accepted - accepted']);
    // The connection is kept, and closed by the service at the very moment of the next call.
    expect(said(await send({ id: 'second' }))).toEqual(['accepted - accepted']);
    expect(relay.submissions().map(({ key, connection }) => `${key} ${connection}`)).toEqual([
      'first 1',
      'second 1',
      'second 2',
    ]);
  });
});

describe('what a message becomes', () => {
  test('an SMS goes by the service too: to the gateways, with the short text', async () => {
    const relay = await scriptedRelay([accepts]);
    const { send } = rigFor(relay.url);
    await send({ channel: 'sms', html: null, text: 'CRITICAL front-desk', recipients: ['555@sms.example'] });
    expect(JSON.parse(relay.submissions()[0]?.body ?? '')).toMatchObject({
      to: [],
      sms: ['555@sms.example'],
      smsText: 'CRITICAL front-desk',
      html: null,
      text: null,
    });
  });

  test('a file alert or an attachment is refused without a call', async () => {
    const relay = await scriptedRelay([accepts]);
    const { send } = rigFor(relay.url);
    const attached = await send({ attachments: [{ name: 'a.txt', sizeBytes: 1 }] });
    expect(said([...(await send({ kind: 'file-alert' })), ...attached])).toEqual(
      Array.from({ length: 2 }, () => 'route relay_refused_attachments_not_relayed rejected'),
    );
    expect(relay.calls).toEqual([]);
  });

  test('more recipients than one call takes go in several, each with a key of its own', async () => {
    const relay = await scriptedRelay([accepts]);
    const { send } = rigFor(relay.url);
    const recipients = Array.from({ length: 150 }, (_, index) => `r${index}@contoso.example`);
    const attempts = await send({ id: 'many', recipients });
    expect(attempts.map(({ outcomes }) => outcomes.length)).toEqual([100, 50]);
    expect(relay.submissions().map(({ key }) => key)).toEqual(['many', 'many.p2']);
  });

  test('sent again after an acceptance, those it is for get a new key', async () => {
    const relay = await scriptedRelay([accepts]);
    const recipients = ['a@contoso.example', 'b@contoso.example'];
    const { send } = rigFor(relay.url, { earlier: [recipients] });
    await send({ id: 'again', recipients }, { recipients: ['b@contoso.example'] });
    await send({ id: 'again', recipients }, { recipients: ['b@contoso.example'] });
    const keys = relay.submissions().map(({ key }) => key);
    expect(keys[0]).toMatch(/^again\.2\.[0-9a-f]{8}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  test('a key that was written down with its recipients is used as it is', async () => {
    const relay = await scriptedRelay([accepts]);
    const { send } = rigFor(relay.url);
    const recipients = ['a@contoso.example', 'b@contoso.example'];
    await send(
      { id: 'id-1', route: 'smtp', recipients },
      { recipients: ['b@contoso.example'], submissionKey: 'id-1.2' },
    );
    expect(relay.submissions()[0]?.key).toBe('id-1.2');
    expect(JSON.parse(relay.submissions()[0]?.body ?? '')).toMatchObject({ to: ['b@contoso.example'] });
  });
});
