import { beforeEach, describe, expect, test } from 'vitest';
import { PIN_MS } from '../../../mail/retry-policy.ts';
import type { RecipientOutcome, ServerName } from '../../../shared/model/delivery.ts';
import { aMessage } from '../../fakes/messages.ts';

import { anAttempt, OutboxRig, SERVER } from '../../fakes/outbox-rig.ts';

const MINUTE = 60_000;

let rig: OutboxRig;
beforeEach(() => {
  rig = new OutboxRig();
});

describe('a lost reply to the final dot', () => {
  const unknownAt = (now: number) =>
    rig.outbox.settle(
      rig.mustLease(now),
      [anAttempt({ 'it@contoso.example': 'unknown' }, { code: 'smtp_outcome_unknown' })],
      now,
    );

  beforeEach(() => {
    rig.outbox.accept([aMessage()], 0);
    unknownAt(0);
  });

  test('pins the message to the server that may have it', () => {
    expect(rig.mustLease(MINUTE).pinnedServer).toEqual(SERVER);
  });

  test('keeps it from being leased while that server cannot be used', () => {
    expect(rig.lease(MINUTE, (pinned) => pinned === null)).toBeNull();
  });

  test('a connection that fails leaves the pin; an answer of the server ends it', () => {
    rig.outbox.settle(rig.mustLease(MINUTE), [anAttempt({}, { outcomes: [refused] })], MINUTE);
    expect(rig.mustLease(3 * MINUTE).pinnedServer).toEqual(SERVER);
    rig.outbox.takeOver(0);
    rig.outbox.settle(rig.mustLease(3 * MINUTE), [anAttempt({ 'it@contoso.example': 'retry' })], 3 * MINUTE);
    expect(rig.mustLease(7 * MINUTE).pinnedServer).toBeNull();
  });

  test('after half an hour without an answer any server may have it, rather than nobody', () => {
    expect(rig.mustLease(PIN_MS - 1).pinnedServer).toEqual(SERVER);
    rig.outbox.takeOver(0);
    expect(rig.mustLease(PIN_MS).pinnedServer).toBeNull();
  });

  const refused: RecipientOutcome = {
    address: 'it@contoso.example',
    verdict: 'retry',
    code: 'smtp_connection_refused',
    reply: null,
  };
});

describe('a message that some servers may have and others refused', () => {
  const OTHER: ServerName = { host: 'backup.contoso.example', port: 25, security: 'none' };

  test('stays with the one that may have it, though another was asked for the rest', () => {
    rig.outbox.accept([aMessage({ recipients: ['a@x.example', 'b@x.example'] })], 0);
    const first = anAttempt({ 'a@x.example': 'unknown', 'b@x.example': 'retry' });
    rig.outbox.settle(
      rig.mustLease(0),
      [first, anAttempt({ 'b@x.example': 'accepted' }, { server: OTHER })],
      0,
    );
    expect(rig.mustLease(MINUTE)).toMatchObject({ recipients: ['a@x.example'], pinnedServer: SERVER });
  });

  test('does not stay with it for a year because the clock was set back', () => {
    const year = 365 * 24 * 60 * MINUTE;
    rig.outbox.accept([aMessage()], year);
    rig.outbox.settle(rig.mustLease(year), [anAttempt({ 'it@contoso.example': 'unknown' })], year);
    expect(rig.mustLease(0).pinnedServer).toBeNull();
  });

  test('holds no other message up, however many there are of them', () => {
    for (let n = 0; n < 60; n++) {
      rig.outbox.accept([aMessage({ id: `pinned-${n}` })], 0);
      rig.outbox.settle(rig.mustLease(0), [anAttempt({ 'it@contoso.example': 'unknown' })], 0);
    }
    rig.outbox.accept([aMessage({ id: 'fresh' })], MINUTE);
    expect(rig.lease(MINUTE, (pinned) => pinned === null)?.message.id).toBe('fresh');
  });
});
