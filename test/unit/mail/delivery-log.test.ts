import { beforeEach, describe, expect, test } from 'vitest';
import { createDeliveryLog, type DeliveryLog } from '../../../mail/delivery-log.ts';
import { createOutbox } from '../../../mail/outbox.ts';
import { systemRandom } from '../../../mail/platform/clock.ts';
import type { Store } from '../../../mail/store.ts';
import { memoryStore } from '../../fakes/memory-store.ts';
import { aMessage } from '../../fakes/messages.ts';

let store: Store;
let log: DeliveryLog;

const MESSAGES = [
  { id: 'disk', subject: 'Disk / used above 90 %', name: 'Disk', to: ['it@contoso.example'] },
  {
    id: 'memory',
    subject: 'Memory used',
    name: 'Memory',
    to: ['it@contoso.example', 'boss@contoso.example'],
  },
  {
    id: 'report',
    subject: 'Status report: ünder 100 percent',
    name: 'Morning_report',
    to: ['boss@contoso.example'],
  },
];

beforeEach(() => {
  store = memoryStore();
  log = createDeliveryLog(store);
  const outbox = createOutbox(store, systemRandom);
  const messages = MESSAGES.map(({ id, subject, name, to }) =>
    aMessage({ id, subject, source: { type: 'alert', name }, recipients: to }),
  );
  store.transaction(() => outbox.accept(messages, 1));
  const settle = (id: string, address: string, status: string) =>
    store.run(
      `UPDATE recipient SET status = ?3, settled_at = 2
         WHERE address = ?2 AND message_seq = (SELECT seq FROM message WHERE id = ?1)`,
      id,
      address,
      status,
    );
  settle('disk', 'it@contoso.example', 'accepted');
  settle('memory', 'boss@contoso.example', 'failed');
});

const found = (query: { search?: string | null; status?: 'waiting' | 'accepted' | 'failed' | null }) =>
  log.list({ limit: 10, since: null, ...query }).map(({ message }) => message.id);

describe('the delivery log', () => {
  test.each([
    ['nothing: everything', null, ['report', 'memory', 'disk']],
    ['only spaces: everything', '  ', ['report', 'memory', 'disk']],
    ['a word of a subject, whatever its case', 'DISK', ['disk']],
    ['a part of a recipient’s address', 'boss@', ['report', 'memory']],
    ['the name of what raised it', 'morning', ['report']],
    ['words that stand in different places: all must', 'boss used', ['memory']],
    ['words of which one stands nowhere', 'disk elephant', []],
    ['a sign that SQL has a use for is a sign: %', '%', ['disk']],
    ['a sign that SQL has a use for is a sign: _', '_', ['report']],
    ['a sign that SQL has a use for is a sign: \\', '\\', []],
    ['a quotation mark', "' OR 1=1 --", []],
    ['a letter outside ASCII', 'ünder', ['report']],
    ['more words than are looked for', 'disk '.repeat(40), ['disk']],
  ])('searched for %s', (_rule, search, ids) => {
    expect(found({ search })).toEqual(ids);
  });

  test.each([
    ['waiting', ['report', 'memory']],
    ['accepted', ['disk']],
    ['failed', ['memory']],
    [null, ['report', 'memory', 'disk']],
  ] as const)('of status %s: where at least one recipient is', (status, ids) => {
    expect(found({ status })).toEqual(ids);
  });

  test('is searched and sorted out at once, and read on from where a part ended', () => {
    expect(found({ search: 'boss', status: 'failed' })).toEqual(['memory']);
    const next = log.list({ limit: 1, since: null, before: 'report', search: 'contoso' });
    expect(next.map(({ message }) => message.id)).toEqual(['memory']);
  });

  test('by status asks what is known now: who was accepted and bounced has failed', () => {
    store.run("UPDATE recipient SET news_state = 'bounced', news_at = 3 WHERE status = 'accepted'");
    expect([found({ status: 'accepted' }), found({ status: 'failed' })]).toEqual([[], ['memory', 'disk']]);
  });

  test('names what was made last', () => {
    expect([log.newestId(), createDeliveryLog(memoryStore()).newestId()]).toEqual(['report', null]);
  });

  test('of each source the newest message is told, with its recipients by how they fare', () => {
    const outbox = createOutbox(store, systemRandom);
    const again = aMessage({
      id: 'disk again',
      source: { type: 'alert', name: 'Disk' },
      recipients: ['it@contoso.example', 'boss@contoso.example', 'desk@contoso.example'],
    });
    store.transaction(() => outbox.accept([again], 3));
    store.run("UPDATE recipient SET status = 'accepted' WHERE address = 'desk@contoso.example'");
    // Accepted, and bounced afterwards: it did not get there.
    store.run(
      `UPDATE recipient SET status = 'accepted', news_state = 'bounced'
         WHERE address = 'boss@contoso.example' AND message_seq = (SELECT seq FROM message WHERE id = 'disk again')`,
    );
    const latest = log.latest('alert').toSorted((a, b) => a.name.localeCompare(b.name));
    expect(
      latest.map(({ name, id, waiting, accepted, failed }) => [name, id, waiting, accepted, failed]),
    ).toEqual([
      ['Disk', 'disk again', 1, 1, 1],
      ['Memory', 'memory', 1, 0, 1],
      ['Morning_report', 'report', 1, 0, 0],
    ]);
    expect(log.latest('report')).toEqual([]);
  });
});

describe('a row of the log', () => {
  const tried = (id: string, at: number, route: string, host: string | null) =>
    store.run(
      `INSERT INTO attempt (message_seq, at, duration_ms, route, host, port, security, stage, reason, outcomes)
         SELECT seq, ?2, 5, ?3, ?4, 25, 'none', 'connect', 'first in the list', '[]' FROM message WHERE id = ?1`,
      id,
      at,
      route,
      host,
    );
  const rows = (route: 'smtp' | 'relay' | 'practice' | null = null) =>
    log.rows({ limit: 10, since: null, route }).map((row) => [row.id, row.route, row.server?.host ?? null]);

  test('bears what a list shows, in the order of the list', () => {
    const [, second] = log.rows({ limit: 10, since: null });
    const record = log.find('memory');
    expect(second).toEqual({
      id: 'memory',
      subject: 'Memory used',
      source: { type: 'alert', name: 'Memory' },
      createdAt: record?.message.createdAt,
      route: 'smtp',
      server: null,
      recipients: record?.recipients,
    });
  });

  test('names the way that was tried last, or the way that is meant where none was; and is found by it', () => {
    tried('disk', 1, 'smtp', 'mail.contoso.example');
    tried('disk', 2, 'relay', 'relay.provider.example');
    tried('disk', 3, 'smtp', null);
    tried('memory', 4, 'practice', null);
    expect(rows()).toEqual([
      ['report', 'smtp', null],
      ['memory', 'practice', null],
      ['disk', 'relay', 'relay.provider.example'],
    ]);
    expect(rows('relay').map(([id]) => id)).toEqual(['disk']);
    expect(rows('practice').map(([id]) => id)).toEqual(['memory']);
    expect(rows('smtp').map(([id]) => id)).toEqual(['report']);
  });
});
