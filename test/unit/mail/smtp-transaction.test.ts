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
  ['all is well', {}, {}, 'accepted - accepted', RECEIVED],
  ['all is well, one by one', { extensions: ONE_BY_ONE }, {}, 'accepted - accepted', RECEIVED],
];

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
