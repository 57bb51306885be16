import { describe, expect, test } from 'vitest';
import { type FallbackFacts, fallbackVerdict } from '../../../mail/fallback-policy.ts';
import { type Trouble, troubleOf, troublesOf, wasAnswered } from '../../../mail/smtp-trouble.ts';
import type { ErrorCode } from '../../../shared/errors.ts';
import type { Attempt, RecipientOutcome, Stage, Verdict } from '../../../shared/model/delivery.ts';

const MINUTE = 60_000;

function facts(troubles: readonly Trouble[], given: Partial<FallbackFacts> = {}): FallbackFacts {
  return {
    kind: 'alert',
    hasAttachments: false,
    isPinned: false,
    administratorsOnly: false,
    wasAnswered: troubles.some((trouble) => trouble !== 'unreachable'),
    troubles: new Map(troubles.map((trouble, index) => [`r${index}`, trouble])),
    tries: 1,
    ageMs: 0,
    ...given,
  };
}

const ADMINS = { administratorsOnly: true };

describe('S5: who falls back when', () => {
  const rows: readonly [
    rule: string,
    troubles: readonly Trouble[],
    given: Partial<FallbackFacts>,
    outcome: string,
  ][] = [
    ['others, no server reached', ['unreachable'], {}, 'unreachable: r0'],
    ['administrators, no server reached', ['unreachable'], ADMINS, 'unreachable: r0'],
    ['others, refused', ['refused'], {}, 'refused: r0'],
    ['administrators, refused', ['refused'], ADMINS, 'stays'],
    ['others, asked to come back, once', ['temporary'], {}, 'stays'],
    ['others, asked to come back, twice', ['temporary'], { tries: 2 }, 'temporary: r0'],
    ['others, asked to come back, for 5 min', ['temporary'], { ageMs: 5 * MINUTE }, 'temporary: r0'],
    [
      'administrators, asked to come back for hours',
      ['temporary'],
      { ...ADMINS, tries: 9, ageMs: 99 * MINUTE },
      'stays',
    ],
    ['a mailbox that does not exist', ['no-such-recipient'], {}, 'stays'],
    ['the rest of a message that names one', ['no-such-recipient', 'refused'], {}, 'refused: r1'],
    [
      'the message as a whole: who waits goes with who is refused',
      ['temporary', 'refused'],
      {},
      'refused: r0 r1',
    ],
    ['one server was reached, another was not', ['unreachable'], { wasAnswered: true }, 'unreachable: r0'],
    ['the same for administrators', ['unreachable'], { ...ADMINS, wasAnswered: true }, 'stays'],
    ['a server may have it', ['unknown'], {}, 'stays'],
    ['a server may have it for one of them', ['unknown', 'refused'], {}, 'stays'],
    ['a server may have it from before', ['unreachable'], { isPinned: true }, 'stays'],
    ['a file alert', ['unreachable'], { kind: 'file-alert' }, 'stays'],
    ['anything with a file', ['unreachable'], { hasAttachments: true }, 'stays'],
    ['nobody is left', [], {}, 'stays'],
  ];
  test.each(rows)('%s', (_, troubles, given, outcome) => {
    const verdict = fallbackVerdict(facts(troubles, given));
    expect(verdict.goes ? `${verdict.cause}: ${verdict.recipients.join(' ')}` : 'stays').toBe(outcome);
  });

  test('whatever stays says why, unless nobody is left', () => {
    const silent = rows.filter(([, troubles, given]) => {
      const verdict = fallbackVerdict(facts(troubles, given));
      return !verdict.goes && verdict.why === null;
    });
    expect(silent.map(([rule]) => rule)).toEqual(['nobody is left']);
  });
});

describe('what servers say, as trouble', () => {
  const rows: readonly [
    stage: Stage,
    verdict: Verdict,
    code: ErrorCode | null,
    reply: string | null,
    trouble: Trouble | null,
  ][] = [
    ['accepted', 'accepted', null, '250 2.0.0 Ok', null],
    ['dns', 'retry', 'smtp_host_not_found', null, 'unreachable'],
    ['connect', 'retry', 'smtp_connection_refused', null, 'unreachable'],
    ['tls', 'retry', 'smtp_certificate_untrusted', null, 'unreachable'],
    ['greeting', 'retry', 'smtp_temporary', '421 4.3.2 Too busy', 'unreachable'],
    ['auth', 'retry', 'smtp_auth_failed', '535 5.7.8 No', 'unreachable'],
    ['sender', 'retry', 'smtp_auth_failed', '530 5.7.0 Authentication required', 'unreachable'],
    ['route', 'retry', null, null, 'unreachable'],
    ['route', 'retry', 'smtp_sender_rejected', null, 'unreachable'],
    ['data', 'retry', 'smtp_connection_timeout', null, 'unreachable'],
    ['data', 'unknown', 'smtp_outcome_unknown', null, 'unknown'],
    ['recipient', 'retry', 'smtp_temporary', '450 4.2.0 Greylisted', 'temporary'],
    ['recipient', 'retry', 'smtp_relaying_denied', '454 4.7.1 Relay access denied', 'temporary'],
    ['recipient', 'rejected', 'smtp_relaying_denied', '550 5.7.1 Relaying denied', 'refused'],
    ['recipient', 'retry', 'smtp_relaying_denied', '550 5.7.1 Relaying denied', 'refused'],
    ['sender', 'rejected', 'smtp_sender_rejected', '550 5.7.60 SendAsDenied', 'refused'],
    ['data', 'rejected', 'smtp_message_rejected', '554 5.7.1 Spam', 'refused'],
    ['recipient', 'rejected', 'smtp_recipient_rejected', '550 5.7.1 Blocked by policy', 'refused'],
    [
      'recipient',
      'rejected',
      'smtp_recipient_rejected',
      '550 5.1.1 <x@y>: User unknown',
      'no-such-recipient',
    ],
    [
      'recipient',
      'rejected',
      'smtp_recipient_rejected',
      '550 5.1.10 Recipient not found',
      'no-such-recipient',
    ],
    ['recipient', 'rejected', 'smtp_recipient_rejected', '552 5.2.2 Mailbox full', 'no-such-recipient'],
    ['recipient', 'rejected', 'smtp_recipient_rejected', '550 No such user here', 'no-such-recipient'],
    ['recipient', 'rejected', 'smtp_recipient_rejected', '550 mailbox unavailable', 'no-such-recipient'],
    ['recipient', 'rejected', 'smtp_recipient_rejected', '550 Denied', 'refused'],
    ['route', 'rejected', 'smtp_recipient_rejected', null, 'no-such-recipient'],
  ];
  test.each(rows)('%s %s %s %s', (stage, verdict, code, reply, trouble) => {
    expect(troubleOf({ address: 'x@y.example', verdict, code, reply }, stage)).toBe(trouble);
  });

  const attempt = (stage: Stage, outcomes: readonly RecipientOutcome[]): Attempt => ({
    at: 0,
    durationMs: 0,
    route: 'smtp',
    server: null,
    stage,
    code: null,
    reply: null,
    reason: '',
    outcomes,
  });
  const refused = { code: 'smtp_connection_refused', reply: null } as const;
  const primaryDown = attempt('connect', [
    { address: 'a', verdict: 'retry', ...refused },
    { address: 'b', verdict: 'retry', ...refused },
  ]);
  const denied = {
    verdict: 'rejected',
    code: 'smtp_relaying_denied',
    reply: '550 5.7.1 No relaying',
  } as const;

  test('the last server that was asked decides about each recipient', () => {
    const backup = attempt('accepted', [
      { address: 'a', verdict: 'accepted', code: null, reply: '250 Ok' },
      { address: 'b', ...denied },
    ]);
    expect([...troublesOf([primaryDown, backup])]).toEqual([['b', 'refused']]);
  });

  test('a server answered when it said yes or no; not when it only broke off', () => {
    const brokeOff = attempt('data', [{ address: 'a', verdict: 'retry', code: 'smtp_blocked', reply: null }]);
    const answers = [
      [primaryDown],
      [primaryDown, brokeOff],
      [attempt('recipient', [{ address: 'a', ...denied }])],
    ];
    expect(answers.map(wasAnswered)).toEqual([false, false, true]);
  });
});
