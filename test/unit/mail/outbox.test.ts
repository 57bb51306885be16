import { beforeEach, describe, expect, test } from 'vitest';
import { GIVE_UP_AFTER_MS } from '../../../mail/retry-policy.ts';
import { aMessage } from '../../fakes/messages.ts';

import { anAttempt, OutboxRig } from '../../fakes/outbox-rig.ts';

const MINUTE = 60_000;

let rig: OutboxRig;
beforeEach(() => {
  rig = new OutboxRig();
});

describe('outbox', () => {
  test('gives back exactly what it accepted', () => {
    const message = aMessage({
      references: ['root@contoso.example'],
      recipients: ['a@x.example', 'b@x.example'],
      html: null,
    });
    rig.outbox.accept([message], 10);
    expect(rig.mustLease(10)).toEqual({
      message,
      recipients: message.recipients,
      pinnedServer: null,
      attachments: [],
      submission: null,
      tries: 0,
    });
  });

  test('a leased message is nobody else’s until it is settled or the lease runs out', () => {
    rig.outbox.accept([aMessage()], 0);
    rig.mustLease(0);
    expect(rig.lease(1)).toBeNull();
    expect(rig.lease(14 * MINUTE)).toBeNull();
    expect(rig.lease(15 * MINUTE)).not.toBeNull();
  });

  test('leases of a process that is gone end when the next one takes over', () => {
    rig.outbox.accept([aMessage()], 0);
    rig.mustLease(0);
    rig.outbox.takeOver(0);
    expect(rig.lease(1)).not.toBeNull();
  });

  test('leaves nothing behind when the transaction it takes part in is undone', () => {
    const broken = () =>
      rig.store.transaction(() => {
        rig.outbox.accept([aMessage()], 0);
        throw new Error('the other half failed');
      });
    expect(broken).toThrow('the other half failed');
    expect(rig.outbox.waiting('smtp')).toBe(0);
  });

  test('each recipient has a state of its own', () => {
    const recipients = ['good@x.example', 'slow@x.example', 'bad@x.example', 'lost@x.example'];
    rig.outbox.accept([aMessage({ recipients })], 0);
    const verdicts = {
      'good@x.example': 'accepted',
      'slow@x.example': 'retry',
      'bad@x.example': 'rejected',
      'lost@x.example': 'unknown',
    } as const;
    const failures = rig.outbox.settle(rig.mustLease(0), [anAttempt(verdicts)], 0);
    expect(failures.map((failure) => failure.address)).toEqual(['bad@x.example']);
    const states = rig.log().find('message-1')?.recipients ?? [];
    expect(states.map((state) => [state.address, state.status, state.nextAttemptAt])).toEqual([
      ['good@x.example', 'accepted', null],
      ['slow@x.example', 'queued', MINUTE],
      ['bad@x.example', 'failed', null],
      ['lost@x.example', 'queued', MINUTE],
    ]);
    expect(rig.mustLease(MINUTE).recipients).toEqual(['slow@x.example', 'lost@x.example']);
  });

  test('the last attempt that names a recipient decides about it', () => {
    rig.outbox.accept([aMessage({ recipients: ['a@x.example', 'b@x.example'] })], 0);
    const attempts = [
      anAttempt({ 'a@x.example': 'retry', 'b@x.example': 'accepted' }),
      anAttempt({ 'a@x.example': 'accepted' }, { reason: 'backup server' }),
    ];
    rig.outbox.settle(rig.mustLease(0), attempts, 0);
    expect(rig.outbox.waiting('smtp')).toBe(0);
    expect(
      rig
        .log()
        .find('message-1')
        ?.attempts.map((attempt) => attempt.reason),
    ).toEqual(['primary server', 'backup server']);
  });

  test('tries after 1, 2, 4, 8, 16 and then every 30 min, for five days, then fails and stays in the log', () => {
    rig.outbox.accept([aMessage()], 0);
    const times: number[] = [];
    let failed: readonly unknown[] = [];
    for (let now = 0; failed.length === 0; now = rig.outbox.nextDueAt('smtp') ?? now) {
      times.push(now / MINUTE);
      failed = rig.outbox.settle(rig.mustLease(now), [anAttempt({ 'it@contoso.example': 'retry' })], now);
    }
    expect(times.slice(0, 8)).toEqual([0, 1, 3, 7, 15, 31, 61, 91]);
    expect(times.at(-1)).toBe(GIVE_UP_AFTER_MS / MINUTE);
    expect(rig.log().find('message-1')?.recipients[0]).toMatchObject({
      status: 'failed',
      code: 'smtp_temporary',
    });
    expect(rig.outbox.nextDueAt('smtp')).toBeNull();
  });

  test('a message that could not be tried for five days is given up with the reason', () => {
    rig.outbox.accept([aMessage()], 0);
    expect(rig.outbox.expire('smtp', GIVE_UP_AFTER_MS - 1, 'smtp_connection_refused')).toEqual([]);
    const failures = rig.outbox.expire('smtp', GIVE_UP_AFTER_MS, 'smtp_connection_refused');
    expect(failures).toMatchObject([{ address: 'it@contoso.example', code: 'smtp_connection_refused' }]);
    expect(rig.log().find('message-1')?.recipients[0]?.status).toBe('failed');
  });

  test('when nothing could be tried, all stays as it was', () => {
    rig.outbox.accept([aMessage()], 0);
    rig.outbox.settle(rig.mustLease(0), [], 0);
    expect(rig.mustLease(1).recipients).toEqual(['it@contoso.example']);
    expect(rig.log().find('message-1')?.recipients[0]?.attempts).toBe(0);
  });

  test('why a message waits is noted once', () => {
    rig.outbox.accept([aMessage()], 0);
    const { outcomes: _, ...why } = anAttempt({}, { stage: 'route', reason: 'the server is down' });
    rig.outbox.explainWaiting('smtp', () => why);
    rig.outbox.explainWaiting('smtp', () => why);
    expect(rig.log().find('message-1')?.attempts).toHaveLength(1);
  });

  test('everything that waits is due at once when settings change or a server answers again', () => {
    rig.outbox.accept([aMessage(), aMessage({ id: 'other', route: 'relay' })], 0);
    rig.outbox.settle(rig.mustLease(0), [anAttempt({ 'it@contoso.example': 'retry' })], 0);
    expect(rig.lease(5)).toBeNull();
    rig.outbox.makeDue('smtp', 5);
    expect(rig.lease(5)?.message.id).toBe('message-1');
  });

  test('a clock that was set back does not hold mail back', () => {
    const later = 365 * 24 * 60 * MINUTE;
    rig.outbox.accept([aMessage()], later);
    expect(rig.lease(0)?.recipients).toEqual(['it@contoso.example']);
  });

  test('routes do not mix', () => {
    rig.outbox.accept([aMessage({ route: 'relay' })], 0);
    expect(rig.lease(0)).toBeNull();
    expect(rig.outbox.lease('relay', 0, () => true)).not.toBeNull();
  });

  test('the same id is never accepted twice', () => {
    rig.outbox.accept([aMessage()], 0);
    expect(() => rig.outbox.accept([aMessage()], 1)).toThrow(/UNIQUE/);
  });
});

describe('several calls together', () => {
  test('a settle and the next lease are one commit: what undoes the one undoes the other', () => {
    rig.outbox.accept([aMessage({ id: 'first' }), aMessage({ id: 'second' })], 0);
    const first = rig.mustLease(0);
    const settleAndLease = () => {
      rig.outbox.settle(first, [anAttempt({ [first.recipients[0] ?? '']: 'accepted' })], 1);
      return rig.mustLease(1);
    };
    expect(() =>
      rig.outbox.together(() => {
        settleAndLease();
        throw new Error('the disk is full');
      }),
    ).toThrow('the disk is full');
    expect(rig.outbox.waiting('smtp')).toBe(2);
    expect(rig.outbox.together(settleAndLease).message.id).toBe('second');
    expect(rig.outbox.waiting('smtp')).toBe(1);
    expect(rig.lease(1)).toBeNull();
  });
});

describe('resend', () => {
  test('queues those who have not got it, with five new days', () => {
    rig.outbox.accept([aMessage({ recipients: ['a@x.example', 'b@x.example'] })], 0);
    rig.outbox.settle(
      rig.mustLease(0),
      [anAttempt({ 'a@x.example': 'accepted', 'b@x.example': 'rejected' })],
      0,
    );
    expect(rig.outbox.resend('message-1', MINUTE)).toBe(true);
    expect(rig.mustLease(MINUTE).recipients).toEqual(['b@x.example']);
    expect(rig.outbox.expire('smtp', GIVE_UP_AFTER_MS, 'smtp_temporary')).toEqual([]);
  });

  test('says no where there is nobody to send it to, or no such message', () => {
    rig.outbox.accept([aMessage()], 0);
    rig.outbox.settle(rig.mustLease(0), [anAttempt({ 'it@contoso.example': 'accepted' })], 0);
    expect(rig.outbox.resend('message-1', 1)).toBe(false);
    expect(rig.outbox.resend('no-such-message', 1)).toBe(false);
  });
});

test('a computer that was off for more than five days gives what waits an hour more', () => {
  rig.outbox.accept([aMessage()], 0);
  const back = GIVE_UP_AFTER_MS + MINUTE;
  rig.outbox.takeOver(back);
  rig.outbox.settle(rig.mustLease(back), [anAttempt({ 'it@contoso.example': 'retry' })], back);
  expect(rig.log().find('message-1')?.recipients[0]?.status).toBe('queued');
  expect(rig.outbox.expire('smtp', back + 59 * MINUTE, 'smtp_connection_timeout')).toEqual([]);
  expect(rig.outbox.expire('smtp', back + 60 * MINUTE, 'smtp_connection_timeout')).toHaveLength(1);
});

test('the log can be read in parts, newest first, each message once', () => {
  for (let n = 1; n <= 5; n++) rig.outbox.accept([aMessage({ id: `message-${n}` })], 0);
  const part = (before: string | null) =>
    rig
      .log()
      .list({ limit: 2, since: null, before })
      .map((record) => record.message.id);
  expect([part(null), part('message-4'), part('message-2'), part('message-1')]).toEqual([
    ['message-5', 'message-4'],
    ['message-3', 'message-2'],
    ['message-1'],
    [],
  ]);
});
