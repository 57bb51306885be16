import { describe, expect, test } from 'vitest';
import {
  conditionCount,
  emptyAction,
  eventRuleDraft,
  eventRuleOf,
} from '../../../renderer/model/event-rule-draft.ts';
import { settingsSchema, type SmtpEventRule } from '../../../shared/contract/settings.ts';

function rule(given: Record<string, unknown> = {}): SmtpEventRule {
  const smtpEvents = [
    { name: 'One', event: 'delivery-failed', actions: [{ type: 'notification-profile' }], ...given },
  ];
  const [parsed] = settingsSchema.parse({ version: 1, smtpEvents }).smtpEvents;
  if (parsed === undefined) throw new Error('the rule is gone');
  return parsed;
}

const FULL = {
  timeOfDay: { from: '22:00', to: '06:00' },
  daysOfWeek: ['mon', 'sun'],
  server: 'mail.contoso.example',
  port: 587,
  emailAddress: 'tocsin@contoso.example',
  ssl: true,
  requiresAuthentication: false,
  customerEmail: 'it@contoso.example',
};

describe('a rule that is opened and saved untouched', () => {
  test.each([
    ['without conditions', {}],
    ['with every condition', { conditions: FULL }],
    ['that is off', { enabled: false }],
    [
      'with an action of each type',
      {
        actions: [
          { type: 'log-to-file', file: 'a.log', maxFrequencyMinutes: 5 },
          {
            type: 'call-web-page',
            url: 'https://hooks.example/{{event}}',
            method: 'PUT',
            headers: { 'content-type': 'text/plain', authorization: 'Bearer a:b' },
            body: 'line\n{{message}}\n',
            allowedAddresses: ['192.168.1.0/24'],
          },
          { type: 'external-provider', command: 'notify' },
          { type: 'send-email', recipients: ['it@contoso.example'] },
          { type: 'notification-profile', maxFrequencyMinutes: 10_080 },
        ],
      },
    ],
  ])('%s is the same', (_rule, given) => {
    expect(eventRuleOf(eventRuleDraft(rule(given)))).toEqual(rule(given));
  });
});

describe('what is typed', () => {
  const draft = eventRuleDraft(rule({ conditions: FULL }));

  test.each([
    ['times as people type them', { from: '8', to: '1730' }, { timeOfDay: { from: '08:00', to: '17:30' } }],
    ['no times: none asked for', { from: ' ', to: '' }, { timeOfDay: null }],
    [
      'half a frame stays, for the rules to name',
      { from: '8', to: '' },
      { timeOfDay: { from: '08:00', to: '' } },
    ],
    ['no day: any day', { daysOfWeek: [] }, { daysOfWeek: null }],
    ['an emptied server: not asked for', { server: ' ' }, { server: null }],
    ['"any" asks for nothing', { ssl: 'any' }, { ssl: null }],
  ] as const)('%s', (_rule, typed, expected) => {
    const { conditions } = eventRuleOf({ ...draft, conditions: { ...draft.conditions, ...typed } });
    expect(conditions).toMatchObject(expected);
  });

  test('a refused mailbox login concerns no recipient, so none is asked for', () => {
    expect(eventRuleOf({ ...draft, event: 'pop-login-failed' }).conditions.customerEmail).toBeNull();
  });

  test('another type of action takes only what belongs to it', () => {
    const action = {
      ...emptyAction(0, 'send-email'),
      url: 'https://a.example',
      recipients: ['it@contoso.example'],
    };
    expect(eventRuleOf({ ...draft, actions: [action] }).actions).toEqual([
      { type: 'send-email', recipients: ['it@contoso.example'], maxFrequencyMinutes: 60 },
    ]);
  });
});

test.each([
  ['none', {}, 0],
  ['all of them', FULL, 8],
  ['an empty list of days is none', { daysOfWeek: [] }, 0],
  ['"not encrypted" is one', { ssl: false }, 1],
])('conditions that are set: %s', (_rule, conditions, count) => {
  expect(conditionCount(rule({ conditions }).conditions)).toBe(count);
});
