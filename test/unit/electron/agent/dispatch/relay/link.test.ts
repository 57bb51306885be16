import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type RelayLink } from '../../../../../../electron/agent/dispatch/relay/link.ts';
import type { Enrolment } from '../../../../../../electron/agent/dispatch/relay/enrolment.ts';
import { makeCertificates } from '../../../../../fakes/certificates.ts';
import { aMessage } from '../../../../../fakes/messages.ts';
import { startRelayRig } from '../../../../../fakes/relay-rig.ts';
import { scratchDir } from '../../../../../fakes/scratch-dir.ts';
import { scriptedRelay } from '../../../../../fakes/scripted-relay.ts';
import { ScriptedSmtpServer } from '../../../../../fakes/scripted-smtp-server.ts';

import { FASTER, linkOn, stateOf, until } from '../../../../../fakes/link-rig.ts';

const DAY = 24 * 3_600_000;
const ADMIN = 'admin@contoso.example';

describe('enrolling', () => {
  test('what waited leaves at once, from the service, as HTML with text', async () => {
    const rig = await startRelayRig();
    const setting = await linkOn(rig);
    setting.queue({ id: 'waits', html: null, text: 'Plain words.\n' });
    expect(setting.log.find('waits')?.attempts[0]?.reason).toBe(
      'SMTP override: this computer is not enrolled with a Tocsin Web Service; it is kept',
    );
    const code = await rig.newCode({ expiresAt: rig.clock.now() + 400 * DAY });
    const reply = await setting.enrol(code, rig.url);
    expect(reply).toMatchObject({ outcome: 'enrolled', from: expect.stringContaining('@') });
    const [mail] = await rig.firstMails(1);
    expect(mail?.from?.address).toBe(reply.outcome === 'enrolled' ? reply.from : '');
    expect([mail?.html, mail?.text]).toEqual([
      expect.stringContaining('Plain words.'),
      expect.stringContaining('Plain words.'),
    ]);
    await until(() => stateOf(setting, 'waits')?.status === 'accepted');
    expect(setting.link.get()).toMatchObject({
      enrolled: true,
      url: rig.url,
      subscription: { state: 'valid' },
    });
  });

  test('no private key stands in the clear, and only one is kept', async () => {
    const rig = await startRelayRig();
    const setting = await linkOn(rig);
    await setting.enrol(await rig.newCode(), rig.url);
    const kept = readFileSync(join(setting.dir, 'relay.json'), 'utf8');
    expect(kept).not.toMatch(/PRIVATE|"d"/);
    await setting.enrol(await rig.newCode(), rig.url);
    await setting.enrol('wrong', rig.url);
    const secrets = JSON.parse(readFileSync(join(setting.dir, 'secrets.json'), 'utf8')) as {
      secrets: object;
    };
    expect(Object.keys(secrets.secrets)).toHaveLength(1);
  });

  test('it survives a restart', async () => {
    const rig = await startRelayRig();
    const first = await linkOn(rig);
    await first.enrol(await rig.newCode(), rig.url);
    await first.link.close();
    const again = await linkOn(rig, first.dir);
    again.queue({ id: 'after' });
    await until(() => stateOf(again, 'after')?.status === 'accepted');
  });

  test.each([
    ['a code that nobody gave', 'wrong', null, 'relay_refused_enrolment_refused', /new one/],
    ['plain http elsewhere', 'code', 'http://relay.example', 'settings_invalid', /must begin with https/],
    ['nobody there', 'code', 'http://127.0.0.1:1', 'relay_unreachable', /code was not used/],
  ])('%s is refused in words, and the enrolment before stands', async (_, code, url, expected, words) => {
    const rig = await startRelayRig();
    const setting = await linkOn(rig);
    await setting.enrol(await rig.newCode(), rig.url);
    const keyId = () =>
      (JSON.parse(readFileSync(join(setting.dir, 'relay.json'), 'utf8')) as Enrolment).keyId;
    const before = keyId();
    const reply = await setting.enrol(code, url ?? rig.url);
    expect(reply).toMatchObject({
      outcome: 'refused',
      code: expected,
      sentence: expect.stringMatching(words),
    });
    expect(keyId()).toBe(before);
    expect(setting.link.isUsable()).toBe(true);
  });

  test('an answer that was lost: it is said that the code may be used up, and a new one mends it', async () => {
    const rig = await startRelayRig();
    const setting = await linkOn(rig);
    const lossy = await scriptedRelay(['cut']);
    const lost = await setting.enrol('CODE', lossy.url);
    expect(lost).toMatchObject({
      code: 'relay_outcome_unknown',
      sentence: expect.stringContaining('may be used up'),
    });
    expect(existsSync(join(setting.dir, 'relay.json'))).toBe(false);
    expect(await setting.enrol(await rig.newCode(), rig.url)).toMatchObject({ outcome: 'enrolled' });
  });

  test('a damaged enrolment is said, kept beside the new one, and mended by enrolling', async () => {
    const rig = await startRelayRig();
    const dir = scratchDir();
    writeFileSync(join(dir, 'relay.json'), '{"version": 1, "url":');
    const setting = await linkOn(rig, dir);
    expect(setting.link.routeStatus()[0]).toMatchObject({
      state: 'not-set-up',
      detail: expect.stringContaining('cannot be read'),
    });
    await setting.enrol(await rig.newCode(), rig.url);
    expect(setting.link.status()?.enrolled).toBe(true);
  });
});

describe('once enrolled', () => {
  test('the service hears signs of life and tells what it knows of this computer', async () => {
    const rig = await startRelayRig();
    const setting = await linkOn(rig);
    await setting.enrol(await rig.newCode({ name: 'front-desk', replyTo: ADMIN }), rig.url);
    await until(async () => (await rig.store.findInstallation('front-desk'))?.heartbeat?.status === 'ok');
    await until(() => setting.link.get().replyTo === ADMIN);
    expect(setting.link.status()?.clockOffsetMs).toBeTypeOf('number');
  });

  test('revoked: mail is kept, the way pauses and says so', async () => {
    const rig = await startRelayRig();
    const setting = await linkOn(rig);
    await setting.enrol(await rig.newCode({ name: 'front-desk' }), rig.url);
    const installation = await rig.store.findInstallation('front-desk');
    await rig.store.revoke(installation?.id ?? '', rig.clock.now());
    setting.queue({ id: 'kept' });
    await until(() => setting.log.find('kept')?.recipients[0]?.code === 'relay_refused_signature_invalid');
    expect(stateOf(setting, 'kept')?.status).toBe('queued');
    expect(setting.link.routeStatus()[0]).toMatchObject({
      state: 'paused',
      detail: expect.stringContaining('Enrol this computer again'),
    });
  });

  test('a subscription that ends: kept, with its date, and sent once it is extended', async () => {
    const rig = await startRelayRig();
    const setting = await linkOn(rig);
    const expiresAt = rig.clock.now() + DAY;
    await setting.enrol(await rig.newCode({ name: 'front-desk', expiresAt }), rig.url);
    expect(setting.link.get().subscription.state).toBe('ends-soon');
    rig.clock.shiftMs = 2 * DAY;
    setting.queue({ id: 'late' });
    await until(() => (setting.log.find('late')?.attempts.length ?? 0) > 0);
    const [attempt] = setting.log.find('late')?.attempts ?? [];
    expect(attempt).toMatchObject({ code: 'relay_refused_subscription_expired', stage: 'route' });
    expect(attempt?.reason).toContain(new Date(expiresAt).toISOString().slice(0, 16));
    expect(setting.link.routeStatus()[0]).toMatchObject({
      state: 'paused',
      code: 'relay_refused_subscription_expired',
    });
    const installation = await rig.store.findInstallation('front-desk');
    await rig.store.setExpiry(installation?.id ?? '', rig.clock.now() + 300 * DAY);
    await setting.link.refresh();
    await until(() => stateOf(setting, 'late')?.status === 'accepted');
    expect(setting.link.get().subscription.state).toBe('valid');
    expect(setting.told.length).toBeGreaterThan(1);
  });
});

describe('what is heard later', () => {
  test('the words of the mail server of the service stand beside its acceptance', {
    timeout: 20_000,
  }, async () => {
    const rig = await startRelayRig();
    const setting = await linkOn(rig, scratchDir(), FASTER);
    await setting.enrol(await rig.newCode(), rig.url);
    setting.queue({ id: 'told', recipients: ['a@contoso.example', 'B@contoso.example'] });
    await until(() => stateOf(setting, 'told')?.news, 15_000);
    const record = setting.log.find('told');
    expect(record?.recipients.map(({ news }) => news)).toEqual(
      Array.from({ length: 2 }, () => ({
        state: 'accepted',
        at: expect.any(Number),
        source: 'relay',
        reply: expect.stringMatching(/^250 /),
      })),
    );
    expect(setting.failedLater).toEqual([]);
  });

  test('a recipient refused later counts as failed, is told, and can be sent to again under a new key', {
    timeout: 25_000,
  }, async () => {
    const rcpt = { 'gone@contoso.example': '550 5.1.1 No such user' };
    const server = await new ScriptedSmtpServer({ rcpt }).start();
    onTestFinished(() => server.stop());
    const rig = await startRelayRig({ smtpUrl: `smtp://127.0.0.1:${server.port}` });
    await until(async () => (await fetch(`${rig.url}/readyz`)).status === 200);
    const setting = await linkOn(rig, scratchDir(), FASTER);
    await setting.enrol(await rig.newCode(), rig.url);
    setting.queue({ id: 'half', recipients: ['it@contoso.example', 'gone@contoso.example'] });
    await until(() => setting.failedLater.length > 0, 15_000);
    expect(setting.failedLater).toMatchObject([
      { address: 'gone@contoso.example', reply: expect.stringContaining('5.1.1') },
    ]);
    expect(setting.log.counts(0)).toMatchObject({ accepted: 1, failed: 1, waiting: 0 });
    expect(setting.resend('half')).toBe(true);
    await until(() => setting.log.find('half')?.attempts.length === 2);
    const attempt = setting.log.find('half')?.attempts[1];
    expect(attempt?.outcomes.map(({ address }) => address)).toEqual(['gone@contoso.example']);
    expect(attempt?.reply).toMatch(/as half\.2\.[0-9a-f]{8}$/);
  });
});

describe('encryption and the Test button', () => {
  test('a service with a private authority is used only where that was given, and the test says each stage', async () => {
    const certificates = makeCertificates();
    const tls = { cert: Buffer.from(certificates.good.cert), key: Buffer.from(certificates.good.key) };
    const rig = await startRelayRig({ tls, smtpUrl: 'practice:' });
    const setting = await linkOn(rig);
    const code = await rig.newCode();
    const refused = await setting.enrol(code, rig.url);
    expect(refused).toMatchObject({
      code: 'relay_unreachable',
      sentence: expect.stringMatching(/authority.*not used/s),
    });
    const enrolled = await setting.link.enrol({
      code,
      url: rig.url,
      ca: certificates.ca,
      name: 'front-desk',
    });
    expect(enrolled).toMatchObject({ outcome: 'enrolled' });
    const message = aMessage({ kind: 'test', recipients: ['it@contoso.example'] });
    const tested: Awaited<ReturnType<RelayLink['test']>>[] = [];
    // It may take the service a moment to find its own mail server.
    await until(async () => {
      tested.push(await setting.link.test(message));
      return tested.at(-1)?.accepted;
    });
    const stages = tested.at(-1)?.stages.map(({ stage, outcome }) => `${stage} ${outcome}`);
    expect(stages).toEqual(['dns ok', 'connect ok', 'tls ok', 'call ok', 'data ok']);
    expect(tested.at(-1)?.stages[2]?.detail).toContain('TLS 1.3');
  });

  test.each([
    ['nobody there', 'connect failed', 'relay_unreachable'],
    ['revoked', 'call failed', 'relay_refused_signature_invalid'],
  ])('%s: the stage that fails is named, and those after it are left out', async (what, failing, code) => {
    const rig = await startRelayRig();
    const setting = await linkOn(rig);
    await setting.enrol(await rig.newCode({ name: 'front-desk' }), rig.url);
    if (what === 'revoked') {
      const installation = await rig.store.findInstallation('front-desk');
      await rig.store.revoke(installation?.id ?? '', rig.clock.now());
    } else {
      const path = join(setting.dir, 'relay.json');
      writeFileSync(path, readFileSync(path, 'utf8').replace(rig.url, 'http://127.0.0.1:1'));
    }
    const report = await setting.link.test(aMessage({ kind: 'test' }));
    const stages = report.stages.map(({ stage, outcome }) => `${stage} ${outcome}`);
    const fault = report.stages.find(({ outcome }) => outcome === 'failed');
    expect(stages).toContain(failing);
    expect(stages.slice(stages.indexOf(failing) + 1).every((line) => line.endsWith('skipped'))).toBe(true);
    expect(fault).toMatchObject({ code, cause: expect.any(String), mend: expect.any(String) });
    expect(report.accepted).toBe(false);
  });

  test('not enrolled: said without a call', async () => {
    const rig = await startRelayRig();
    const setting = await linkOn(rig);
    expect(await setting.link.test(aMessage({ kind: 'test' }))).toMatchObject({
      accepted: false,
      via: 'relay',
      stages: [{ stage: 'route', outcome: 'failed', code: 'relay_unreachable' }],
    });
  });
});
