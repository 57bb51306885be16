import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aRequest, type RelayRig, startRelayRig } from '../../fakes/relay-rig.ts';
import { endOfFile } from '../../fakes/scratch-dir.ts';

import { REFUSALS } from './refusal-rows.ts';

describe('refusals, over HTTP', () => {
  // One service for all of them, and for each an installation of its own.
  const { atEnd, end } = endOfFile();
  let rig: RelayRig;
  beforeAll(async () => {
    rig = await startRelayRig({ quotas: { messagesPerHour: 5, messagesPerRecipientPerHour: 3 }, atEnd });
  });
  afterAll(end);

  test.each(REFUSALS)('$rule: $status $code', async ({ status, code, ask }) => {
    const client = await rig.enrol();
    const answer = await ask(client, rig);
    expect(answer.body).toMatchObject({ status, code });
    expect(answer.status).toBe(status);
  });

  test('a mail server that does not answer: 503 not_ready with Retry-After, and not ready', async () => {
    const rig = await startRelayRig({ smtpUrl: 'smtp://127.0.0.1:1' });
    const answer = await (await rig.enrol()).submit(aRequest());
    expect(answer).toMatchObject({ status: 503, body: { code: 'not_ready' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const ready = await fetch(`${rig.url}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([503, { store: true, outlet: false }]);
    expect((await fetch(`${rig.url}/healthz`)).status).toBe(200);
  });

  test('each fault is named with its path, and the answer is a problem document', async () => {
    const rig = await startRelayRig();
    const client = await rig.enrol();
    const answer = await client.submit({ kind: 'x', subject: 7, to: ['a@b.example', 'bad'], bcc: [] });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const faults = answer.body['faults'] as { path: string }[];
    expect(faults.map((fault) => fault.path).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'bcc',
      'kind',
      'subject',
      'to[1]',
    ]);
  });

  test('the answers say what the caller needs: server time, end of the subscription, when to come back', async () => {
    const rig = await startRelayRig({ quotas: { messagesPerHour: 1, messagesPerRecipientPerHour: 1 } });
    const client = await rig.enrol();
    const skew = await client.call({ path: '/v1/installation', now: 0 });
    expect(Date.parse(String(skew.body['serverTime']))).toBeCloseTo(rig.clock.now(), -4);
    const expiresAt = rig.clock.now() - 1000;
    const ended = await (await rig.enrol({ expiresAt })).submit(aRequest());
    expect(ended.body['expiresAt']).toBe(new Date(expiresAt).toISOString());
    await client.submit(aRequest());
    const quota = await client.submit(aRequest());
    const waitSeconds = Number(quota.headers.get('retry-after'));
    expect(waitSeconds).toBeGreaterThan(3000);
    rig.clock.shiftMs += waitSeconds * 1000;
    expect((await client.submit(aRequest())).status).toBe(202);
  });
});
