import { generateKeyPairSync } from 'node:crypto';
import { type Answer, type Call, createRelayClient, type RelayClient } from '../../fakes/relay-client.ts';
import { aRequest, type RelayRig } from '../../fakes/relay-rig.ts';

/** Every call of the Web Service that only an enrolled installation may make. */
export const RELAY_CALLS: readonly Call[] = [
  { method: 'GET', path: '/v1/installation' },
  { method: 'POST', path: '/v1/messages', body: aRequest(), id: 'stranger' },
  { method: 'GET', path: '/v1/messages/of-another' },
  {
    method: 'POST',
    path: '/v1/heartbeats',
    body: { status: 'ok', alertsFiring: 0, outboxSize: 0, version: '1' },
  },
];

interface Parties {
  readonly rig: RelayRig;
  readonly client: RelayClient;
  /** Enrolled, and revoked since. */
  readonly revoked: RelayClient;
}

type Ask = (parties: Parties, call: Call) => Promise<Answer>;

const altered =
  (change: Partial<Call>): Ask =>
  ({ client }, call) =>
    client.call({ ...call, ...change });

/** Who should not be let in, and how they call. */
export const RELAY_STRANGERS: readonly (readonly [who: string, ask: Ask])[] = [
  ['nobody’s signature', altered({ headers: { signature: null, 'signature-input': null } })],
  ['a signature without its description', altered({ headers: { 'signature-input': null } })],
  ['a made-up signature', altered({ headers: { signature: 'sig=:AAAA:' } })],
  ['signed for another service', altered({ targetUri: 'https://other.example/v1/installation' })],
  [
    'a clock that is behind',
    ({ client, rig }, call) => client.call({ ...call, now: rig.clock.now() - 302_000 }),
  ],
  [
    'a clock that is ahead',
    ({ client, rig }, call) => client.call({ ...call, now: rig.clock.now() + 302_000 }),
  ],
  [
    'a nonce for the second time',
    async ({ client }, call) => {
      const nonce = `twice ${call.method} ${call.path}`;
      await client.call({ method: 'GET', path: '/v1/installation', nonce });
      return client.call({ ...call, nonce });
    },
  ],
  [
    'the key id with another key',
    ({ client, rig }, call) => {
      const key = { keyId: client.keyId, privateKey: generateKeyPairSync('ed25519').privateKey };
      return createRelayClient(rig.url, key, client.installationId, () => rig.clock.now()).call(call);
    },
  ],
  [
    'a key that nobody enrolled',
    ({ rig }, call) => {
      const key = { keyId: 'unknown', privateKey: generateKeyPairSync('ed25519').privateKey };
      return createRelayClient(rig.url, key, '', () => rig.clock.now()).call(call);
    },
  ],
  ['an installation that was revoked', ({ revoked }, call) => revoked.call(call)],
];
