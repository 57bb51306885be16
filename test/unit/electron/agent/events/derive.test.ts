import { describe, expect, test } from 'vitest';
import { eventsOfLaterFailures, eventsOfSend } from '../../../../../electron/agent/events/derive.ts';
import type { FinalFailure } from '../../../../../mail/outbox.ts';
import type { Attempt, Stage, Verdict } from '../../../../../shared/model/delivery.ts';
import { aMessage } from '../../../../fakes/messages.ts';

const SERVER = { host: 'mail.contoso.example', port: 25, security: 'none' } as const;
const CONTEXT = { now: 1000, emailAddress: 'tocsin@contoso.example', requiresAuthentication: () => false };
const ANN = 'ann@contoso.example';
const BOB = 'bob@contoso.example';

function attempt(stage: Stage, verdicts: Readonly<Record<string, Verdict>>): Attempt {
  const code = stage === 'accepted' ? null : 'smtp_temporary';
  const outcomes = Object.entries(verdicts).map(([address, verdict]) => ({
    address,
    verdict,
    code: verdict === 'accepted' ? null : ('smtp_recipient_rejected' as const),
    reply: verdict === 'accepted' ? '250 ok' : '550 no',
  }));
  return {
    at: 1,
    durationMs: 1,
    route: 'smtp',
    server: SERVER,
    stage,
    code,
    reply: null,
    reason: '',
    outcomes,
  };
}

const given = aMessage({ recipients: [ANN, BOB] });
const failure = (address: string): FinalFailure => ({
  message: given,
  address,
  code: 'smtp_recipient_rejected',
  reply: '550 no',
});

interface Row {
  readonly rule: string;
  readonly attempts: readonly Attempt[];
  readonly failures: readonly FinalFailure[];
  readonly events: readonly (readonly [type: string, recipients: string])[];
}

const ROWS: readonly Row[] = [
  {
    rule: 'all accepted: nothing',
    attempts: [attempt('accepted', { [ANN]: 'accepted' })],
    failures: [],
    events: [],
  },
  ...(['dns', 'connect', 'tls', 'greeting', 'auth'] as const).map((stage) => ({
    rule: `no session came about (${stage})`,
    attempts: [attempt(stage, { [ANN]: 'retry', [BOB]: 'retry' })],
    failures: [],
    events: [
      ['connection-failed', `${ANN} ${BOB}`],
      ['delivery-failed', `${ANN} ${BOB}`],
    ] as const,
  })),
  ...(['sender', 'recipient', 'data', 'route'] as const).map((stage) => ({
    rule: `there was a session, or no try at one (${stage})`,
    attempts: [attempt(stage, { [ANN]: 'retry' })],
    failures: [],
    events: [['delivery-failed', ANN]] as const,
  })),
  {
    rule: 'partly accepted: only for the others',
    attempts: [attempt('accepted', { [ANN]: 'accepted', [BOB]: 'rejected' })],
    failures: [failure(BOB)],
    events: [
      ['delivery-failed', BOB],
      ['final-delivery-failed', BOB],
    ],
  },
  {
    rule: 'given up for two in the same words: one event',
    attempts: [attempt('recipient', { [ANN]: 'rejected', [BOB]: 'rejected' })],
    failures: [failure(ANN), failure(BOB)],
    events: [
      ['delivery-failed', `${ANN} ${BOB}`],
      ['final-delivery-failed', `${ANN} ${BOB}`],
    ],
  },
  {
    rule: 'each attempt that failed counts, one that ended well does not',
    attempts: [attempt('connect', { [ANN]: 'retry' }), attempt('accepted', { [ANN]: 'accepted' })],
    failures: [],
    events: [
      ['connection-failed', ANN],
      ['delivery-failed', ANN],
    ],
  },
];

describe('eventsOfSend', () => {
  test.each(ROWS)('$rule', ({ attempts, failures, events }) => {
    const derived = eventsOfSend(given, attempts, failures, CONTEXT);
    expect(derived.map(({ type, recipients }) => [type, recipients.join(' ')])).toEqual(events);
    for (const event of derived) {
      expect(event).toMatchObject({
        at: 1000,
        server: SERVER,
        requiresAuthentication: false,
        messageId: given.id,
      });
    }
  });

  test('accepted and then given up further on: one event, of the attempt that handed it over', () => {
    const attempts = [attempt('connect', { [ANN]: 'retry' }), attempt('accepted', { [ANN]: 'accepted' })];
    const later = [{ ...failure(ANN), code: null, reply: '550 no such user' }];
    const record = { message: given, recipients: [], attempts };
    expect(eventsOfLaterFailures(later, record, CONTEXT)).toMatchObject([
      {
        type: 'final-delivery-failed',
        code: 'mail_bounced',
        stage: 'accepted',
        recipients: [ANN],
        reply: '550 no such user',
      },
    ]);
    expect(eventsOfLaterFailures([], null, CONTEXT)).toEqual([]);
  });

  test('I12: mail about events raises none', () => {
    const message = aMessage({ source: { type: 'smtp-event', name: 'Tell me' } });
    const attempts = [attempt('connect', { [ANN]: 'retry' })];
    expect(eventsOfSend(message, attempts, [{ ...failure(ANN), message }], CONTEXT)).toEqual([]);
  });
});
