import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ruleMatches } from '../../../../../electron/agent/events/rules.ts';
import { sampleEvent } from '../../../../../electron/agent/events/sample-event.ts';
import { settingsSchema } from '../../../../../shared/contract/settings.ts';
import { SMTP_EVENT_TYPES } from '../../../../../shared/model/smtp-event.ts';
import { exampleSettings } from '../../../../fakes/example-settings.ts';
import { aRule } from './sample-events.ts';

const CONTEXT = {
  now: 1000,
  emailAddress: 'tocsin@contoso.example',
  requiresAuthentication: () => null,
};
const MONDAY_NOON = { weekday: 'mon', minuteOfDay: 720 } as const;
const FRESH = settingsSchema.parse({ version: 1 });
const FULL = settingsSchema.parse(exampleSettings());

describe('the event that a rule is tried on', () => {
  test('is one that the rule is about, whatever its conditions', () => {
    const conditions = fc.record({
      server: fc.option(fc.constantFrom('mail.contoso.example', 'MX.fabrikam.example')),
      port: fc.option(fc.integer({ min: 1, max: 65_535 })),
      emailAddress: fc.option(fc.constantFrom('a@contoso.example', 'b@fabrikam.example')),
      ssl: fc.option(fc.boolean()),
      requiresAuthentication: fc.option(fc.boolean()),
      customerEmail: fc.option(fc.constant('ann@contoso.example')),
    });
    const rules = fc.tuple(fc.constantFrom(...SMTP_EVENT_TYPES), conditions);
    fc.assert(
      fc.property(rules, fc.constantFrom(FRESH, FULL), ([event, given], settings) => {
        const rule = aRule({ event, conditions: given });
        return ruleMatches(rule, sampleEvent(rule, settings, CONTEXT), MONDAY_NOON);
      }),
    );
  });

  test('is about the servers of the settings, where the rule names none', () => {
    expect(sampleEvent(aRule(), FULL, CONTEXT)).toMatchObject({
      type: 'final-delivery-failed',
      route: 'smtp',
      server: { host: 'mail.contoso.example', port: 25, security: 'none' },
      emailAddress: 'tocsin@contoso.example',
    });
    expect(sampleEvent(aRule({ event: 'pop-login-failed' }), FULL, CONTEXT)).toMatchObject({
      route: 'mailbox',
      server: { host: 'mail.contoso.example', port: 995, security: 'tls' },
      emailAddress: 'bounces',
      recipients: [],
    });
  });
});
