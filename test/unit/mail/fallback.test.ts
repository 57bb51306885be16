import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Message } from '../../../shared/model/message.ts';
import { scripted, serverAt, until, WAITING_LIMITS } from '../../fakes/outlet-rig.ts';
import type { ScriptedSmtpServer } from '../../fakes/scripted-smtp-server.ts';

import { ADMIN, FallbackRig, OUT } from '../../fakes/fallback-rig.ts';

const MINUTE = 60_000;
const DENIED = { rcpt: '550 5.7.1 Relaying denied' };
const NOBODY = { rcpt: '550 5.1.1 No such user' };

let rig: FallbackRig;
beforeEach(() => {
  rig = new FallbackRig();
});
afterEach(() => rig.end());

describe('servers that cannot be reached', () => {
  test('a refused connection: the mail goes by the Web Service at once, and the log says why', async () => {
    rig.begin([serverAt(1)]);
    rig.queue();
    await rig.settled();
    expect(rig.ways()).toEqual(['smtp smtp_connection_refused', 'relay accepted']);
    expect(rig.reasons()[1]).toBe('fallback: the mail server 127.0.0.1:1 refused the connection');
    expect(rig.relay.requests).toEqual([{ key: 'message-1', recipients: [OUT] }]);
  });

  test('administrators as well', async () => {
    rig.begin([serverAt(1)]);
    rig.queue({ recipients: [ADMIN] });
    await rig.settled();
    expect(rig.relay.mailed).toEqual([ADMIN]);
  });

  test('a server that never answers is waited for once, and new mail not at all', async () => {
    const server = await scripted({ greeting: 'hang' });
    rig.begin([serverAt(server.port)], WAITING_LIMITS);
    rig.queue();
    for (let turn = 0; turn < 100 && rig.states()[0] === 'queued'; turn++) {
      await rig.clock.advance(50);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(rig.ways()).toEqual(['smtp smtp_connection_timeout', 'relay accepted']);
    rig.queue({ id: 'message-2' });
    await rig.clock.advance(0);
    expect([rig.states('message-2'), rig.ways('message-2'), server.connections]).toEqual([
      ['accepted'],
      ['relay accepted'],
      1,
    ]);
    expect(rig.reasons('message-2')[0]).toMatch(
      /^fallback: 127\.0\.0\.1:\d+ is down since 2026-\S+ \(the mail server 127\.0\.0\.1:\d+ did not answer in time\)$/,
    );
  });

  test('all servers of the list are asked first', async () => {
    const backup = await scripted();
    rig.begin([serverAt(1), serverAt(backup.port)]);
    rig.queue();
    await rig.settled();
    expect([backup.accepted.length, rig.relay.requests.length]).toEqual([1, 0]);
  });

  test('what waits by schedule goes at once when the servers are known to be down and the service is back', async () => {
    rig.relay.isAvailable = false;
    rig.begin([serverAt(1)]);
    rig.queue();
    await rig.tried(1);
    expect(rig.reasons()).toEqual([
      'primary server; the connection was refused (ECONNREFUSED); not by the Web Service: it cannot be reached either',
    ]);
    expect(rig.relay.waiting).toBe(true);
    rig.relay.isAvailable = true;
    rig.dispatcher.tryNow('relay');
    await rig.clock.advance(1);
    expect([rig.states(), rig.relay.requests.length]).toEqual([['accepted'], 1]);
  });

  test('a server that is back is used again within 5 s, though nothing waits, 10 min after the last fallback too', async () => {
    const server = await scripted();
    await server.stop();
    rig.begin([serverAt(server.port)]);
    const pass = async (ms: number) => {
      for (let left = ms; left > 0; left -= 5000) {
        await rig.clock.advance(5000);
        await new Promise((resolve) => setTimeout(resolve, 4));
      }
    };
    rig.queue();
    await rig.settled();
    await pass(9 * MINUTE);
    rig.queue({ id: 'message-2' });
    await pass(9 * MINUTE);
    await server.start(server.port);
    await pass(5_000);
    await until(() => rig.servers.available(null));
    rig.queue({ id: 'message-3' });
    await rig.settled('message-3');
    expect([rig.ways('message-2'), rig.ways('message-3')]).toEqual([['relay accepted'], ['smtp accepted']]);
  });

  test('later it is looked for once a minute', async () => {
    rig.begin([serverAt(1)]);
    rig.queue();
    await rig.settled();
    const waits: number[] = [];
    for (let turn = 0; turn < 260; turn++) {
      await rig.clock.advance(2500);
      await new Promise((resolve) => setTimeout(resolve, 2));
      const next = rig.servers.health()[0]?.nextProbeAt ?? 0;
      waits.push(Math.max(0, next - rig.clock.now()));
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
    rig.begin([serverAt(server.port)]);
    rig.queue({ recipients });
    await rig.settled();
    const went = rig.log().attempts.map(({ route: way }) => way);
    expect(`${rig.states().join(' ')}; ${went.join(' ')}`).toBe(outcome);
  });

  test('only those whom no server took are handed over', async () => {
    const server = await scripted({ rcpt: { [ADMIN]: '250 Ok', [OUT]: DENIED.rcpt } });
    rig.begin([serverAt(server.port)]);
    rig.queue({ recipients: [ADMIN, OUT] });
    await rig.settled();
    expect([server.accepted[0]?.to, rig.relay.mailed]).toEqual([[ADMIN], [OUT]]);
  });

  test('asked to come back: once more by SMTP, then by the service', async () => {
    const server = await scripted({ rcpt: '450 4.2.0 Greylisted' });
    rig.begin([serverAt(server.port)]);
    rig.queue();
    await rig.tried(1);
    expect(rig.reasons()[0]).toBe(
      'primary server; not by the Web Service: the server asked to try again later, and is asked once more first',
    );
    await rig.clock.advance(MINUTE);
    await rig.settled();
    expect(rig.ways()).toEqual(['smtp smtp_temporary', 'smtp smtp_temporary', 'relay accepted']);
  });

  test('why it is not used is said once per message', async () => {
    const server = await scripted({ rcpt: '450 4.2.0 Greylisted' });
    rig.begin([serverAt(server.port)]);
    rig.queue({ recipients: [ADMIN] });
    for (let turn = 1; turn <= 3; turn++) {
      await rig.tried(turn);
      await rig.clock.advance(4 * MINUTE);
    }
    await rig.tried(3);
    const saying = rig.reasons().filter((reason) => reason.includes('not by the Web Service'));
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
    rig.begin([serverAt(1)]);
    rig.queue(given);
    await rig.tried(1);
    rig.queue({ ...given, id: 'message-2' });
    await rig.tried(1, 'message-2');
    expect([rig.relay.requests, rig.states(), rig.states('message-2')]).toEqual([[], ['queued'], ['queued']]);
    for (const id of ['message-1', 'message-2'])
      expect(rig.reasons(id)[0]).toContain(`not by the Web Service: ${why}`);
  });

  test('anything, while it is not to be used or the subscription has ended; a refusal is final then', async () => {
    const server = await scripted(DENIED);
    rig.route = { outlet: null, reason: 'the subscription ended on 1 January 2026' };
    rig.begin([serverAt(server.port)]);
    rig.queue();
    await rig.settled();
    expect([rig.states(), rig.reasons()]).toEqual([
      ['failed'],
      ['primary server; not by the Web Service: the subscription ended on 1 January 2026'],
    ]);
  });

  test('a message that a server may have: the same id only on the same route', async () => {
    const server = await scripted({ dot: 'drop' });
    rig.begin([serverAt(server.port)]);
    rig.queue();
    await rig.tried(1);
    await server.stop();
    await rig.clock.advance(10 * MINUTE);
    await rig.turning(() => rig.log().attempts.length >= 2);
    expect([rig.relay.requests, rig.states()]).toEqual([[], ['queued']]);
  });
});
