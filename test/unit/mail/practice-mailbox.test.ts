import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPracticeMailbox, type PracticeMailbox } from '../../../mail/practice-mailbox.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { sampleMessage } from '../../fakes/mail-samples.ts';
import { cleanUp, outletFor, serverAt } from '../../fakes/outlet-rig.ts';

let folder: string;
let mailbox: PracticeMailbox;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'tocsin-practice-')), 'practice');
  mailbox = createPracticeMailbox({ folder, clock: new FakeClock() });
});
afterEach(async () => {
  await cleanUp();
  await mailbox.stop();
  await rm(join(folder, '..'), { recursive: true });
});

async function send(port: number, subject: string, text = 'x') {
  const outlet = outletFor([serverAt(port)], { route: 'practice', limits: {} });
  const message = sampleMessage({ subject, text, html: null });
  const [attempt] = await outlet.send({
    message,
    recipients: ['it@contoso.example'],
    pinnedServer: null,
    attachments: [],
  });
  await outlet.close();
  return attempt;
}

test('a mail is on disk, for its owner only, before it is confirmed by name', async () => {
  const { port } = await mailbox.start();
  const attempt = await send(port, 'Prüfung ✓');
  expect(attempt?.reply).toBe('250 2.0.0 Kept as 20260105T080000000Z-000001.eml');
  expect([attempt?.route, attempt?.reason]).toEqual([
    'practice',
    'no mail server is set, so it went to the practice mailbox',
  ]);
  const [mail] = await mailbox.list();
  expect(mail).toMatchObject({
    id: '20260105T080000000Z-000001.eml',
    at: Date.UTC(2026, 0, 5, 8),
    subject: 'Prüfung ✓',
    from: 'Tocsin <tocsin@contoso.example>',
    to: 'it@contoso.example',
  });
  const content = (await mailbox.read(mail?.id ?? ''))?.toString('utf8');
  expect(content).toMatch(/^Return-Path: <tocsin@contoso\.example>\r\nDelivered-To: it@contoso\.example\r\n/);
  const { mode } = await stat(join(folder, mail?.id ?? ''));
  expect(mode & 0o777).toBe(0o600);
});

test('it listens on this computer only', async () => {
  const { port } = await mailbox.start();
  expect((await send(port, 'x'))?.server).toMatchObject({ host: '127.0.0.1' });
});

test('only the newest are kept', async () => {
  mailbox = createPracticeMailbox({ folder, keep: 3, clock: new FakeClock() });
  const { port } = await mailbox.start();
  const outlet = outletFor([serverAt(port)], { limits: {} });
  for (const subject of ['1', '2', '3', '4', '5']) {
    const message = sampleMessage({ subject });
    await outlet.send({ message, recipients: message.recipients, pinnedServer: null, attachments: [] });
  }
  expect((await mailbox.list()).map((mail) => mail.subject)).toEqual(['5', '4', '3']);
  expect(await readdir(folder)).toHaveLength(3);
});

test('after a restart, mails are there and numbers go on; what was left half written is gone', async () => {
  await send((await mailbox.start()).port, 'before');
  await mailbox.stop();
  await writeFile(join(folder, '.20260105T080000000Z-000002.eml.tmp'), 'half');
  mailbox = createPracticeMailbox({ folder, clock: new FakeClock(0) });
  await send((await mailbox.start()).port, 'after');
  const mails = await mailbox.list();
  expect(mails.map(({ subject, id }) => [subject, id.slice(-10, -4)])).toEqual([
    ['after', '000002'],
    ['before', '000001'],
  ]);
  expect(await readdir(folder)).toHaveLength(2);
});

test('a mail over 10 MiB is refused, and nothing is kept of it', async () => {
  const { port } = await mailbox.start();
  const attempt = await send(port, 'big', 'x'.repeat(76).concat('\n').repeat(140_000));
  expect([attempt?.code, attempt?.outcomes[0]?.verdict]).toEqual(['smtp_message_rejected', 'rejected']);
  expect(await readdir(folder)).toEqual([]);
});

test('a disk that fails is a reason to try again, not a confirmation', async () => {
  const { port } = await mailbox.start();
  await rm(folder, { recursive: true });
  const attempt = await send(port, 'x');
  expect([attempt?.code, attempt?.outcomes[0]?.verdict]).toEqual(['smtp_temporary', 'retry']);
  expect(await mailbox.list()).toEqual([]);
});

test.each(['../settings.json', 'x.eml', '', '/etc/passwd', '20260105T080000000Z-000001.eml/../x'])(
  'nothing but mails can be read: %j',
  async (id) => {
    expect(await mailbox.read(id)).toBeNull();
  },
);

test('is started once, however many ask for it at the same time', async () => {
  const [one, other] = await Promise.all([mailbox.start(), mailbox.start()]);
  expect(other).toEqual(one);
  await mailbox.stop();
  expect((await send((await mailbox.start()).port, 'after'))?.stage).toBe('accepted');
});
