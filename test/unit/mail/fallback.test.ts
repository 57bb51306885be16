import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDeliveryLog } from '../../../mail/delivery-log.ts';
import { createDispatcher, type Dispatcher } from '../../../mail/dispatcher.ts';
import type { FallbackRoute } from '../../../mail/fallback.ts';
import { createOutbox, type Outbox } from '../../../mail/outbox.ts';
import type { Outlet } from '../../../mail/outlet.ts';
import type { SmtpServerOptions } from '../../../mail/smtp-server-options.ts';
import type { Store } from '../../../mail/store.ts';
import type { Message } from '../../../shared/model/message.ts';
import { FakeClock, fakeRandom } from '../../fakes/fake-clock.ts';
import { FakeRelay } from '../../fakes/fake-relay.ts';
import { memoryStore } from '../../fakes/memory-store.ts';
import { aMessage } from '../../fakes/messages.ts';
import { cleanUp, outletFor, scripted, serverAt, until, WAITING_LIMITS } from '../../fakes/outlet-rig.ts';
import type { ScriptedSmtpServer } from '../../fakes/scripted-smtp-server.ts';

const MINUTE = 60_000;
const OUT = 'customer@elsewhere.example';
const ADMIN = 'it@contoso.example';

let clock: FakeClock;
let store: Store;
let outbox: Outbox;
let relay: FakeRelay;
let servers: Outlet;
let route: FallbackRoute;
let dispatcher: Dispatcher;
let faults: unknown[];

beforeEach(() => {
  clock = new FakeClock();
  store = memoryStore();
  relay = new FakeRelay();
  route = { outlet: relay, note: null };
  faults = [];
});

afterEach(async () => {
  await dispatcher.stop();
  await cleanUp();
  store.close();
  const wrong = [...faults, ...relay.conflicts];
  if (wrong.length > 0) throw new Error(`faults, or a key with two bodies: ${wrong.join('; ')}`);
});

/** Begins to send, as an agent does at its start. */
function begin(list: readonly SmtpServerOptions[], limits: Partial<typeof WAITING_LIMITS> = {}): void {
  outbox = createOutbox(store, fakeRandom());
  outbox.takeOver(clock.now());
  servers = outletFor(list, { clock, limits }, () => dispatcher.tryNow('smtp'));
  dispatcher = createDispatcher({
    outbox,
    clock,
    route: (choice) => ({ outlet: choice === 'smtp' ? servers : relay }),
    fallback: { route: () => route, isAdministrator: (address) => address.endsWith('@contoso.example') },
    onFault: (error) => faults.push(error),
  });
  dispatcher.wake();
}

function queue(given: Partial<Message> = {}): void {
  outbox.accept([aMessage({ recipients: [OUT], createdAt: clock.now(), ...given })], clock.now());
  dispatcher.wake();
}

const log = (id = 'message-1') => {
  const record = createDeliveryLog(store).find(id);
  if (record === null) throw new Error(`no message ${id}`);
  return record;
};
const states = (id?: string) => log(id).recipients.map(({ status }) => status);
const ways = (id?: string) => log(id).attempts.map(({ route: way, code }) => `${way} ${code ?? 'accepted'}`);
const reasons = (id?: string) => log(id).attempts.map(({ reason }) => reason);

/** Sockets take real time: turns the hands by one millisecond until something holds. */
async function turning(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 400 && !holds(); turn++) {
    await clock.advance(1);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  expect(holds()).toBe(true);
}
const settled = (id?: string) => turning(() => states(id).every((state) => state !== 'queued'));
const tried = (times: number, id?: string) => turning(() => log(id).attempts.length >= times);

const DENIED = { rcpt: '550 5.7.1 Relaying denied' };
const NOBODY = { rcpt: '550 5.1.1 No such user' };

describe('servers that cannot be reached', () => {
  test('a refused connection: the mail goes by the Web Service at once, and the log says why', async () => {
    begin([serverAt(1)]);
    queue();
    await settled();
    expect(ways()).toEqual(['smtp smtp_connection_refused', 'relay accepted']);
    expect(reasons()[1]).toBe('fallback: the mail server 127.0.0.1:1 refused the connection');
    expect(relay.requests).toEqual([{ key: 'message-1', recipients: [OUT] }]);
  });

  test('administrators as well', async () => {
    begin([serverAt(1)]);
    queue({ recipients: [ADMIN] });
    await settled();
    expect(relay.mailed).toEqual([ADMIN]);
  });

  test('a server that never answers is waited for once, and new mail not at all', async () => {
    const server = await scripted({ greeting: 'hang' });
    begin([serverAt(server.port)], WAITING_LIMITS);
    queue();
    for (let turn = 0; turn < 100 && states()[0] === 'queued'; turn++) {
      await clock.advance(50);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(ways()).toEqual(['smtp smtp_connection_timeout', 'relay accepted']);
    queue({ id: 'message-2' });
    await clock.advance(0);
    expect([states('message-2'), ways('message-2'), server.connections]).toEqual([
      ['accepted'],
      ['relay accepted'],
      1,
    ]);
    expect(reasons('message-2')[0]).toMatch(
      /^fallback: 127\.0\.0\.1:\d+ is down since 2026-\S+ \(the mail server 127\.0\.0\.1:\d+ did not answer in time\)$/,
    );
  });

  test('all servers of the list are asked first', async () => {
    const backup = await scripted();
    begin([serverAt(1), serverAt(backup.port)]);
    queue();
    await settled();
    expect([backup.accepted.length, relay.requests.length]).toEqual([1, 0]);
  });

  test('what waits by schedule goes at once when the servers are known to be down and the service is back', async () => {
    relay.isAvailable = false;
    begin([serverAt(1)]);
    queue();
    await tried(1);
    expect(reasons()).toEqual([
      'primary server; the connection was refused (ECONNREFUSED); not by the Web Service: it cannot be reached either',
    ]);
    expect(relay.waiting).toBe(true);
    relay.isAvailable = true;
    dispatcher.tryNow('relay');
    await clock.advance(1);
    expect([states(), relay.requests.length]).toEqual([['accepted'], 1]);
  });

  test('a server that is back is used again within 5 s, though nothing waits, 10 min after the last fallback too', async () => {
    const server = await scripted();
    await server.stop();
    begin([serverAt(server.port)]);
    const pass = async (ms: number) => {
      for (let left = ms; left > 0; left -= 5000) {
        await clock.advance(5000);
        await new Promise((resolve) => setTimeout(resolve, 4));
      }
    };
    queue();
    await settled();
    await pass(9 * MINUTE);
    queue({ id: 'message-2' });
    await pass(9 * MINUTE);
    await server.start(server.port);
    await pass(5_000);
    await until(() => servers.available(null));
    queue({ id: 'message-3' });
    await settled('message-3');
    expect([ways('message-2'), ways('message-3')]).toEqual([['relay accepted'], ['smtp accepted']]);
  });

  test('later it is looked for once a minute', async () => {
    begin([serverAt(1)]);
    queue();
    await settled();
    const waits: number[] = [];
    for (let turn = 0; turn < 260; turn++) {
      await clock.advance(2500);
      await new Promise((resolve) => setTimeout(resolve, 2));
      const next = servers.health()[0]?.nextProbeAt ?? 0;
      waits.push(Math.max(0, next - clock.now()));
    }
    expect(Math.max(...waits.slice(0, 200))).toBeLessThanOrEqual(5000);
    expect(Math.max(...waits)).toBeGreaterThan(50_000);
  });
});

describe('servers that refuse', () => {
  const rows: readonly [
    rule: string,
    script: ScriptedSmtpServer['script'],
    to: readonly string[],
    outcome: string,
  ][] = [
    ['relaying denied, others: by the service', DENIED, [OUT], 'accepted; smtp relay'],
    ['relaying denied, administrators only: fails', DENIED, [ADMIN], 'failed; smtp'],
    [
      'relaying denied, one of them an administrator: both go',
      DENIED,
      [ADMIN, OUT],
      'accepted accepted; smtp relay',
    ],
    ['sender refused', { mail: '550 5.7.60 SendAsDenied' }, [OUT], 'accepted; smtp relay'],
    ['message refused', { dot: '554 5.7.1 Spam' }, [OUT], 'accepted; smtp relay'],
    ['no such mailbox: fails', NOBODY, [OUT], 'failed; smtp'],
    [
      'one is taken, one refused, one unknown there',
      { rcpt: { 'a@x.example': '250 Ok', 'b@x.example': DENIED.rcpt, 'c@x.example': NOBODY.rcpt } },
      ['a@x.example', 'b@x.example', 'c@x.example'],
      'accepted accepted failed; smtp relay',
    ],
  ];
  test.each(rows)('%s', async (_, script, recipients, outcome) => {
    const server = await scripted(script);
    begin([serverAt(server.port)]);
    queue({ recipients });
    await settled();
    const went = log().attempts.map(({ route: way }) => way);
    expect(`${states().join(' ')}; ${went.join(' ')}`).toBe(outcome);
  });

  test('only those whom no server took are handed over', async () => {
    const server = await scripted({ rcpt: { [ADMIN]: '250 Ok', [OUT]: DENIED.rcpt } });
    begin([serverAt(server.port)]);
    queue({ recipients: [ADMIN, OUT] });
    await settled();
    expect([server.accepted[0]?.to, relay.mailed]).toEqual([[ADMIN], [OUT]]);
  });

  test('asked to come back: once more by SMTP, then by the service', async () => {
    const server = await scripted({ rcpt: '450 4.2.0 Greylisted' });
    begin([serverAt(server.port)]);
    queue();
    await tried(1);
    expect(reasons()[0]).toBe(
      'primary server; not by the Web Service: the server asked to try again later, and is asked once more first',
    );
    await clock.advance(MINUTE);
    await settled();
    expect(ways()).toEqual(['smtp smtp_temporary', 'smtp smtp_temporary', 'relay accepted']);
  });

  test('why it is not used is said once per message', async () => {
    const server = await scripted({ rcpt: '450 4.2.0 Greylisted' });
    begin([serverAt(server.port)]);
    queue({ recipients: [ADMIN] });
    for (let turn = 1; turn <= 3; turn++) {
      await tried(turn);
      await clock.advance(4 * MINUTE);
    }
    await tried(3);
    const saying = reasons().filter((reason) => reason.includes('not by the Web Service'));
    expect(saying).toEqual([
      'primary server; not by the Web Service: only administrators are addressed, and the server was reached',
    ]);
  });
});

describe('what never goes', () => {
  test.each<[rule: string, given: Partial<Message>, why: string]>([
    ['a file alert', { kind: 'file-alert' }, 'file alerts and attachments never leave by it'],
    [
      'an attachment',
      { attachments: [{ name: 'dump.txt', sizeBytes: 1 }] },
      'file alerts and attachments never leave by it',
    ],
  ])('%s, whether the server is found to be down or known to be', async (_, given, why) => {
    begin([serverAt(1)]);
    queue(given);
    await tried(1);
    queue({ ...given, id: 'message-2' });
    await tried(1, 'message-2');
    expect([relay.requests, states(), states('message-2')]).toEqual([[], ['queued'], ['queued']]);
    for (const id of ['message-1', 'message-2'])
      expect(reasons(id)[0]).toContain(`not by the Web Service: ${why}`);
  });

  test('anything, while it is not to be used or the subscription has ended; a refusal is final then', async () => {
    const server = await scripted(DENIED);
    route = { outlet: null, reason: 'the subscription ended on 1 January 2026' };
    begin([serverAt(server.port)]);
    queue();
    await settled();
    expect([states(), reasons()]).toEqual([
      ['failed'],
      ['primary server; not by the Web Service: the subscription ended on 1 January 2026'],
    ]);
  });

  test('a message that a server may have: the same id only on the same route', async () => {
    const server = await scripted({ dot: 'drop' });
    begin([serverAt(server.port)]);
    queue();
    await tried(1);
    await server.stop();
    await clock.advance(10 * MINUTE);
    await turning(() => log().attempts.length >= 2);
    expect([relay.requests, states()]).toEqual([[], ['queued']]);
  });
});

describe('a set that is with the Web Service', () => {
  test('a lost reply: it stays there under its key, and is accepted once', async () => {
    relay.answers = ['lost', 'unreachable', 'accept'];
    const server = await scripted();
    await server.stop();
    begin([serverAt(server.port)]);
    queue();
    await tried(2);
    await server.start(server.port);
    await clock.advance(5 * MINUTE);
    await settled();
    expect(relay.requests.map(({ key }) => key)).toEqual(['message-1', 'message-1', 'message-1']);
    expect([relay.mailed, server.accepted]).toEqual([[OUT], []]);
    expect(reasons().at(-1)).toContain('asked again under the same key');
  });

  test('what the service did not take goes on by SMTP', async () => {
    relay.answers = ['unreachable'];
    const server = await scripted();
    await server.stop();
    begin([serverAt(server.port)]);
    queue();
    await tried(2);
    expect(states()).toEqual(['queued']);
    await server.start(server.port);
    await clock.advance(MINUTE);
    await settled();
    expect([server.accepted.length, relay.mailed]).toEqual([1, []]);
  });

  test('refused by both for good: no further try', async () => {
    relay.answers = ['refuse'];
    const server = await scripted(DENIED);
    begin([serverAt(server.port)]);
    queue();
    await settled();
    expect([states(), ways()]).toEqual([
      ['failed'],
      ['smtp smtp_relaying_denied', 'relay relay_refused_invalid_message'],
    ]);
  });

  test('refused by the server, the service away: kept until the service is back', async () => {
    relay.isAvailable = false;
    const server = await scripted(DENIED);
    begin([serverAt(server.port)]);
    queue();
    await tried(1);
    expect(states()).toEqual(['queued']);
    relay.isAvailable = true;
    await clock.advance(MINUTE);
    await settled();
    expect(relay.mailed).toEqual([OUT]);
  });

  test('another set gets another key; the same set the same key', async () => {
    relay.answers = ['unreachable', 'unreachable', 'accept'];
    const server = await scripted({ rcpt: { 'a@x.example': DENIED.rcpt, 'b@x.example': DENIED.rcpt } });
    begin([serverAt(server.port)]);
    queue({ recipients: ['a@x.example', 'b@x.example'] });
    await tried(2);
    await clock.advance(MINUTE);
    await tried(4);
    server.script = { rcpt: { 'a@x.example': DENIED.rcpt, 'b@x.example': '250 Ok' } };
    await clock.advance(2 * MINUTE);
    await settled();
    expect(relay.requests.map(({ key, recipients }) => `${key}: ${recipients.join(' ')}`)).toEqual([
      'message-1: a@x.example b@x.example',
      'message-1: a@x.example b@x.example',
      'message-1.2: a@x.example',
    ]);
  });

  test('the service may have it and is gone for half an hour: rather twice than not at all', async () => {
    relay.answers = ['cut'];
    const server = await scripted();
    await server.stop();
    begin([serverAt(server.port)]);
    queue();
    await tried(2);
    relay.isAvailable = false;
    await server.start(server.port);
    await clock.advance(29 * MINUTE);
    expect([states(), server.accepted]).toEqual([['queued'], []]);
    await clock.advance(2 * MINUTE);
    await settled();
    expect(server.accepted).toHaveLength(1);
    expect(reasons()).toContainEqual(expect.stringContaining('rather twice than not at all'));
  });
});

test('resent and given back while it is on its way: what the service says is written down all the same', async () => {
  const answers: (() => void)[] = [];
  const send = relay.send.bind(relay);
  relay.send = async (request) => {
    await new Promise<void>((resolve) => {
      answers.push(resolve);
    });
    return send(request);
  };
  begin([serverAt(1)]);
  queue();
  await turning(() => answers.length === 1);
  outbox.resend('message-1', clock.now());
  relay.isAvailable = false;
  clock.jump(40 * MINUTE);
  await clock.advance(2 * MINUTE);
  answers[0]?.();
  await settled();
  expect([states(), relay.mailed]).toEqual([['accepted'], [OUT]]);
});

describe('killed between two steps', () => {
  /** The process is gone at this moment, and another one takes the folder over. */
  async function restart(list: readonly SmtpServerOptions[]): Promise<void> {
    const before = dispatcher;
    begin(list);
    void before.stop();
  }

  test('after the set was written down, before the request: the same key with the same people', async () => {
    let isGone = false;
    const send = relay.send.bind(relay);
    relay.send = (request) => (isGone ? new Promise(() => {}) : send(request));
    const server = await scripted(DENIED);
    isGone = true;
    begin([serverAt(server.port)]);
    queue({ recipients: ['a@x.example', 'b@x.example'] });
    await tried(1);
    isGone = false;
    server.script = {};
    await restart([serverAt(server.port)]);
    await settled();
    expect(relay.requests).toEqual([{ key: 'message-1', recipients: ['a@x.example', 'b@x.example'] }]);
    expect(server.accepted).toEqual([]);
  });

  test('after the service had accepted, before that was written down: accepted once', async () => {
    let isGone = true;
    const send = relay.send.bind(relay);
    relay.send = async (request) => {
      const attempts = await send(request);
      return isGone ? new Promise(() => {}) : attempts;
    };
    begin([serverAt(1)]);
    queue();
    await turning(() => relay.requests.length === 1);
    isGone = false;
    const server = await scripted();
    await restart([serverAt(server.port)]);
    await settled();
    expect([relay.requests.map(({ key }) => key), relay.mailed, server.accepted]).toEqual([
      ['message-1', 'message-1'],
      [OUT],
      [],
    ]);
  });

  test('the outcome cannot be written down: nothing is handed over twice meanwhile', async () => {
    begin([serverAt(1)]);
    const { settle } = outbox;
    let isFull = false;
    outbox.settle = (...words) => {
      if (isFull && words[0].submission !== null) throw new Error('disk is full');
      return settle(...words);
    };
    isFull = true;
    queue();
    await turning(() => relay.requests.length === 1);
    await clock.advance(12_000);
    expect([relay.requests.length, faults.length > 1]).toEqual([1, true]);
    isFull = false;
    await clock.advance(5000);
    expect([states(), relay.requests.length]).toEqual([['accepted'], 1]);
    faults = [];
  });
});
