import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { localMoment } from '../../../../../electron/agent/events/rules.ts';
import { COMPUTER_ZONE } from '../../../../../shared/wall-time.ts';
import { FakeOutlet } from '../../../../fakes/fake-outlet.ts';
import { memoryStore } from '../../../../fakes/memory-store.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';
import { anEvent, aRule } from './sample-events.ts';

import { eventScene } from '../../../../fakes/event-scene.ts';

const MINUTE = 60_000;

const TELL = { type: 'notification-profile', maxFrequencyMinutes: 60 };

describe('“Try this rule”', () => {
  test('does each action for real, says that it is a test, and leaves no event', async () => {
    const { events, dataDir, mailsOfRules, clock, faults } = eventScene([]);
    const rule = aRule({ enabled: false, event: 'connection-failed' }, [
      { type: 'log-to-file', file: 'a.log' },
      { type: 'external-provider', command: 'no-such' },
      TELL,
    ]);
    const { actions, event, sentence } = await events.try(rule);
    expect(event.type).toBe('connection-failed');
    expect(sentence).toContain('refused the connection');
    expect(actions.map(({ type, outcome, messageIds }) => [type, outcome, messageIds.length])).toEqual([
      ['log-to-file', 'done', 0],
      ['external-provider', 'failed', 0],
      ['notification-profile', 'done', 2],
    ]);
    const line: unknown = JSON.parse(readFileSync(join(dataDir, 'logs', 'a.log'), 'utf8'));
    expect(line).toMatchObject({ test: true, message: expect.stringMatching(/^Test: /) as unknown });
    const [sms, email] = mailsOfRules();
    expect(email).toMatchObject({
      kind: 'test',
      subject: '[TEST] [WARNING] front-desk: SMTP Connection Failed',
    });
    expect(email?.text).toContain('Nothing of this has happened');
    expect(sms?.text).toMatch(/^TEST front-desk: /);
    await clock.advance(100);
    expect(events.list(10, null)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('as often as somebody likes, and max frequencies count from real events only', async () => {
    const { events, clock, mailsOfRules, send } = eventScene([
      { name: 'Tell me', event: 'delivery-failed', actions: [TELL] },
    ]);
    const rule = aRule({ event: 'delivery-failed' }, [TELL]);
    await events.try(rule);
    await events.try(rule);
    expect(mailsOfRules()).toHaveLength(4);
    send('first');
    await clock.advance(100);
    expect(mailsOfRules().filter(({ kind }) => kind === 'notice')).toHaveLength(2);
  });

  test.each([
    ['an hour later', 60, false],
    ['now', 0, true],
  ])('a frame that begins %s: it says whether the rule would act', async (_rule, laterMinutes, actsNow) => {
    const { events, clock } = eventScene([]);
    const { minuteOfDay } = localMoment(clock.now(), COMPUTER_ZONE);
    const clockTime = (minutes: number) =>
      [Math.floor(minutes / 60) % 24, minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
    const from = minuteOfDay + laterMinutes;
    const timeOfDay = { from: clockTime(from), to: clockTime(from + 5) };
    expect((await events.try(aRule({ conditions: { timeOfDay } }))).actsNow).toBe(actsNow);
  });
});

describe('SMTP events from end to end', () => {
  test('a failed attempt is recorded, and the profile told by e-mail and text message', async () => {
    const { events, clock, mailsOfRules, send, faults } = eventScene([
      { name: 'Tell me', event: 'delivery-failed', actions: [TELL] },
    ]);
    send('first');
    await clock.advance(100);
    expect(events.list(10, null)).toMatchObject([
      { event: { type: 'delivery-failed', messageId: 'first' }, actions: [{ status: 'done', tries: 1 }] },
    ]);
    const mails = mailsOfRules();
    expect(mails.map(({ channel, route, recipients }) => [channel, route, ...recipients])).toEqual([
      ['sms', 'smtp', '5551234567@sms.example'],
      ['email', 'smtp', 'admin@provider.example'],
    ]);
    expect(mails[1]?.subject).toBe('[WARNING] front-desk: SMTP Delivery Failed');
    expect(mails[0]?.text.length).toBeLessThanOrEqual(160);
    expect(faults).toEqual([]);
  });

  test('by another way than the one that failed, where there is one', async () => {
    const relay = new FakeOutlet();
    const { clock, mailsOfRules, send } = eventScene(
      [{ name: 'Tell me', event: 'delivery-failed', actions: [TELL] }],
      { relay },
    );
    send('first');
    await clock.advance(100);
    expect(mailsOfRules().map(({ route, html }) => [route, html !== null])).toEqual([
      ['relay', false],
      ['relay', true],
    ]);
    expect(relay.sent).toHaveLength(2);
  });

  test('I12: with all servers dead for half a day, a rule tells once an hour and no more', async () => {
    const { clock, mailsOfRules, send, events } = eventScene([
      { name: 'Tell me', event: 'delivery-failed', actions: [TELL] },
    ]);
    for (let hour = 0; hour < 12; hour++) {
      for (let n = 0; n < 2; n++) send(`mail-${hour}-${n}`);
      await clock.advance(60 * MINUTE);
    }
    const mails = mailsOfRules().filter(({ channel }) => channel === 'email');
    expect(mails.length).toBeGreaterThan(8);
    expect(mails.length).toBeLessThanOrEqual(12);
    expect(mails[0]?.text).toMatch(/more events that this rule is about/);
    const own = new Set(mailsOfRules().map(({ id }) => id));
    expect(events.list(500, null).filter(({ event }) => own.has(event.messageId ?? ''))).toEqual([]);
  });

  test('what was decided is done after a kill', async () => {
    const rules = [
      { name: 'Log', event: 'delivery-failed', actions: [{ type: 'log-to-file', file: 'a.log' }] },
    ];
    const first = eventScene(rules);
    const path = join(first.dataDir, 'logs', 'a.log');
    first.events.raise([anEvent({ type: 'delivery-failed', at: first.clock.now() })]);
    // Nobody turns the first clock any further: that agent is dead.
    expect(existsSync(path)).toBe(false);
    const second = eventScene(rules, { store: first.store, dataDir: first.dataDir });
    await second.clock.advance(10);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ event: 'delivery-failed', rule: 'Log' });
    expect(second.events.list(1, null)[0]?.actions).toMatchObject([{ status: 'done' }]);
  });

  test('an event that cannot be recorded does not undo what became of the mail', async () => {
    const { clock, store, send, faults, deliveries } = eventScene([]);
    store.run('DROP TABLE smtp_event');
    send('first');
    await clock.advance(100);
    expect(faults).toHaveLength(1);
    expect(deliveries.find('first')?.attempts).toHaveLength(1);
  });

  test('a page that does not answer is tried three times', async () => {
    const url = 'http://127.0.0.1:1/';
    const { clock, send, events } = eventScene([
      {
        name: 'Hook',
        event: 'delivery-failed',
        conditions: { emailAddress: 'tocsin@contoso.example' },
        actions: [{ type: 'call-web-page', url, allowedAddresses: ['127.0.0.1'] }],
      },
    ]);
    send('first');
    const action = () => events.list(500, null).at(-1)?.actions[0];
    const settled = async (tries: number) => {
      for (let n = 0; n < 200 && action()?.tries !== tries; n++) await clock.advance(100);
      for (let n = 0; n < 50; n++) await clock.advance(1);
    };
    await settled(1);
    expect(action()).toMatchObject({ status: 'queued', tries: 1 });
    await settled(2);
    await clock.advance(60_000);
    await settled(3);
    expect(action()).toMatchObject({ status: 'failed', tries: 3 });
    expect(action()?.outcome).toMatch(/^GET 127\.0\.0\.1:1: /);
  });
});

describe.skipIf(process.platform === 'win32')('1,000 events within a minute, across a restart', () => {
  const HOUR = { maxFrequencyMinutes: 60 };
  const RULES = [
    {
      name: 'Storm',
      event: 'delivery-failed',
      actions: [
        { type: 'log-to-file', file: 'storm.log', ...HOUR },
        { type: 'external-provider', command: 'notify', ...HOUR },
        { type: 'send-email', recipients: ['noc@provider.example'], ...HOUR },
        { type: 'notification-profile', ...HOUR },
      ],
    },
  ];

  /** What the world has seen of the actions: lines of a file, runs of a program, mails. */
  function seen(dataDir: string, mails: readonly { recipients: readonly string[] }[]) {
    const lines = (path: string) =>
      existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
    const to = (address: string) => mails.filter(({ recipients }) => recipients.includes(address)).length;
    return {
      file: lines(join(dataDir, 'logs', 'storm.log')),
      program: lines(join(dataDir, 'providers', 'calls')),
      noc: to('noc@provider.example'),
      profile: to('admin@provider.example'),
      sms: to('5551234567@sms.example'),
    };
  }

  test.each(['stopped', 'killed'] as const)(
    '%s in between: each action is seen once an hour',
    async (end) => {
      const dataDir = scratchDir();
      mkdirSync(join(dataDir, 'providers'));
      writeFileSync(join(dataDir, 'providers', 'notify'), '#!/bin/sh\necho called >> calls\n');
      chmodSync(join(dataDir, 'providers', 'notify'), 0o700);
      const path = join(dataDir, 'tocsin.db');
      /** Ten at a time, as a send to ten recipients raises them; each commit reaches the disk. */
      const storm = async ({ clock, events }: ReturnType<typeof eventScene>, count: number) => {
        for (let n = 0; n < count; n += 10) {
          const at = clock.now();
          const some = Array.from({ length: Math.min(10, count - n) }, () =>
            anEvent({ type: 'delivery-failed', at }),
          );
          events.raise(some);
          await clock.advance(590);
        }
      };
      /** The program runs for real, and in real time. */
      const settle = async ({ clock, events }: ReturnType<typeof eventScene>) => {
        const isOpen = () =>
          events.list(500, null).some(({ actions }) => actions.some(({ status }) => status === 'queued'));
        for (let turn = 0; turn < 500 && isOpen(); turn++) {
          await new Promise((resolve) => setTimeout(resolve, 10));
          await clock.advance(1);
        }
      };

      const firstStore = memoryStore(path);
      const first = eventScene(RULES, { store: firstStore, dataDir });
      await storm(first, 500);
      await settle(first);
      if (end === 'stopped') {
        await first.events.stop();
        firstStore.close();
      }
      const second = eventScene(RULES, { store: memoryStore(path), dataDir, sinceMs: 500 * 59 });
      await storm(second, 500);
      await settle(second);
      const once = { file: 1, program: 1, noc: 1, profile: 1, sms: 1 };
      expect(seen(dataDir, second.mailsOfRules())).toEqual(once);

      // An hour after the first: once more, and it says how much was held back.
      const third = eventScene(RULES, { store: memoryStore(path), dataDir, sinceMs: 60 * MINUTE });
      await storm(third, 1);
      await settle(third);
      expect(seen(dataDir, third.mailsOfRules())).toEqual({
        file: 2,
        program: 2,
        noc: 2,
        profile: 2,
        sms: 2,
      });
      expect(third.mailsOfRules().find(({ channel }) => channel === 'email')?.text).toMatch(
        /999\s+more events/,
      );
    },
  );
});
