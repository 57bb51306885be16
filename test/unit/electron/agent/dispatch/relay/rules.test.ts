import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryAfterMs } from '../../../../../../electron/agent/dispatch/relay/answer.ts';
import { nextAskAt } from '../../../../../../electron/agent/dispatch/relay/follow-up.ts';
import {
  htmlOfText,
  submissionBody,
  submissionsOf,
} from '../../../../../../electron/agent/dispatch/relay/submission.ts';
import {
  dayToTell,
  subscriptionState,
  toldKeys,
} from '../../../../../../electron/agent/dispatch/relay/subscription.ts';
import { acceptedReply, keyOfReply } from '../../../../../../electron/agent/dispatch/relay/verdict.ts';
import { isMessageId, messageRequest } from '../../../../../../shared/contract/relay-api.ts';
import { relayUrlFault } from '../../../../../../shared/contract/relay-url.ts';
import { aMessage } from '../../../../../fakes/messages.ts';
import { anyText } from '../../../../../fakes/any-text.ts';

const DAY = 24 * 3_600_000;
const HOUR = 3_600_000;

describe('the address of a service', () => {
  test.each([
    ['https://relay.example', true],
    ['https://relay.example:8443/tocsin', true],
    ['HTTPS://RELAY.example', true],
    ['http://127.0.0.1:8025', true],
    ['http://localhost', true],
    ['http://[::1]:8025/', true],
    ['http://relay.example', false],
    ['http://127.0.0.1.example.com', false],
    ['http://127.0.0.1@relay.example', false],
    ['https://user:pass@relay.example', false],
    ['https://relay.example/?a=b', false],
    ['ftp://relay.example', false],
    ['relay.example', false],
  ])('%s: %s', (url, isFine) => {
    expect(relayUrlFault(url) === null).toBe(isFine);
  });
});

describe('Retry-After (RFC 9110 10.2.3)', () => {
  const now = Date.UTC(2026, 0, 5, 8);
  test.each([
    [null, null],
    ['10', 10_000],
    ['Mon, 05 Jan 2026 08:00:30 GMT', 30_000],
    ['Mon, 05 Jan 2026 07:00:00 GMT', 0],
    ['999999', HOUR],
    ['soon', null],
  ])('%s means %s ms', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});

describe('when the service is asked what became of a message', () => {
  test('after 5 s, 30 s, 2 min, 10 min, 1 h, then every 6 h, for five days', () => {
    const times: number[] = [];
    for (let asked = 0; ; asked += 1) {
      const at = nextAskAt(0, asked);
      if (at === null) break;
      times.push(at);
    }
    expect(times.slice(0, 7)).toEqual([5000, 30_000, 120_000, 600_000, HOUR, 7 * HOUR, 13 * HOUR]);
    expect(times.at(-1)).toBeLessThanOrEqual(5 * DAY);
    expect(times.at(-1)).toBeGreaterThan(5 * DAY - 6 * HOUR);
  });
});

describe('a subscription', () => {
  const end = Date.UTC(2027, 0, 1);
  test.each([
    ['no end: valid, nothing to say', null, 0, 'valid', null],
    ['far away', end, end - 31 * DAY, 'valid', null],
    ['30 days', end, end - 30 * DAY, 'ends-soon', 30],
    ['8 days: the notice of 30 days still stands', end, end - 8 * DAY, 'ends-soon', 30],
    ['7 days', end, end - 7 * DAY, 'ends-soon', 7],
    ['1 day', end, end - DAY, 'ends-soon', 1],
    ['the moment of its end', end, end, 'expired', 0],
    ['long after', end, end + 90 * DAY, 'expired', 0],
  ] as const)('%s', (_, expiresAt, now, state, days) => {
    expect([subscriptionState(expiresAt, now), dayToTell(expiresAt, now)]).toEqual([state, days]);
  });

  test('days that have passed are not made up for, and an extension begins anew', () => {
    expect(toldKeys(end, 1)).toHaveLength(3);
    expect(toldKeys(end, 1)).toContain(toldKeys(end, 30)[0]);
    expect(toldKeys(end + DAY, 30)).not.toEqual(toldKeys(end, 30));
  });
});

describe('submissions', () => {
  const address = fc.integer({ min: 0, max: 250 }).map((index) => `r${index}@contoso.example`);
  const addresses = fc.uniqueArray(address, { minLength: 1, maxLength: 220 });

  test('a key is fit for the service, and never stands for two sets of recipients', () => {
    fc.assert(
      fc.property(
        addresses,
        fc.array(fc.tuple(fc.nat(), fc.boolean()), { minLength: 1, maxLength: 6 }),
        (recipients, rounds) => {
          const sets = new Map<string, string>();
          const earlier: string[][] = [];
          for (const [seed, isAccepted] of rounds) {
            const wanted = recipients.filter((_, index) => (seed + index) % 3 !== 0);
            const submissions = submissionsOf({ id: 'id-1', recipients }, wanted, earlier);
            expect(submissions.flatMap((submission) => submission.recipients)).toEqual(wanted);
            for (const submission of submissions) {
              expect(isMessageId(submission.key)).toBe(true);
              expect(submission.recipients.length).toBeLessThanOrEqual(100);
              const set = submission.recipients.join();
              expect(sets.get(submission.key) ?? set).toBe(set);
              sets.set(submission.key, set);
              expect(keyOfReply(acceptedReply(submission.key))).toBe(submission.key);
              if (isAccepted) earlier.push([...submission.recipients]);
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('whatever a message says, its body is what the service takes', () => {
    const text = anyText({ maxLength: 300 });
    fc.assert(
      fc.property(text, text, fc.option(text), fc.boolean(), (subject, body, html, isSms) => {
        const message = aMessage({
          route: 'relay',
          subject,
          text: `${body}.`,
          html: isSms || html === null ? null : `<p>${html}</p>`,
          channel: isSms ? 'sms' : 'email',
        });
        const sent: unknown = JSON.parse(submissionBody(message, message.recipients).toString('utf8'));
        expect(messageRequest.safeParse(sent).error?.issues).toBeUndefined();
      }),
    );
  });

  test('a conversation keeps its name: by the id where all of it goes by the service, else by its Message-ID', () => {
    const thread = (given: Parameters<typeof aMessage>[0]) =>
      (
        JSON.parse(submissionBody(aMessage(given), ['a@contoso.example']).toString('utf8')) as {
          threadId: string;
        }
      ).threadId;
    const reference = { id: 'second', references: ['first@contoso.example'] };
    expect(thread({ id: 'first', route: 'relay' })).toBe('first');
    expect(thread({ ...reference, route: 'relay' })).toBe('first');
    expect(thread({ ...reference, route: 'smtp' })).toBe('first@contoso.example');
  });

  test('text becomes HTML that shows it as it stands', () => {
    expect(htmlOfText('a < b & "c"\n  indented\n')).toContain(
      'a &lt; b &amp; &quot;c&quot;<br>\n &nbsp;indented</div>',
    );
  });
});
