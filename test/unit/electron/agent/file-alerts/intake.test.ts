import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createComposer } from '../../../../../electron/agent/compose/composer.ts';
import { composeContextOf } from '../../../../../electron/agent/compose/context.ts';
import {
  createFileAlertIntake,
  type FileAlertIntake,
} from '../../../../../electron/agent/file-alerts/intake.ts';
import { createFileAlertStore } from '../../../../../electron/agent/record/file-alert-store.ts';
import { createDeliveryLog, type DeliveryLog } from '../../../../../mail/delivery-log.ts';
import { buildMime } from '../../../../../mail/mime.ts';
import { createOutbox, type Lease, type Outbox } from '../../../../../mail/outbox.ts';
import type { Store } from '../../../../../mail/store.ts';
import { type Settings, settingsSchema } from '../../../../../shared/contract/settings.ts';
import type { Verdict } from '../../../../../shared/model/delivery.ts';
import { FakeClock, fakeRandom } from '../../../../fakes/fake-clock.ts';
import { memoryStore } from '../../../../fakes/memory-store.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';

let dir: string;
let store: Store;
let outbox: Outbox;
let log: DeliveryLog;
let settings: Settings;
let clock: FakeClock;
let troubles: string[];
let intake: FileAlertIntake;

const random = fakeRandom();

beforeEach(() => {
  dir = scratchDir();
  store = memoryStore();
  outbox = createOutbox(store, random);
  log = createDeliveryLog(store);
  clock = new FakeClock(Date.now() + 60_000);
  troubles = [];
  settings = settingsSchema.parse({
    version: 1,
    fileAlerts: [
      { name: 'Backup tool', folder: dir, recipients: ['it@contoso.example', 'boss@contoso.example'] },
    ],
  });
  intake = newIntake();
});

function newIntake(): FileAlertIntake {
  return createFileAlertIntake({
    fileAlerts: () => settings.fileAlerts,
    store,
    taken: createFileAlertStore(store),
    outbox,
    log,
    composer: async () => createComposer(),
    composeContext: () => composeContextOf({ settings, hostName: 'host', clock, random, routeText: 'SMTP' }),
    clock,
    onQueued: () => {},
    onTrouble: (text) => troubles.push(text),
  });
}

function drop(name: string, content: string | object): void {
  writeFileSync(join(dir, name), typeof content === 'string' ? content : JSON.stringify(content));
}

const queued = () => log.list({ limit: 100, since: null }).map((record) => record.message);
const files = () => readdirSync(dir).toSorted();

function lease(): Lease {
  const leased = outbox.lease('smtp', clock.now(), () => true);
  if (!leased) throw new Error('nothing is due');
  return leased;
}

function settle(verdict: Verdict, recipients?: readonly string[]): void {
  const leased = lease();
  const outcomes = (recipients ?? leased.recipients).map((address) => ({
    address,
    verdict,
    code: null,
    reply: '250 or other',
  }));
  const attempt = {
    at: 0,
    durationMs: 1,
    route: 'smtp',
    server: null,
    stage: 'data',
    code: null,
    reply: null,
    reason: 'test',
    outcomes,
  } as const;
  outbox.settle(leased, [attempt], clock.now());
}

describe('a request in the folder', () => {
  test('becomes a mail with its attachments, and its files stay until every recipient is settled', async () => {
    drop('dump.txt', 'the dump');
    drop('a.alert.json', {
      subject: 'Backup failed',
      message: 'line one\n  line two',
      severity: 'critical',
      attachments: ['dump.txt'],
    });
    await intake.scan();
    const [message] = queued();
    expect(message).toMatchObject({
      kind: 'file-alert',
      route: 'smtp',
      severity: 'critical',
      recipients: ['it@contoso.example', 'boss@contoso.example'],
      attachments: [{ name: 'dump.txt', sizeBytes: 8 }],
    });
    expect(message?.text).toContain('line one\n  line two');
    expect(files()).toEqual(['a.alert.json', 'dump.txt']);
    settle('accepted', ['it@contoso.example']);
    await intake.scan();
    expect(files()).toEqual(['a.alert.json', 'dump.txt']);
    settle('rejected', ['boss@contoso.example']);
    await intake.scan();
    expect(files()).toEqual([]);
  });

  test('is mailed once, however often it is looked for and over restarts', async () => {
    drop('a.alert.json', { subject: 'Backup failed' });
    await intake.scan();
    await intake.scan();
    await newIntake().scan();
    expect(queued()).toHaveLength(1);
    settle('accepted');
    await newIntake().scan();
    expect(queued()).toHaveLength(1);
  });

  test('by the same name after the first was settled is a new one', async () => {
    for (const subject of ['First', 'Second']) {
      drop('a.alert.json', { subject });
      await intake.scan();
      settle('accepted');
      await intake.scan();
    }
    expect(queued().map((message) => message.subject)).toEqual([
      expect.stringContaining('Second'),
      expect.stringContaining('First'),
    ]);
  });

  test('is mailed with the attachment as it was when it was taken in', async () => {
    drop('dump.bin', 'before');
    drop('a.alert.json', { subject: 'Backup failed', attachments: ['dump.bin'] });
    await intake.scan();
    drop('dump.bin', 'after it');
    const { message, attachments } = lease();
    const mime = await buildMime(
      message,
      { name: null, address: 'tocsin@contoso.example' },
      undefined,
      attachments,
    );
    expect(mime).toContain('Content-Disposition: attachment; filename=dump.bin');
    expect(mime).toContain(Buffer.from('before').toString('base64'));
  });

  test('that is bad is moved to rejected/ beside the reason, and told once', async () => {
    drop('bad.alert.json', { subject: 'x', to: 'evil@x.example' });
    await intake.scan();
    await intake.scan();
    expect(files()).toEqual(['rejected']);
    expect(readFileSync(join(dir, 'rejected', 'bad.alert.json.reason.txt'), 'utf8')).toBe(
      'to: is not a known key\n',
    );
    expect(existsSync(join(dir, 'rejected', 'bad.alert.json'))).toBe(true);
    expect(troubles).toHaveLength(1);
    expect(queued()).toEqual([]);
  });

  test.each([
    ['a missing file', { attachments: ['nothing.txt'] }, /not in the folder/],
    ['a link', { attachments: ['link'] }, /is a link/],
    ['a path', { attachments: ['../secret'] }, /plain file name/],
    ['too much', { attachments: ['big', 'big2'] }, /2400000 bytes together/],
  ])('whose attachment is %s is rejected', async (_rule, given, why) => {
    symlinkSync('/etc/passwd', join(dir, 'link'));
    drop('big', 'x'.repeat(1_200_000));
    drop('big2', 'x'.repeat(1_200_000));
    drop('a.alert.json', { subject: 'x', ...given });
    await intake.scan();
    expect(troubles.join()).toMatch(why);
    expect(queued()).toEqual([]);
  });

  test('that is a link itself is rejected', async () => {
    symlinkSync('/etc/passwd', join(dir, 'a.alert.json'));
    await intake.scan();
    expect(troubles.join()).toMatch(/is a link/);
    expect(files()).toEqual(['rejected']);
  });

  test('that is still being written is waited for', async () => {
    clock.jump(Date.now() - clock.now());
    drop('a.alert.json', '{"subject": "Backup');
    await intake.scan();
    expect(files()).toEqual(['a.alert.json']);
    drop('a.alert.json', { subject: 'Backup failed' });
    await intake.scan();
    expect(queued()).toHaveLength(1);
  });

  test('stays where there is nobody to tell', async () => {
    settings = settingsSchema.parse({ version: 1, fileAlerts: [{ name: 'Backup tool', folder: dir }] });
    drop('a.alert.json', { subject: 'Backup failed' });
    await intake.scan();
    expect(files()).toEqual(['a.alert.json']);
    expect(troubles.join()).toMatch(/no recipients/);
  });
});

describe('the folder', () => {
  test('that is missing is told once, and taken up when it is there', async () => {
    const later = join(dir, 'later');
    settings = settingsSchema.parse({
      version: 1,
      fileAlerts: [{ name: 'Later', folder: later, recipients: ['it@contoso.example'] }],
    });
    await intake.scan();
    await intake.scan();
    expect(troubles).toHaveLength(1);
    mkdirSync(later);
    writeFileSync(join(later, 'a.alert.json'), '{"subject":"x"}');
    await intake.scan();
    expect(queued()).toHaveLength(1);
  });

  test('may have a rejected/ that is no folder: the request stays, and that is said', async () => {
    drop('rejected', 'a file in the way');
    drop('bad.alert.json', {});
    await intake.scan();
    expect(files()).toEqual(['bad.alert.json', 'rejected']);
    expect(troubles.join()).toMatch(/stays where it is/);
  });
});
