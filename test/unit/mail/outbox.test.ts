import { beforeEach, describe, expect, test } from 'vitest';
import { createDeliveryLog } from '../../../mail/delivery-log.ts';
import { createOutbox, type Outbox } from '../../../mail/outbox.ts';
import { GIVE_UP_AFTER_MS, PIN_MS } from '../../../mail/retry-policy.ts';
import type { Store } from '../../../mail/store.ts';
import type { Attempt, RecipientOutcome, ServerName, Verdict } from '../../../shared/model/delivery.ts';
import { fakeRandom } from '../../fakes/fake-clock.ts';
import { memoryStore } from '../../fakes/memory-store.ts';
import { aMessage } from '../../fakes/messages.ts';

const MINUTE = 60_000;
const SERVER: ServerName = { host: 'mail.contoso.example', port: 25, security: 'none' };

let store: Store;
let outbox: Outbox;

beforeEach(() => {
  store = memoryStore();
  outbox = createOutbox(store, fakeRandom());
});

function anAttempt(verdicts: Readonly<Record<string, Verdict>>, given: Partial<Attempt> = {}): Attempt {
  const outcomes = Object.entries(verdicts).map(([address, verdict]): RecipientOutcome => {
    const code = {
      accepted: null,
      retry: 'smtp_temporary',
      rejected: 'smtp_recipient_rejected',
      unknown: 'smtp_outcome_unknown',
    } as const;
    return { address, verdict, code: code[verdict], reply: verdict === 'unknown' ? null : '250 or other' };
  });
  const base = {
    at: 0,
    durationMs: 5,
    route: 'smtp',
    server: SERVER,
    stage: 'data',
    code: null,
    reply: null,
    reason: 'primary server',
  } as const;
  return { ...base, outcomes, ...given };
}

function lease(now: number, maySend: (pinned: ServerName | null) => boolean = () => true) {
  return outbox.lease('smtp', now, maySend);
}

function mustLease(now: number) {
  const leased = lease(now);
  if (!leased) throw new Error(`nothing is due at ${now}`);
  return leased;
}

const log = () => createDeliveryLog(store);

describe('outbox', () => {
  test('gives back exactly what it accepted', () => {
    const message = aMessage({
      references: ['root@contoso.example'],
      recipients: ['a@x.example', 'b@x.example'],
      html: null,
    });
    outbox.accept([message], 10);
    expect(mustLease(10)).toEqual({
      message,
      recipients: message.recipients,
      pinnedServer: null,
      attachments: [],
      submission: null,
      tries: 0,
    });
  });

  test('a leased message is nobody else’s until it is settled or the lease runs out', () => {
    outbox.accept([aMessage()], 0);
    mustLease(0);
    expect(lease(1)).toBeNull();
    expect(lease(14 * MINUTE)).toBeNull();
    expect(lease(15 * MINUTE)).not.toBeNull();
  });

  test('leases of a process that is gone end when the next one takes over', () => {
    outbox.accept([aMessage()], 0);
    mustLease(0);
    outbox.takeOver(0);
    expect(lease(1)).not.toBeNull();
  });

  test('leaves nothing behind when the transaction it takes part in is undone', () => {
    const broken = () =>
      store.transaction(() => {
        outbox.accept([aMessage()], 0);
        throw new Error('the other half failed');
      });
    expect(broken).toThrow('the other half failed');
    expect(outbox.waiting('smtp')).toBe(0);
  });

  test('each recipient has a state of its own', () => {
    const recipients = ['good@x.example', 'slow@x.example', 'bad@x.example', 'lost@x.example'];
    outbox.accept([aMessage({ recipients })], 0);
    const verdicts = {
      'good@x.example': 'accepted',
      'slow@x.example': 'retry',
      'bad@x.example': 'rejected',
      'lost@x.example': 'unknown',
    } as const;
    const failures = outbox.settle(mustLease(0), [anAttempt(verdicts)], 0);
    expect(failures.map((failure) => failure.address)).toEqual(['bad@x.example']);
    const states = log().find('message-1')?.recipients ?? [];
    expect(states.map((state) => [state.address, state.status, state.nextAttemptAt])).toEqual([
      ['good@x.example', 'accepted', null],
      ['slow@x.example', 'queued', MINUTE],
      ['bad@x.example', 'failed', null],
      ['lost@x.example', 'queued', MINUTE],
    ]);
    expect(mustLease(MINUTE).recipients).toEqual(['slow@x.example', 'lost@x.example']);
  });

  test('the last attempt that names a recipient decides about it', () => {
    outbox.accept([aMessage({ recipients: ['a@x.example', 'b@x.example'] })], 0);
    const attempts = [
      anAttempt({ 'a@x.example': 'retry', 'b@x.example': 'accepted' }),
      anAttempt({ 'a@x.example': 'accepted' }, { reason: 'backup server' }),
    ];
    outbox.settle(mustLease(0), attempts, 0);
    expect(outbox.waiting('smtp')).toBe(0);
    expect(
      log()
        .find('message-1')
        ?.attempts.map((attempt) => attempt.reason),
    ).toEqual(['primary server', 'backup server']);
  });

  test('tries after 1, 2, 4, 8, 16 and then every 30 min, for five days, then fails and stays in the log', () => {
    outbox.accept([aMessage()], 0);
    const times: number[] = [];
    let failed: readonly unknown[] = [];
    for (let now = 0; failed.length === 0; now = outbox.nextDueAt('smtp') ?? now) {
      times.push(now / MINUTE);
      failed = outbox.settle(mustLease(now), [anAttempt({ 'it@contoso.example': 'retry' })], now);
    }
    expect(times.slice(0, 8)).toEqual([0, 1, 3, 7, 15, 31, 61, 91]);
    expect(times.at(-1)).toBe(GIVE_UP_AFTER_MS / MINUTE);
    expect(log().find('message-1')?.recipients[0]).toMatchObject({
      status: 'failed',
      code: 'smtp_temporary',
    });
    expect(outbox.nextDueAt('smtp')).toBeNull();
  });

  test('a message that could not be tried for five days is given up with the reason', () => {
    outbox.accept([aMessage()], 0);
    expect(outbox.expire('smtp', GIVE_UP_AFTER_MS - 1, 'smtp_connection_refused')).toEqual([]);
    const failures = outbox.expire('smtp', GIVE_UP_AFTER_MS, 'smtp_connection_refused');
    expect(failures).toMatchObject([{ address: 'it@contoso.example', code: 'smtp_connection_refused' }]);
    expect(log().find('message-1')?.recipients[0]?.status).toBe('failed');
  });

  test('when nothing could be tried, all stays as it was', () => {
    outbox.accept([aMessage()], 0);
    outbox.settle(mustLease(0), [], 0);
    expect(mustLease(1).recipients).toEqual(['it@contoso.example']);
    expect(log().find('message-1')?.recipients[0]?.attempts).toBe(0);
  });

  test('why a message waits is noted once', () => {
    outbox.accept([aMessage()], 0);
    const { outcomes: _, ...why } = anAttempt({}, { stage: 'route', reason: 'the server is down' });
    outbox.explainWaiting('smtp', () => why);
    outbox.explainWaiting('smtp', () => why);
    expect(log().find('message-1')?.attempts).toHaveLength(1);
  });

  test('everything that waits is due at once when settings change or a server answers again', () => {
    outbox.accept([aMessage(), aMessage({ id: 'other', route: 'relay' })], 0);
    outbox.settle(mustLease(0), [anAttempt({ 'it@contoso.example': 'retry' })], 0);
    expect(lease(5)).toBeNull();
    outbox.makeDue('smtp', 5);
    expect(lease(5)?.message.id).toBe('message-1');
  });

  test('a clock that was set back does not hold mail back', () => {
    const later = 365 * 24 * 60 * MINUTE;
    outbox.accept([aMessage()], later);
    expect(lease(0)?.recipients).toEqual(['it@contoso.example']);
  });

  test('routes do not mix', () => {
    outbox.accept([aMessage({ route: 'relay' })], 0);
    expect(lease(0)).toBeNull();
    expect(outbox.lease('relay', 0, () => true)).not.toBeNull();
  });

  test('the same id is never accepted twice', () => {
    outbox.accept([aMessage()], 0);
    expect(() => outbox.accept([aMessage()], 1)).toThrow(/UNIQUE/);
  });
});

describe('several calls together', () => {
  test('a settle and the next lease are one commit: what undoes the one undoes the other', () => {
    outbox.accept([aMessage({ id: 'first' }), aMessage({ id: 'second' })], 0);
    const first = mustLease(0);
    const settleAndLease = () => {
      outbox.settle(first, [anAttempt({ [first.recipients[0] ?? '']: 'accepted' })], 1);
      return mustLease(1);
    };
    expect(() =>
      outbox.together(() => {
        settleAndLease();
        throw new Error('the disk is full');
      }),
    ).toThrow('the disk is full');
    expect(outbox.waiting('smtp')).toBe(2);
    expect(outbox.together(settleAndLease).message.id).toBe('second');
    expect(outbox.waiting('smtp')).toBe(1);
    expect(lease(1)).toBeNull();
  });
});

describe('a lost reply to the final dot', () => {
  const unknownAt = (now: number) =>
    outbox.settle(
      mustLease(now),
      [anAttempt({ 'it@contoso.example': 'unknown' }, { code: 'smtp_outcome_unknown' })],
      now,
    );

  beforeEach(() => {
    outbox.accept([aMessage()], 0);
    unknownAt(0);
  });

  test('pins the message to the server that may have it', () => {
    expect(mustLease(MINUTE).pinnedServer).toEqual(SERVER);
  });

  test('keeps it from being leased while that server cannot be used', () => {
    expect(lease(MINUTE, (pinned) => pinned === null)).toBeNull();
  });

  test('a connection that fails leaves the pin; an answer of the server ends it', () => {
    outbox.settle(mustLease(MINUTE), [anAttempt({}, { outcomes: [refused] })], MINUTE);
    expect(mustLease(3 * MINUTE).pinnedServer).toEqual(SERVER);
    outbox.takeOver(0);
    outbox.settle(mustLease(3 * MINUTE), [anAttempt({ 'it@contoso.example': 'retry' })], 3 * MINUTE);
    expect(mustLease(7 * MINUTE).pinnedServer).toBeNull();
  });

  test('after half an hour without an answer any server may have it, rather than nobody', () => {
    expect(mustLease(PIN_MS - 1).pinnedServer).toEqual(SERVER);
    outbox.takeOver(0);
    expect(mustLease(PIN_MS).pinnedServer).toBeNull();
  });

  const refused: RecipientOutcome = {
    address: 'it@contoso.example',
    verdict: 'retry',
    code: 'smtp_connection_refused',
    reply: null,
  };
});

describe('resend', () => {
  test('queues those who have not got it, with five new days', () => {
    outbox.accept([aMessage({ recipients: ['a@x.example', 'b@x.example'] })], 0);
    outbox.settle(mustLease(0), [anAttempt({ 'a@x.example': 'accepted', 'b@x.example': 'rejected' })], 0);
    expect(outbox.resend('message-1', MINUTE)).toBe(true);
    expect(mustLease(MINUTE).recipients).toEqual(['b@x.example']);
    expect(outbox.expire('smtp', GIVE_UP_AFTER_MS, 'smtp_temporary')).toEqual([]);
  });

  test('says no where there is nobody to send it to, or no such message', () => {
    outbox.accept([aMessage()], 0);
    outbox.settle(mustLease(0), [anAttempt({ 'it@contoso.example': 'accepted' })], 0);
    expect(outbox.resend('message-1', 1)).toBe(false);
    expect(outbox.resend('no-such-message', 1)).toBe(false);
  });
});

describe('a message that some servers may have and others refused', () => {
  const OTHER: ServerName = { host: 'backup.contoso.example', port: 25, security: 'none' };

  test('stays with the one that may have it, though another was asked for the rest', () => {
    outbox.accept([aMessage({ recipients: ['a@x.example', 'b@x.example'] })], 0);
    const first = anAttempt({ 'a@x.example': 'unknown', 'b@x.example': 'retry' });
    outbox.settle(mustLease(0), [first, anAttempt({ 'b@x.example': 'accepted' }, { server: OTHER })], 0);
    expect(mustLease(MINUTE)).toMatchObject({ recipients: ['a@x.example'], pinnedServer: SERVER });
  });

  test('does not stay with it for a year because the clock was set back', () => {
    const year = 365 * 24 * 60 * MINUTE;
    outbox.accept([aMessage()], year);
    outbox.settle(mustLease(year), [anAttempt({ 'it@contoso.example': 'unknown' })], year);
    expect(mustLease(0).pinnedServer).toBeNull();
  });

  test('holds no other message up, however many there are of them', () => {
    for (let n = 0; n < 60; n++) {
      outbox.accept([aMessage({ id: `pinned-${n}` })], 0);
      outbox.settle(mustLease(0), [anAttempt({ 'it@contoso.example': 'unknown' })], 0);
    }
    outbox.accept([aMessage({ id: 'fresh' })], MINUTE);
    expect(lease(MINUTE, (pinned) => pinned === null)?.message.id).toBe('fresh');
  });
});

test('a computer that was off for more than five days gives what waits an hour more', () => {
  outbox.accept([aMessage()], 0);
  const back = GIVE_UP_AFTER_MS + MINUTE;
  outbox.takeOver(back);
  outbox.settle(mustLease(back), [anAttempt({ 'it@contoso.example': 'retry' })], back);
  expect(log().find('message-1')?.recipients[0]?.status).toBe('queued');
  expect(outbox.expire('smtp', back + 59 * MINUTE, 'smtp_connection_timeout')).toEqual([]);
  expect(outbox.expire('smtp', back + 60 * MINUTE, 'smtp_connection_timeout')).toHaveLength(1);
});

test('the log can be read in parts, newest first, each message once', () => {
  for (let n = 1; n <= 5; n++) outbox.accept([aMessage({ id: `message-${n}` })], 0);
  const part = (before: string | null) =>
    log()
      .list({ limit: 2, since: null, before })
      .map((record) => record.message.id);
  expect([part(null), part('message-4'), part('message-2'), part('message-1')]).toEqual([
    ['message-5', 'message-4'],
    ['message-3', 'message-2'],
    ['message-1'],
    [],
  ]);
});
