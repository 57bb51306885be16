import { describe, expect, test } from 'vitest';
import { createFallbackRoute } from '../../../../../electron/agent/dispatch/fallback-route.ts';
import type { RouteState } from '../../../../../mail/dispatcher.ts';
import { settingsSchema } from '../../../../../shared/contract/settings.ts';
import { FakeClock } from '../../../../fakes/fake-clock.ts';
import { FakeRelay } from '../../../../fakes/fake-relay.ts';

const DAY = 24 * 3_600_000;
const RELAY = new FakeRelay();
const ENROLLED: RouteState = { outlet: RELAY };
const NOT_ENROLLED: RouteState = {
  outlet: null,
  route: 'relay',
  code: 'relay_unreachable',
  reason: 'SMTP override: kept',
  obstacle: 'this computer is not enrolled',
};
const EXPIRED: RouteState = {
  outlet: null,
  route: 'relay',
  code: 'relay_refused_subscription_expired',
  reason: 'SMTP override: kept',
};
const TICKED = { url: 'https://relay.example', useWhenSmtpFails: true };
const UNTICKED = { url: 'https://relay.example' };
const SERVER = { servers: [{ host: 'mail.contoso.example' }] };

function routeWith(given: Record<string, unknown>, state: RouteState, endsInMs: number | null = null) {
  const clock = new FakeClock();
  const settings = settingsSchema.parse({ version: 1, smtp: SERVER, ...given });
  return createFallbackRoute({
    settings: () => settings,
    hostName: 'front-desk',
    clock,
    practising: () => settings.smtp.servers.length === 0,
    relay: () => state,
    subscriptionEndsAt: () => (endsInMs === null ? null : clock.now() + endsInMs),
  });
}

describe('whether the Web Service stands in', () => {
  test.each<[rule: string, given: Record<string, unknown>, state: RouteState, outcome: string | null]>([
    ['enrolled and ticked', { relay: TICKED }, ENROLLED, 'it does'],
    [
      'not ticked',
      { relay: UNTICKED },
      ENROLLED,
      'the settings do not let it stand in (relay.useWhenSmtpFails)',
    ],
    ['no service set: nothing to say', {}, ENROLLED, null],
    ['the practice mailbox: nothing to say', { relay: TICKED, smtp: {} }, ENROLLED, null],
    ['not enrolled', { relay: TICKED }, NOT_ENROLLED, 'this computer is not enrolled'],
    [
      'subscription ended',
      { relay: TICKED },
      EXPIRED,
      'the subscription to the Tocsin Web Service has ended',
    ],
  ])('%s', (_, given, state, outcome) => {
    const route = routeWith(given, state).route();
    expect(route.outlet === null ? route.reason : 'it does').toBe(outcome);
  });

  test.each([
    [31 * DAY, null],
    [29 * DAY, 'the subscription ends on 2026-02-03T08:00:00.000Z, and nothing goes this way afterwards'],
  ])('that the subscription ends in %d ms is said from a month before', (endsInMs, note) => {
    expect(routeWith({ relay: TICKED }, ENROLLED, endsInMs).route()).toEqual({ outlet: RELAY, note });
  });
});

test.each([
  ['admin@provider.example', true],
  ['ADMIN@Provider.example', true],
  ['5551234567@sms.example', true],
  ['anybody@contoso.example', true],
  ['other@provider.example', false],
  ['anybody@mail.contoso.example', false],
])('%s is an administrator: %s', (address, expected) => {
  const profile = { emails: ['admin@provider.example'], sms: ['5551234567@sms.example'] };
  const smtp = { ...SERVER, from: { address: 'tocsin@Contoso.example' } };
  expect(routeWith({ profile, smtp }, ENROLLED).isAdministrator(address)).toBe(expected);
});
