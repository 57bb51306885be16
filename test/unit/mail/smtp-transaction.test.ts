import { afterAll, describe, expect, test } from 'vitest';
import { settleTransaction, type Heard } from '../../../mail/smtp-transaction.ts';
import { cleanUp, misbehaviour, type MisbehaviourRow } from '../../fakes/outlet-rig.ts';

afterAll(cleanUp);

const ONE_BY_ONE: readonly string[] = [];
const RECEIVED = { messages: 1 };
const UNKNOWN = 'data smtp_outcome_unknown unknown';

const ROWS: readonly MisbehaviourRow[] = [
  ['a login is wanted', { mail: '530 5.7.57 Client not authenticated' }, {}, 'sender smtp_auth_failed retry'],
  ['encryption is wanted', { mail: '530 Must issue a STARTTLS command' }, {}, 'sender smtp_tls_failed retry'],
  ['sender refused', { mail: '550 5.7.1 Not from here' }, {}, 'sender smtp_sender_rejected rejected'],
  ['sender refused for now', { mail: '452 4.3.1 Full' }, {}, 'sender smtp_temporary retry'],
  ['421 at MAIL', { mail: { drop: '421 4.7.0 Closing' } }, {}, 'sender smtp_temporary retry'],
  ['silence at MAIL', { mail: 'hang' }, {}, 'sender smtp_connection_timeout retry'],
  ['MAIL dripping', { mail: { drip: '250-x\r\n' } }, {}, 'sender smtp_connection_timeout retry'],
  ['no such user', { rcpt: '550 5.1.1 No such user' }, {}, 'recipient smtp_recipient_rejected rejected'],
  [
    'no such user, one command at a time',
    { rcpt: '550 5.1.1 No such user', extensions: ONE_BY_ONE },
    {},
    'recipient smtp_recipient_rejected rejected',
  ],
  ['greylisting', { rcpt: '450 4.2.0 Greylisted' }, {}, 'recipient smtp_temporary retry'],
  ['relaying', { rcpt: '554 5.7.1 Relay access denied' }, {}, 'recipient smtp_relaying_denied rejected'],
  ['relaying, mildly', { rcpt: '454 Relay access denied' }, {}, 'recipient smtp_relaying_denied retry'],
  ['421 at RCPT', { rcpt: { drop: '421 4.7.0 Closing' } }, {}, 'recipient smtp_temporary retry'],
  ['cut at RCPT', { rcpt: 'drop', extensions: ONE_BY_ONE }, {}, 'recipient smtp_blocked retry'],
  ['DATA refused', { data: '554 5.7.1 No' }, {}, 'data smtp_message_rejected rejected'],
  ['cut at DATA', { data: 'drop' }, {}, 'data smtp_blocked retry'],
  ['silence at DATA', { data: 'hang' }, {}, 'data smtp_connection_timeout retry'],
  ['message refused', { dot: '554 5.7.1 Spam' }, {}, 'data smtp_message_rejected rejected', RECEIVED],
  ['wrong sender', { dot: '554 5.2.252 SendAsDenied' }, {}, 'data smtp_sender_rejected rejected', RECEIVED],
  ['message not now', { dot: '451 4.3.0 Later' }, {}, 'data smtp_temporary retry', RECEIVED],
  ['421 is an answer', { dot: { drop: '421 4.3.0 Down' } }, {}, 'data smtp_temporary retry', RECEIVED],
  ['cut after the final dot', { dot: 'drop' }, {}, UNKNOWN, RECEIVED],
  ['reset after the final dot', { dot: 'reset' }, {}, UNKNOWN, RECEIVED],
  ['silence after the final dot', { dot: 'hang' }, {}, UNKNOWN, RECEIVED],
  ['final reply dripping', { dot: { drip: '250-x\r\n' } }, {}, UNKNOWN, RECEIVED],
  ['cut within the final reply', { dot: { cut: '250 2.0.0 O' } }, {}, UNKNOWN, RECEIVED],
  ['a final reply of no kind', { dot: 'What?' }, {}, UNKNOWN, RECEIVED],
  ['an end without end', { dot: { raw: '250-'.repeat(20_000) } }, {}, UNKNOWN, RECEIVED],
  ['all is well', {}, {}, 'accepted - accepted', RECEIVED],
  ['all is well, one by one', { extensions: ONE_BY_ONE }, {}, 'accepted - accepted', RECEIVED],
];

const NOBODY = { rcpt: '550 5.1.1 No such user', takesDataForNobody: true } as const;
const NO_SENDER = { mail: '550 5.7.1 Not from here' } as const;
const NO_USER = 'recipient smtp_recipient_rejected rejected';

/** Servers that take all commands of a mail at once (RFC 2920), however they answer them. */
const PIPELINED: readonly MisbehaviourRow[] = (['packet', 'bytes'] as const).flatMap(
  (pace): readonly MisbehaviourRow[] => [
    [`all is well (${pace})`, { pace }, {}, 'accepted - accepted', RECEIVED],
    [`the sender is refused (${pace})`, { pace, ...NO_SENDER }, {}, 'sender smtp_sender_rejected rejected'],
    [
      `sender and recipient are refused (${pace})`,
      { pace, ...NO_SENDER, rcpt: '503 5.5.1 Bad sequence' },
      {},
      'sender smtp_sender_rejected rejected',
    ],
    [
      `the recipient is refused (${pace})`,
      { pace, rcpt: '550 5.1.1 No such user', data: '503 5.5.1 Bad sequence' },
      {},
      NO_USER,
    ],
    // RFC 2920 3.1: the message that was asked for all the same is an empty one.
    [`354 for nobody (${pace})`, { pace, ...NOBODY }, {}, NO_USER, RECEIVED],
    [`354 for nobody, refused (${pace})`, { pace, ...NOBODY, dot: '554 No' }, {}, NO_USER, RECEIVED],
    [`354 for nobody, cut (${pace})`, { pace, ...NOBODY, dot: 'drop' }, {}, NO_USER, RECEIVED],
    [
      `421 at MAIL (${pace})`,
      { pace, mail: { drop: '421 4.7.0 Closing' } },
      {},
      'sender smtp_temporary retry',
    ],
    [`DATA is refused (${pace})`, { pace, data: '451 4.3.0 Later' }, {}, 'data smtp_temporary retry'],
    [`a reply of no kind to RCPT (${pace})`, { pace, rcpt: 'What?' }, {}, 'recipient smtp_not_smtp retry'],
    [`a refusal that is cut (${pace})`, { pace, rcpt: { cut: '550 5.1.1 No' } }, {}, NO_USER],
    [
      `a yes that is cut (${pace})`,
      { pace, rcpt: { cut: '250 2.1.5 O' } },
      {},
      'recipient smtp_blocked retry',
    ],
    [`cut between the replies (${pace})`, { pace, rcpt: 'drop' }, {}, 'recipient smtp_blocked retry'],
    [`cut before DATA is answered (${pace})`, { pace, data: 'drop' }, {}, 'data smtp_blocked retry'],
    [
      `the message is refused (${pace})`,
      { pace, dot: '554 5.7.1 Spam' },
      {},
      'data smtp_message_rejected rejected',
      RECEIVED,
    ],
  ],
);

describe('a server that takes all commands at once', () => {
  test.concurrent.for(PIPELINED)('%s', async (row, { expect }) => {
    const { found, expected } = await misbehaviour(row);
    expect(found).toEqual(expected);
  });
});

test('a reply that came with the 354 was on its way before the message, and is not about it', async () => {
  const { found } = await misbehaviour(['early', { data: '354 Go\r\n250 2.0.0 Ok' }, {}, UNKNOWN]);
  expect(found).toMatchObject({ attempts: [UNKNOWN] });
});

describe('a server that misbehaves in a transaction gets its code and verdict', () => {
  test.concurrent.for(ROWS)('%s', async (row, { expect }) => {
    const { found, expected } = await misbehaviour(row);
    expect(found).toEqual(expected);
  });
});

describe('every recipient is settled by its own reply', () => {
  const heard = (changes: Partial<Heard>): Heard => ({
    recipients: ['a@x.example', 'b@x.example'],
    replies: ['250 Ok', '250 Ok', '250 Ok', '354 Go', '250 Queued'],
    failure: null,
    messageRead: true,
    secrets: [],
    ...changes,
  });
  const lost = { kind: 'closed', reply: null, nodeCode: null } as const;
  const refused = { kind: 'reply', reply: '554 x', nodeCode: null } as const;

  test.each<readonly [string, Partial<Heard>, readonly string[]]>([
    ['both accepted', {}, ['accepted', 'accepted']],
    ['one refused', { replies: ['250 Ok', '550 No', '250 Ok', '354 Go', '250 Q'] }, ['rejected', 'accepted']],
    ['one later', { replies: ['250 Ok', '450 No', '250 Ok', '354 Go', '250 Q'] }, ['retry', 'accepted']],
    [
      'one refused, the other unknown',
      { replies: ['250 Ok', '550 No', '250 Ok', '354 Go'], failure: lost },
      ['rejected', 'unknown'],
    ],
    [
      'one refused, then the message',
      { replies: ['250 Ok', '450 No', '250 Ok', '354 Go', '554 Spam'], failure: refused },
      ['retry', 'rejected'],
    ],
    ['a reply before the message was sent is not about it', { messageRead: false }, ['retry', 'retry']],
    [
      'lost before DATA',
      { replies: ['250 Ok', '550 No'], failure: lost, messageRead: false },
      ['rejected', 'retry'],
    ],
    [
      'MAIL refused, RCPT refused with it',
      { replies: ['451 Later', '503 No', '503 No', '503 No'], failure: refused, messageRead: false },
      ['retry', 'retry'],
    ],
    ['nothing heard', { replies: [], failure: lost, messageRead: false }, ['retry', 'retry']],
  ])('%s', (_rule, changes, verdicts) => {
    const { outcomes } = settleTransaction(heard(changes));
    expect(outcomes.map((entry) => entry.recipient.verdict)).toEqual(verdicts);
  });
});
