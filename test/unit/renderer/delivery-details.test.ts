import { describe, expect, test } from 'vitest';
import {
  attemptSentence,
  detailsText,
  recipientSentence,
  serverText,
} from '../../../renderer/model/delivery-details.ts';
import { aMessage } from '../../fakes/messages.ts';
import { attempt, recipient } from './delivery-samples.ts';

const refused = attempt({
  stage: 'recipient',
  code: 'smtp_recipient_rejected',
  reply: '550 5.1.1 No such mailbox',
  outcomes: [
    { address: 'it@contoso.example', verdict: 'accepted', code: null, reply: '250 Ok' },
    {
      address: 'gone@contoso.example',
      verdict: 'rejected',
      code: 'smtp_recipient_rejected',
      reply: '550 5.1.1 No such mailbox',
    },
  ],
});
const relay = { host: 'relay.provider.example', port: 443, security: 'tls' } as const;

test.each([
  ['an SMTP server by name and port', attempt(), 'mail.contoso.example:587'],
  ['no server', attempt({ server: null }), 'no server'],
  ['the practice mailbox', attempt({ route: 'practice', server: null }), 'the practice mailbox'],
  [
    'the Web Service by its name',
    attempt({ route: 'relay', server: relay }),
    'the Tocsin Web Service at relay.provider.example',
  ],
])('a server is named: %s', (_rule, given, text) => {
  expect(serverText(given)).toBe(text);
});

describe('what became of a recipient', () => {
  test.each([
    [
      'accepted: by whom, and no more',
      recipient({ status: 'accepted' }),
      'Accepted by mail.contoso.example:587',
    ],
    ['not tried yet', recipient(), 'Not tried yet'],
    ['given up without a reason', recipient({ status: 'failed' }), 'Given up'],
    [
      'refused: by whom and who',
      recipient({ address: 'gone@contoso.example', status: 'failed', code: 'smtp_recipient_rejected' }),
      'The mail server mail.contoso.example:587 refused the recipient gone@contoso.example.',
    ],
  ])('%s', (_rule, given, sentence) => {
    expect(recipientSentence(given, [attempt(), refused])).toBe(sentence);
  });
});

test('an attempt that some were accepted in says of how many', () => {
  expect(attemptSentence(refused)).toBe(
    'The mail server mail.contoso.example:587 refused the recipient gone@contoso.example. 1 of 2 recipients were accepted.',
  );
  expect(attemptSentence(attempt())).toBe('Accepted by mail.contoso.example:587');
});

test('the details hold everything that whoever runs the server will ask for', () => {
  const text = detailsText(
    {
      message: aMessage({ createdAt: Date.UTC(2026, 10, 21, 19, 5) }),
      recipients: [
        recipient({ status: 'accepted', attempts: 1, reply: '250 Ok' }),
        recipient({
          address: 'gone@contoso.example',
          status: 'failed',
          code: 'smtp_recipient_rejected',
          reply: '550 5.1.1 No such mailbox',
        }),
      ],
      attempts: [refused],
    },
    'UTC',
  );
  for (const part of [
    '<message-1@contoso.example>',
    'Sat 21 Nov 2026, 19:05:00 UTC',
    'it@contoso.example: Accepted.',
    'gone@contoso.example: Failed.',
    'smtp_recipient_rejected',
    '550 5.1.1 No such mailbox',
    'mail.contoso.example:587, naming the recipients, 212 ms',
    'why this way: primary server',
    'Check the address of the recipient.',
  ])
    expect(text).toContain(part);
});
