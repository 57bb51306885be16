import { generateKeyPairSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { type Call, createRelayClient, post, type RelayClient } from '../../fakes/relay-client.ts';
import { aRequest, type RelayRig } from '../../fakes/relay-rig.ts';

const MIB = 1024 * 1024;
const MESSAGES = '/v1/messages';

/** A refusal: what is asked, and what is answered. */
export interface RefusalRow {
  readonly rule: string;
  readonly status: number;
  readonly code: string;
  readonly ask: (
    client: RelayClient,
    rig: RelayRig,
  ) => Promise<{ status: number; body: Record<string, unknown> }>;
}

const altered = (change: Omit<Call, 'path'>) => (client: RelayClient) =>
  client.call({ path: MESSAGES, body: aRequest(), id: 'm-1', ...change });
const submitting = (given: Record<string, unknown>) => (client: RelayClient) =>
  client.submit(aRequest(given));

/** Every row of the contract's refusal table, and what belongs to each. */
export const REFUSALS: readonly RefusalRow[] = [
  {
    rule: 'not signed',
    status: 401,
    code: 'signature_invalid',
    ask: (_, rig) => post(`${rig.url}${MESSAGES}`, aRequest()),
  },
  {
    rule: 'another body than was signed',
    status: 401,
    code: 'signature_invalid',
    ask: altered({ sentBody: '{}' }),
  },
  {
    rule: 'another digest than was signed',
    status: 401,
    code: 'signature_invalid',
    ask: altered({ headers: { 'content-digest': 'sha-256=:AAAA:' } }),
  },
  {
    rule: 'no digest',
    status: 401,
    code: 'signature_invalid',
    ask: altered({ headers: { 'content-digest': null } }),
  },
  {
    rule: 'another idempotency key than was signed',
    status: 401,
    code: 'signature_invalid',
    ask: altered({ headers: { 'idempotency-key': 'm-2' } }),
  },
  {
    rule: 'an idempotency key that was not signed',
    status: 401,
    code: 'signature_invalid',
    ask: (client) => client.call({ path: MESSAGES, body: aRequest(), headers: { 'idempotency-key': 'm-2' } }),
  },
  {
    rule: 'signed for another service',
    status: 401,
    code: 'signature_invalid',
    ask: altered({ targetUri: 'https://other.example/v1/messages' }),
  },
  {
    rule: 'signed for another call',
    status: 401,
    code: 'signature_invalid',
    ask: (client, rig) => client.call({ path: '/v1/installation', targetUri: `${rig.url}/v1/messages/x` }),
  },
  {
    rule: 'another key',
    status: 401,
    code: 'signature_invalid',
    ask: (client, rig) => {
      const key = { keyId: client.keyId, privateKey: generateKeyPairSync('ed25519').privateKey };
      return createRelayClient(rig.url, key, '', () => rig.clock.now()).submit(aRequest());
    },
  },
  {
    rule: 'a nonce for the second time',
    status: 401,
    code: 'signature_invalid',
    ask: async (client) => {
      await client.call({ path: '/v1/installation', nonce: 'same' });
      return client.call({ path: '/v1/installation', nonce: 'same' });
    },
  },
  {
    rule: 'revoked',
    status: 401,
    code: 'signature_invalid',
    ask: async (client, rig) => {
      await rig.store.revoke(client.installationId, rig.clock.now());
      return client.submit(aRequest());
    },
  },
  {
    rule: 'a clock 301 s behind',
    status: 401,
    code: 'clock_skew',
    ask: (client, rig) => client.call({ path: '/v1/installation', now: rig.clock.now() - 302_000 }),
  },
  {
    rule: 'a clock 301 s ahead',
    status: 401,
    code: 'clock_skew',
    ask: (client, rig) => client.call({ path: '/v1/installation', now: rig.clock.now() + 302_000 }),
  },
  {
    rule: 'an unknown code',
    status: 403,
    code: 'enrolment_refused',
    ask: (_, rig) => enrolment(rig, 'NOBODY'),
  },
  {
    rule: 'a code for the second time',
    status: 403,
    code: 'enrolment_refused',
    ask: async (_, rig) => {
      const code = await rig.newCode();
      expect((await enrolment(rig, code)).status).toBe(201);
      return enrolment(rig, code);
    },
  },
  {
    rule: 'an expired code',
    status: 403,
    code: 'enrolment_refused',
    ask: async (_, rig) => {
      const code = await rig.newCode();
      rig.clock.shiftMs += 15 * 60_000 + 1;
      return enrolment(rig, code);
    },
  },
  {
    rule: 'the subscription ended',
    status: 403,
    code: 'subscription_expired',
    ask: async (_, rig) => (await rig.enrol({ expiresAt: rig.clock.now() - 1 })).submit(aRequest()),
  },
  {
    rule: 'kind file-alert',
    status: 422,
    code: 'attachments_not_relayed',
    ask: submitting({ kind: 'file-alert' }),
  },
  {
    rule: 'attachments',
    status: 422,
    code: 'attachments_not_relayed',
    ask: submitting({ attachments: [{ filename: 'a', content: 'b' }] }),
  },
  {
    rule: 'an empty list of attachments',
    status: 422,
    code: 'attachments_not_relayed',
    ask: submitting({ attachments: [] }),
  },
  {
    rule: 'a cid: picture',
    status: 422,
    code: 'attachments_not_relayed',
    ask: submitting({ html: '<img src="cid:logo">' }),
  },
  {
    rule: 'a data: picture',
    status: 422,
    code: 'attachments_not_relayed',
    ask: submitting({ html: '<img src=DATA:image/png;base64,AAAA>' }),
  },
  {
    rule: 'a data: picture in a style',
    status: 422,
    code: 'attachments_not_relayed',
    ask: submitting({ html: '<p style="background:url( data:image/png,x)">' }),
  },
  {
    rule: 'a data: picture in disguise',
    status: 422,
    code: 'attachments_not_relayed',
    ask: submitting({ html: '<img src="&#100;ata:image/png,x">' }),
  },
  ...['from', 'sender', 'replyTo', 'reply-to', 'bcc', 'cc', 'headers', 'colour'].map((key) => ({
    rule: `the key ${key}`,
    status: 422,
    code: 'invalid_message',
    ask: submitting({ [key]: 'x@y.example' }),
  })),
  {
    rule: 'a bad address',
    status: 422,
    code: 'invalid_message',
    ask: submitting({ to: ['a@b.example', 'b@x>\r\nRCPT TO:<evil@x'] }),
  },
  {
    rule: 'a line break in the subject',
    status: 422,
    code: 'invalid_message',
    ask: submitting({ subject: 'a\r\nBcc: evil@x.example' }),
  },
  { rule: 'nobody to send it to', status: 422, code: 'invalid_message', ask: submitting({ to: [] }) },
  { rule: 'nothing to say', status: 422, code: 'invalid_message', ask: submitting({ html: null, text: '' }) },
  {
    rule: 'no idempotency key',
    status: 422,
    code: 'invalid_message',
    ask: (client) => client.call({ path: MESSAGES, body: aRequest() }),
  },
  {
    rule: 'an idempotency key that is no id',
    status: 422,
    code: 'invalid_message',
    ask: (client) => client.submit(aRequest(), 'a b/c'),
  },
  {
    rule: 'no JSON',
    status: 422,
    code: 'invalid_message',
    ask: (client) => client.call({ path: MESSAGES, body: '{', id: 'm-1' }),
  },
  {
    rule: 'a list',
    status: 422,
    code: 'invalid_message',
    ask: (client) => client.call({ path: MESSAGES, body: [], id: 'm-1' }),
  },
  {
    rule: 'a public key that is none',
    status: 422,
    code: 'invalid_message',
    ask: (_, rig) => post(`${rig.url}/v1/enrolments`, { code: 'X', name: 'n', publicKey: 'x' }),
  },
  { rule: 'a body over 1 MiB', status: 413, code: 'too_large', ask: submitting({ text: 'x'.repeat(MIB) }) },
  {
    rule: 'a body over 1 MiB after inflating',
    status: 413,
    code: 'too_large',
    ask: (client) => {
      const body = gzipSync(JSON.stringify(aRequest({ text: 'x'.repeat(MIB) })));
      return client.call({ path: MESSAGES, body, id: 'm-1', headers: { 'content-encoding': 'gzip' } });
    },
  },
  {
    rule: 'the quota of the recipient is used up',
    status: 429,
    code: 'quota_exceeded',
    ask: async (client) => {
      for (let n = 0; n < 3; n++) expect((await client.submit(aRequest())).status).toBe(202);
      return client.submit(aRequest());
    },
  },
  {
    rule: 'the quota of the installation is used up',
    status: 429,
    code: 'quota_exceeded',
    ask: async (client) => {
      for (let n = 0; n < 5; n++)
        expect((await client.submit(aRequest({ to: [`n${n}@x.example`] }))).status).toBe(202);
      return client.submit(aRequest({ to: ['n6@x.example'] }));
    },
  },
];

function enrolment(rig: RelayRig, code: string) {
  const publicKey = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  return post(`${rig.url}/v1/enrolments`, { code, name: 'n', publicKey });
}
