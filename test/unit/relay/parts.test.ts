import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseSmtpUrl } from '../../../relay/delivery/smtp-url.ts';
import { createUnsubscribeLinks } from '../../../relay/delivery/unsubscribe-link.ts';
import { hashCode, newCode } from '../../../relay/enrolment-code.ts';
import { silentAfterSeconds } from '../../../relay/heartbeat.ts';
import { createNonces } from '../../../relay/http/nonces.ts';
import { targetUris } from '../../../relay/http/target-uri.ts';
import { formerOutboxId, outboxId, submissionOf } from '../../../relay/store/outbox-id.ts';
import { RELAY_SCHEMA } from '../../../relay/store/relay-schema.ts';
import { createHourlyQuota } from '../../../relay/store/hourly-quota.ts';
import { openStore } from '../../../mail/store.ts';
import { asksForAttachment, isMessageId } from '../../../shared/contract/relay-api.ts';

describe('what asks for an attachment', () => {
  test.each<[unknown, boolean]>([
    [{ kind: 'alert', html: '<p>data: 5 GB, cid: 7</p>' }, false],
    [{ kind: 'alert', html: '<a href="https://x.example/?u=data:x">a</a>' }, false],
    [{ kind: 'alert', html: '<p style="background:url(cid:x)">' }, true],
    [{ kind: 'alert', html: `<img src='  cid:x'>` }, true],
    [{ kind: 'alert', html: '<img src="da\nta:x">' }, true],
    [{ kind: 'alert', html: '<img src=data&colon;x>' }, true],
    [{ kind: 'alert', files: [] }, true],
    [{ kind: 'file-alert' }, true],
    [null, false],
    ['text', false],
  ])('%j: %s', (document, asks) => {
    expect(asksForAttachment(document)).toBe(asks);
  });

  test('long nonsense is read in no time', () => {
    const html = `${'="'.repeat(100_000)}${'=  '.repeat(100_000)}cid data ${'url('.repeat(50_000)}`;
    const started = performance.now();
    asksForAttachment({ html });
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

test.each<[string, boolean]>([
  ['0198c0de-0000-7000-8000-000000000001', true],
  ['m-1', true],
  ['a'.repeat(128), true],
  ['a'.repeat(129), false],
  ['', false],
  ['.a', false],
  ['a..b', false],
  ['a.', false],
  ['a b', false],
  ['a@b', false],
  ['a/b', false],
])('%j as an id: %s', (id, fits) => {
  expect(isMessageId(id)).toBe(fits);
});

describe('--smtp-url', () => {
  test.each<[string, object]>([
    ['practice:', { kind: 'practice' }],
    [
      'smtp://mail.x.example',
      { server: { host: 'mail.x.example', port: 25, security: 'none', auth: { method: 'none' } } },
    ],
    ['smtp://mail.x.example?starttls', { server: { port: 587, security: 'starttls' } }],
    ['smtps://mail.x.example', { server: { port: 465, security: 'tls' } }],
    [
      'smtp://u%40x:p%3A%2Fw@h.example:2525',
      { server: { port: 2525, auth: { method: 'password', user: 'u@x', password: 'p:/w' } } },
    ],
    ['smtp://[::1]:25', { server: { host: '::1' } }],
  ])('%s', (text, value) => {
    expect(parseSmtpUrl(text)).toMatchObject({ ok: true, value });
  });

  test.each([
    '',
    'mail.x.example',
    'http://x.example',
    'smtps://x.example?starttls',
    'smtp://x.example/path',
    'smtp://x.example?tls',
    'smtp://u%:p@x.example',
    'smtp://x.example?ca=/nowhere',
  ])('%j is refused without repeating it', (text) => {
    const parsed = parseSmtpUrl(text);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.message).not.toContain('u%:p');
  });
});

describe('the address a request was signed for', () => {
  const address = { path: '/v1/x?y', protocol: 'http', remoteAddress: '127.0.0.1' };
  test.each<[string | null, string, string | undefined, string[]]>([
    [null, '10.0.0.1:8025', '10.0.0.9', ['http://10.0.0.1:8025/v1/x?y']],
    ['https://r.example', 'r.example', '127.0.0.1', ['https://r.example/v1/x?y']],
    ['https://r.example/tocsin/', 'r.example', '127.0.0.1', ['https://r.example/tocsin/v1/x?y']],
    [
      'https://r.example',
      '127.0.0.1:8025',
      '127.0.0.1',
      ['https://r.example/v1/x?y', 'http://127.0.0.1:8025/v1/x?y'],
    ],
    ['https://r.example', 'localhost:8025', '10.0.0.9', ['https://r.example/v1/x?y']],
    ['https://r.example', 'evil.example', '127.0.0.1', ['https://r.example/v1/x?y']],
  ])('public %s, host %s, from %s', (publicUrl, host, remoteAddress, uris) => {
    expect(targetUris(publicUrl, { ...address, host, remoteAddress })).toEqual(uris);
  });
});

test.each([
  [1, 10],
  [60, 600],
  [61, 601],
  [600, 1200],
  [3600, 7200],
])('a sign of life every %i s: silent after %i s', (every, silent) => {
  expect(silentAfterSeconds(every)).toBe(silent);
});

test('a nonce counts once for each key, for as long as it matters, whatever the clock does', () => {
  const nonces = createNonces(600_000);
  expect(nonces.use('k', 'n', 0)).toBe(true);
  expect(nonces.use('k', 'n', 600_000)).toBe(false);
  expect(nonces.use('other', 'n', 600_000)).toBe(true);
  expect(nonces.use('k', 'n2', 1_000_000_000)).toBe(true);
  expect(nonces.use('k', 'n2', 1_000_000)).toBe(false);
  expect(nonces.use('k', 'n', 3_000_000_000)).toBe(true);
});

test('codes differ, and are read whatever blanks, case and look-alikes make of them', () => {
  const code = newCode();
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}$/);
  expect(newCode()).not.toBe(code);
  expect(hashCode(code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l'))).toBe(
    hashCode(code),
  );
});

test('an unsubscribe address proves itself, and only with the secret it was made with', () => {
  const links = createUnsubscribeLinks('https://r.example', Buffer.alloc(32, 1));
  const who = { installationId: 'i', address: 'a@b.example' };
  const token = String(links.urlOf(who)).split('/').at(-1) ?? '';
  expect(links.read(token)).toEqual(who);
  expect(createUnsubscribeLinks('https://r.example', Buffer.alloc(32, 2)).read(token)).toBeNull();
  expect(links.read('')).toBeNull();
  expect(createUnsubscribeLinks('http://r.example', Buffer.alloc(32, 1)).urlOf(who)).toBeNull();
});

test('an hour is the last sixty minutes, and the wait ends when one more fits', () => {
  const opened = openStore(':memory:', { schemas: [RELAY_SCHEMA] });
  if (!opened.ok) throw new Error(opened.error.message);
  const quota = createHourlyQuota(opened.value);
  const minute = 60_000;
  for (const at of [0, 0, 30, 30]) quota.count('s', at * minute);
  expect(quota.waitSeconds('s', 5, 31 * minute)).toBe(0);
  expect(quota.waitSeconds('s', 4, 31 * minute)).toBe(29 * 60);
  expect(quota.waitSeconds('s', 2, 31 * minute)).toBe(59 * 60);
  expect(quota.waitSeconds('other', 1, 31 * minute)).toBe(0);
  expect(quota.waitSeconds('s', 4, 60 * minute)).toBe(0);
  quota.prune(100 * minute);
  expect(opened.value.all('SELECT * FROM quota_use')).toEqual([]);
});

test('what an earlier version accepted is known after its file was brought up to date', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'tocsin-relay-schema-')), 'relay.db');
  const earlier = openStore(path, { schemas: [{ part: 'relay', steps: RELAY_SCHEMA.steps.slice(0, 1) }] });
  if (!earlier.ok) throw new Error(earlier.error.message);
  earlier.value.transaction(() => {
    earlier.value.run(
      "INSERT INTO installation (id, name, created_at) VALUES ('i', 'one', 1), ('j', 'other', 1)",
    );
    earlier.value.run("INSERT INTO submission VALUES ('i', 'm-1', 'hash', 5), ('j', 'm-1', 'another', 6)");
  });
  earlier.value.close();
  const now = openStore(path, { schemas: [RELAY_SCHEMA] });
  if (!now.ok) throw new Error(now.error.message);
  const rows = now.value.all(
    'SELECT installation_id, id, body_hash, accepted_at FROM submission ORDER BY accepted_at',
  );
  now.value.close();
  await rm(dirname(path), { recursive: true });
  expect(rows.map((row) => Object.values(row))).toEqual([
    ['i', 'm-1', 'hash', 5],
    ['j', 'm-1', 'another', 6],
  ]);
});

describe('the name of a relayed message in the outbox', () => {
  const submission = {
    installationId: '0198c0de-0000-7000-8000-000000000001',
    id: 'm-1',
    channel: 'sms',
  } as const;

  test.each([outboxId, formerOutboxId])('is read as it was made: %o', (name) => {
    for (const id of ['m-1', 'email', 'sms'])
      expect(submissionOf(name({ ...submission, id }))).toEqual({ ...submission, id });
  });

  test.each(['0198c0de', 'a/b', 'a/b/c', 'a/b/email/c', ''])(
    'is not what the service mails itself: %j',
    (id) => {
      expect(submissionOf(id)).toBeNull();
    },
  );
});
