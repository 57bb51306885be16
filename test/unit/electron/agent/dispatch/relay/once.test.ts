import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createRelayClient } from '../../../../../../electron/agent/dispatch/relay/client.ts';
import { enrol } from '../../../../../../electron/agent/dispatch/relay/enrol.ts';
import { privateKeyOf, readEnrolment } from '../../../../../../electron/agent/dispatch/relay/enrolment.ts';
import { createRelayOutlet } from '../../../../../../electron/agent/dispatch/relay/relay-outlet.ts';
import { createKeyFileSecretStore } from '../../../../../../electron/agent/settings/secret-store.ts';
import { systemClock, systemRandom } from '../../../../../../mail/platform/clock.ts';
import { type Cut, startCuttingProxy } from '../../../../../fakes/cutting-proxy.ts';
import { aMessage } from '../../../../../fakes/messages.ts';
import { startRelayRig } from '../../../../../fakes/relay-rig.ts';
import { scratchDir } from '../../../../../fakes/scratch-dir.ts';

const MESSAGES = 40;
const CUTS: readonly Cut[] = ['request', 'answer', 'inside', 'nowhere'];

test('whatever is cut on the way, and however often, the service mails each message once', {
  timeout: 60_000,
}, async () => {
  const quotas = { messagesPerHour: 10_000, messagesPerRecipientPerHour: 10_000 };
  const rig = await startRelayRig({ quotas });
  const dir = scratchDir();
  const secrets = createKeyFileSecretStore({
    secretsPath: join(dir, 'secrets.json'),
    keyPath: join(dir, 'key'),
  });
  const relayPath = join(dir, 'relay.json');
  const parts = { relayPath, secrets, clock: systemClock, random: systemRandom };
  await enrol({ code: await rig.newCode(), url: rig.url, ca: null, name: 'front-desk' }, parts);
  const read = readEnrolment(relayPath);
  if (read.kind !== 'enrolled') throw new Error('not enrolled');
  const privateKey = privateKeyOf(secrets, read.enrolment);
  if (privateKey === null) throw new Error('no key');

  const cuts = new Map<Cut, number>();
  const proxy = await startCuttingProxy(Number(new URL(rig.url).port), () => {
    const cut = CUTS[Math.floor(Math.random() * CUTS.length)] ?? 'nowhere';
    cuts.set(cut, (cuts.get(cut) ?? 0) + 1);
    return cut;
  });
  onTestFinished(proxy.close);
  const client = createRelayClient({
    ...parts,
    url: `http://127.0.0.1:${proxy.port}`,
    ca: null,
    key: { keyId: read.enrolment.keyId, privateKey },
    limits: { connectMs: 2000, wholeMs: 2000 },
  });
  const outlet = createRelayOutlet({
    ...parts,
    client,
    earlier: () => [],
    onAvailable: () => {},
    onAnswer: () => {},
  });
  onTestFinished(() => outlet.close());

  const verdicts = new Set<string>();
  for (let number = 1; number <= MESSAGES; number += 1) {
    const message = aMessage({ id: `message-${number}`, route: 'relay' });
    for (let isAccepted = false; !isAccepted; ) {
      outlet.reset();
      const request = { message, recipients: message.recipients, pinnedServer: null, attachments: [] };
      const verdict = (await outlet.send(request))[0]?.outcomes[0]?.verdict ?? 'none';
      verdicts.add(verdict);
      isAccepted = verdict === 'accepted';
    }
  }
  const ids = (await rig.mailsWhen(MESSAGES)).map((mail) => mail.messageId?.split('@')[0]);
  expect(ids).toHaveLength(MESSAGES);
  expect(new Set(ids).size).toBe(MESSAGES);
  // The test would show nothing if nothing had been cut.
  expect(CUTS.every((cut) => (cuts.get(cut) ?? 0) > MESSAGES / 10)).toBe(true);
  expect(verdicts).toContain('unknown');
});
