import { describe, expect, test } from 'vitest';
import type { Enrolment } from '../../../../../../electron/agent/dispatch/relay/enrolment.ts';
import {
  relayObstacle,
  relayReply,
  relayRouteStatus,
  type RelaySources,
  relayStatus,
} from '../../../../../../electron/agent/dispatch/relay/relay-status.ts';
import type { ServerHealth } from '../../../../../../mail/outlet.ts';
import { settingsSchema } from '../../../../../../shared/contract/settings.ts';

const NOW = Date.UTC(2026, 0, 5);
const DAY = 24 * 3_600_000;
const ENROLMENT: Enrolment = {
  version: 1,
  url: 'https://relay.provider.example',
  ca: null,
  installationId: 'i',
  keyId: 'k',
  publicKey: 'p',
  enrolledAt: 0,
  from: 'alerts@provider.example',
  replyTo: null,
  expiresAt: null,
  checkedAt: 0,
};
const HEALTH: ServerHealth = {
  server: { host: 'relay.provider.example', port: 443, security: 'tls' },
  state: 'ok',
  since: 0,
  code: null,
  reply: null,
  nextProbeAt: null,
  lastAcceptedAt: null,
  lastDurationMs: null,
};

const bare = settingsSchema.parse({ version: 1 });
const override = settingsSchema.parse({
  version: 1,
  reports: [{ name: 'R', cron: '0 8 * * *', recipients: [], emailProperties: { smtpOverride: true } }],
});

function sources(given: Partial<RelaySources> = {}): RelaySources {
  const read = given.read ?? { kind: 'enrolled', enrolment: ENROLMENT };
  const obstacle = relayObstacle(read, '/data/relay.json', NOW);
  return { read, settings: bare, now: NOW, clockOffsetMs: 0, health: HEALTH, obstacle, ...given };
}

describe('the Web Service in the status', () => {
  test('nothing is said where nothing asks for it', () => {
    const nothing = sources({ read: { kind: 'none' } });
    expect([relayStatus(nothing), relayRouteStatus(nothing)]).toEqual([null, []]);
  });

  type Row = readonly [rule: string, given: Partial<RelaySources>, state: string, words: RegExp | null];
  test.each([
    [
      'asked for and not enrolled',
      { read: { kind: 'none' }, settings: override },
      'not-set-up',
      /not enrolled.*is kept/,
    ],
    ['damaged', { read: { kind: 'damaged' } }, 'not-set-up', /\/data\/relay\.json cannot be read/],
    ['all well', {}, 'ok', null],
    [
      'ended',
      { read: { kind: 'enrolled', enrolment: { ...ENROLMENT, expiresAt: NOW - DAY } } },
      'paused',
      /ended on 2026-01-04T00:00:00\.000Z\. Have it extended/,
    ],
    [
      'down, in the words of what was met',
      { health: { ...HEALTH, state: 'down', code: 'relay_unreachable', reply: 'no way to that network' } },
      'down',
      /^No way to that network\. What waits/,
    ],
    [
      'a clock that is 7 min slow',
      { clockOffsetMs: 7 * 60_000 },
      'ok',
      /clock of this computer is 7 min behind/,
    ],
    ['a clock that is fast', { clockOffsetMs: -2 * 3_600_000 }, 'ok', /2 h ahead of/],
    ['a clock that is half a minute off is right enough', { clockOffsetMs: 30_000 }, 'ok', null],
  ] satisfies Row[])('%s', (_, given, state, words) => {
    const [route] = relayRouteStatus(sources(given));
    expect(route?.state).toBe(state);
    if (words === null) expect(route?.detail).toBeNull();
    else expect(route?.detail).toMatch(words);
  });

  test('the settings may say that the service has moved', () => {
    const settings = settingsSchema.parse({ version: 1, relay: { url: 'https://new.provider.example' } });
    expect(relayReply(sources({ settings })).url).toBe('https://new.provider.example');
    expect(relayReply(sources()).url).toBe('https://relay.provider.example');
  });
});
