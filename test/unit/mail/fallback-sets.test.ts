import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SmtpServerOptions } from '../../../mail/smtp-server-options.ts';
import { scripted, serverAt } from '../../fakes/outlet-rig.ts';

import { FallbackRig, OUT } from '../../fakes/fallback-rig.ts';

const MINUTE = 60_000;
const DENIED = { rcpt: '550 5.7.1 Relaying denied' };

let rig: FallbackRig;
beforeEach(() => {
  rig = new FallbackRig();
});
afterEach(() => rig.end());

describe('a set that is with the Web Service', () => {
  test('a lost reply: it stays there under its key, and is accepted once', async () => {
    rig.relay.answers = ['lost', 'unreachable', 'accept'];
    const server = await scripted();
    await server.stop();
    rig.begin([serverAt(server.port)]);
    rig.queue();
    await rig.tried(2);
    await server.start(server.port);
    await rig.clock.advance(5 * MINUTE);
    await rig.settled();
    expect(rig.relay.requests.map(({ key }) => key)).toEqual(['message-1', 'message-1', 'message-1']);
    expect([rig.relay.mailed, server.accepted]).toEqual([[OUT], []]);
    expect(rig.reasons().at(-1)).toContain('asked again under the same key');
  });

  test('what the service did not take goes on by SMTP', async () => {
    rig.relay.answers = ['unreachable'];
    const server = await scripted();
    await server.stop();
    rig.begin([serverAt(server.port)]);
    rig.queue();
    await rig.tried(2);
    expect(rig.states()).toEqual(['queued']);
    await server.start(server.port);
    await rig.clock.advance(MINUTE);
    await rig.settled();
    expect([server.accepted.length, rig.relay.mailed]).toEqual([1, []]);
  });

  test('refused by both for good: no further try', async () => {
    rig.relay.answers = ['refuse'];
    const server = await scripted(DENIED);
    rig.begin([serverAt(server.port)]);
    rig.queue();
    await rig.settled();
    expect([rig.states(), rig.ways()]).toEqual([
      ['failed'],
      ['smtp smtp_relaying_denied', 'relay relay_refused_invalid_message'],
    ]);
  });

  test('refused by the server, the service away: kept until the service is back', async () => {
    rig.relay.isAvailable = false;
    const server = await scripted(DENIED);
    rig.begin([serverAt(server.port)]);
    rig.queue();
    await rig.tried(1);
    expect(rig.states()).toEqual(['queued']);
    rig.relay.isAvailable = true;
    await rig.clock.advance(MINUTE);
    await rig.settled();
    expect(rig.relay.mailed).toEqual([OUT]);
  });

  test('another set gets another key; the same set the same key', async () => {
    rig.relay.answers = ['unreachable', 'unreachable', 'accept'];
    const server = await scripted({ rcpt: { 'a@x.example': DENIED.rcpt, 'b@x.example': DENIED.rcpt } });
    rig.begin([serverAt(server.port)]);
    rig.queue({ recipients: ['a@x.example', 'b@x.example'] });
    await rig.tried(2);
    await rig.clock.advance(MINUTE);
    await rig.tried(4);
    server.script = { rcpt: { 'a@x.example': DENIED.rcpt, 'b@x.example': '250 Ok' } };
    await rig.clock.advance(2 * MINUTE);
    await rig.settled();
    expect(rig.relay.requests.map(({ key, recipients }) => `${key}: ${recipients.join(' ')}`)).toEqual([
      'message-1: a@x.example b@x.example',
      'message-1: a@x.example b@x.example',
      'message-1.2: a@x.example',
    ]);
  });

  test('the service may have it and is gone for half an hour: rather twice than not at all', async () => {
    rig.relay.answers = ['cut'];
    const server = await scripted();
    await server.stop();
    rig.begin([serverAt(server.port)]);
    rig.queue();
    await rig.tried(2);
    rig.relay.isAvailable = false;
    await server.start(server.port);
    await rig.clock.advance(29 * MINUTE);
    expect([rig.states(), server.accepted]).toEqual([['queued'], []]);
    await rig.clock.advance(2 * MINUTE);
    await rig.settled();
    expect(server.accepted).toHaveLength(1);
    expect(rig.reasons()).toContainEqual(expect.stringContaining('rather twice than not at all'));
  });
});

test('resent and given back while it is on its way: what the service says is written down all the same', async () => {
  const answers: (() => void)[] = [];
  const send = rig.relay.send.bind(rig.relay);
  rig.relay.send = async (request) => {
    await new Promise<void>((resolve) => {
      answers.push(resolve);
    });
    return send(request);
  };
  rig.begin([serverAt(1)]);
  rig.queue();
  await rig.turning(() => answers.length === 1);
  rig.outbox.resend('message-1', rig.clock.now());
  rig.relay.isAvailable = false;
  rig.clock.jump(40 * MINUTE);
  await rig.clock.advance(2 * MINUTE);
  answers[0]?.();
  await rig.settled();
  expect([rig.states(), rig.relay.mailed]).toEqual([['accepted'], [OUT]]);
});

describe('killed between two steps', () => {
  /** The process is gone at this moment, and another one takes the folder over. */
  async function restart(list: readonly SmtpServerOptions[]): Promise<void> {
    const before = rig.dispatcher;
    rig.begin(list);
    void before.stop();
  }

  test('after the set was written down, before the request: the same key with the same people', async () => {
    let isGone = false;
    const send = rig.relay.send.bind(rig.relay);
    rig.relay.send = (request) => (isGone ? new Promise(() => {}) : send(request));
    const server = await scripted(DENIED);
    isGone = true;
    rig.begin([serverAt(server.port)]);
    rig.queue({ recipients: ['a@x.example', 'b@x.example'] });
    await rig.tried(1);
    isGone = false;
    server.script = {};
    await restart([serverAt(server.port)]);
    await rig.settled();
    expect(rig.relay.requests).toEqual([{ key: 'message-1', recipients: ['a@x.example', 'b@x.example'] }]);
    expect(server.accepted).toEqual([]);
  });

  test('after the service had accepted, before that was written down: accepted once', async () => {
    let isGone = true;
    const send = rig.relay.send.bind(rig.relay);
    rig.relay.send = async (request) => {
      const attempts = await send(request);
      return isGone ? new Promise(() => {}) : attempts;
    };
    rig.begin([serverAt(1)]);
    rig.queue();
    await rig.turning(() => rig.relay.requests.length === 1);
    isGone = false;
    const server = await scripted();
    await restart([serverAt(server.port)]);
    await rig.settled();
    expect([rig.relay.requests.map(({ key }) => key), rig.relay.mailed, server.accepted]).toEqual([
      ['message-1', 'message-1'],
      [OUT],
      [],
    ]);
  });

  test('the outcome cannot be written down: nothing is handed over twice meanwhile', async () => {
    rig.begin([serverAt(1)]);
    const { settle } = rig.outbox;
    let isFull = false;
    rig.outbox.settle = (...words) => {
      if (isFull && words[0].submission !== null) throw new Error('disk is full');
      return settle(...words);
    };
    isFull = true;
    rig.queue();
    await rig.turning(() => rig.relay.requests.length === 1);
    await rig.clock.advance(12_000);
    expect([rig.relay.requests.length, rig.faults.length > 1]).toEqual([1, true]);
    isFull = false;
    await rig.clock.advance(5000);
    expect([rig.states(), rig.relay.requests.length]).toEqual([['accepted'], 1]);
    rig.faults = [];
  });
});
