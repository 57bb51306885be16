import { expect, test } from 'vitest';
import type { LogEntry, LogRecipient } from '../../integration/support/agent-log.ts';
import { checkKillRun, type Kill, type KillEvidence } from '../../integration/support/kill-checker.ts';
import type { Acceptance } from '../../integration/support/smtp-sink-journal.ts';

const ANN = { name: 'Alert 1', recipient: 'ann@contoso.example' };

function acceptance(at: number, messageId = 'one@host', recipient = ANN.recipient): Acceptance {
  const line = {
    at,
    number: at,
    connection: 1,
    messageId,
    subject: null,
    recipients: [recipient],
    sizeBytes: 1,
  };
  return { type: 'accepted', ...line, replyWritten: true };
}

function kill(at: number, ...accepted: string[]): Kill {
  return { at, restartedAt: at + 1, accepted: new Set(accepted) };
}

function entry(messageId = 'one@host', status: LogRecipient['status'] = 'accepted'): LogEntry {
  const recipient = { address: ANN.recipient, status, attempts: 1, code: null, reply: null, settledAt: null };
  const source = { type: 'alert', name: ANN.name };
  const about = { id: messageId, messageId, kind: 'alert', subject: '', source, createdAt: '', causedAt: '' };
  return { ...about, recipients: [recipient], attempts: [] };
}

interface Row extends Partial<KillEvidence> {
  readonly rule: string;
  readonly lost?: number;
  readonly doubled?: number;
  readonly unexplained?: readonly RegExp[];
}

const ROWS: readonly Row[] = [
  { rule: 'one copy is fine', acceptances: [acceptance(10)] },
  { rule: 'what never came is lost', acceptances: [], lost: 1, unexplained: [/never came/] },
  {
    rule: 'a copy is explained by a kill in between that left the message unsettled',
    acceptances: [acceptance(10), acceptance(30)],
    kills: [kill(20)],
    doubled: 1,
  },
  {
    rule: 'mail that was under way when the kill fell may reach the sink just after it',
    acceptances: [acceptance(21), acceptance(30)],
    kills: [kill(20)],
    doubled: 1,
  },
  {
    rule: 'a copy without a kill in between is not explained',
    acceptances: [acceptance(10), acceptance(30)],
    kills: [kill(40, 'one@host')],
    doubled: 1,
    unexplained: [/no kill to explain/],
  },
  {
    rule: 'what stood as accepted may not be sent again',
    acceptances: [acceptance(10), acceptance(30)],
    kills: [kill(20, 'one@host')],
    doubled: 1,
    unexplained: [/no kill to explain/, /sent again/],
  },
  {
    rule: 'nothing may stand as accepted before it has come',
    acceptances: [acceptance(30)],
    kills: [kill(20, 'one@host')],
    unexplained: [/had not arrived/, /sent again/],
  },
  {
    rule: 'an alert does not fire twice',
    acceptances: [acceptance(10), acceptance(30, 'two@host')],
    kills: [kill(20)],
    unexplained: [/2 different messages/],
  },
  {
    rule: 'a kill doubles no more than one mail a connection',
    alerts: [],
    finalLog: [],
    acceptances: [1, 2, 3, 4, 5, 6].flatMap((n) => [
      acceptance(10, `${n}@host`),
      acceptance(30, `${n}@host`),
    ]),
    kills: [kill(20)],
    doubled: 6,
    unexplained: [/more than there are connections/, /6 different messages/, /no alert names/],
  },
  {
    rule: 'the log must say so in the end',
    acceptances: [acceptance(10)],
    finalLog: [entry('one@host', 'queued')],
    unexplained: [/does not show Alert 1 as accepted/],
  },
  {
    rule: 'the log has one entry an alert',
    acceptances: [acceptance(10)],
    finalLog: [entry(), entry('two@host')],
    unexplained: [/2 entries/],
  },
];

test.each(ROWS)('$rule', (row) => {
  const verdict = checkKillRun({ alerts: [ANN], kills: [], acceptances: [], finalLog: [entry()], ...row });
  expect(verdict.lost).toHaveLength(row.lost ?? 0);
  expect(verdict.doubled).toBe(row.doubled ?? 0);
  const expected = (row.unexplained ?? []).map((pattern) => expect.stringMatching(pattern) as string);
  expect(verdict.unexplained).toEqual(expected);
});
