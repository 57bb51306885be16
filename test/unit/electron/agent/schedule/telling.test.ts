import { describe, expect, test } from 'vitest';
import { FIRST_WINDOW_MS, LATER_WINDOW_MS } from '../../../../../electron/agent/evaluate/grouping.ts';
import { MAILS_PER_HOUR } from '../../../../../electron/agent/evaluate/hour-cap.ts';
import { MonitorRig, noticesIn } from '../../../../fakes/monitor-rig.ts';

const HOUR_MS = 3_600_000;
const named = (...names: string[]) => names.map((name) => ({ name }));

describe('alerts for the same people', () => {
  test('what one check decides is one mail; alone it is a mail about that alert', async () => {
    const rig = new MonitorRig(named('A', 'B', 'C'));
    rig.holding.add('A').add('B');
    await rig.check();
    expect(rig.told()).toEqual(['alert A, alert B']);
    expect(rig.mails().map(({ kind }) => kind)).toEqual(['group']);
    await rig.clock.advance(2 * LATER_WINDOW_MS);
    rig.holding.add('C');
    await rig.check();
    expect(rig.mails().map(({ kind }) => kind)).toEqual(['group', 'alert']);
  });

  test('what follows within 30 s is one mail at their end, though no check is near', async () => {
    const rig = new MonitorRig(named('A', 'B', 'C'));
    rig.holding.add('A');
    await rig.check(1000);
    rig.holding.add('B');
    await rig.check(1000);
    rig.holding.add('C');
    await rig.check(1000);
    expect(rig.told()).toEqual(['alert A']);
    await rig.clock.advance(FIRST_WINDOW_MS - 3000);
    expect(rig.told()).toEqual(['alert A', 'alert B, alert C']);
  });

  test.each([
    { rule: 'other recipients', other: { recipients: ['boss@contoso.example'] } },
    { rule: 'other numbers for text messages', other: { sms: ['491701234567@sms.example'] } },
    { rule: 'another way out', other: { emailProperties: { smtpOverride: true } } },
    { rule: 'plain text where the others have HTML', other: { emailProperties: { format: 'text' } } },
  ])('$rule make another group, which does not wait', async ({ other }) => {
    const rig = new MonitorRig([{ name: 'A' }, { name: 'B', ...other }]);
    rig.holding.add('A').add('B');
    await rig.check();
    const kinds = rig
      .mails()
      .filter(({ channel }) => channel === 'email')
      .map(({ kind }) => kind);
    expect(kinds).toEqual(['alert', 'alert']);
  });

  test.each([
    { rule: 'the order of the addresses', other: { recipients: ['b@contoso.example', 'A@contoso.example'] } },
    { rule: 'priority: the mail has the highest', other: { emailProperties: { priority: 'high' } } },
    { rule: 'a subject of its own', other: { emailProperties: { subject: 'Look here' } } },
  ])('$rule does not part a group', async ({ other }) => {
    const recipients = ['a@contoso.example', 'b@contoso.example'];
    const rig = new MonitorRig([
      { name: 'A', recipients },
      { name: 'B', recipients, ...other },
    ]);
    rig.holding.add('A').add('B');
    await rig.check();
    expect(rig.mails().map(({ kind }) => kind)).toEqual(['group']);
    if (other.emailProperties?.priority) expect(rig.mails()[0]?.priority).toBe('high');
  });

  test('how many wait, and until when, is said: nobody takes a mail that waits for one that was lost', async () => {
    const rig = new MonitorRig(named('A', 'B', 'C'));
    expect(rig.monitor.held()).toBeNull();
    rig.holding.add('A');
    await rig.check(1000);
    expect(rig.monitor.held()).toBeNull();
    const leavesAt = rig.clock.now() - 1000 + FIRST_WINDOW_MS;
    rig.holding.add('B').add('C');
    await rig.check(1000);
    expect(rig.monitor.held()).toEqual({ alerts: 2, nextAt: leavesAt });
    rig.restart();
    expect(rig.monitor.held()).toEqual({ alerts: 2, nextAt: leavesAt });
    // What comes and goes meanwhile is one alert.
    rig.holding.delete('B');
    await rig.check(1000);
    expect(rig.monitor.held()).toEqual({ alerts: 2, nextAt: leavesAt });
    await rig.clock.advance(FIRST_WINDOW_MS);
    expect(rig.monitor.held()).toBeNull();
  });

  test('what fired and ended while it was held is told as both', async () => {
    const rig = new MonitorRig(named('A', 'B'));
    rig.holding.add('A');
    await rig.check(1000);
    rig.holding.add('B');
    await rig.check(1000);
    rig.holding.delete('B');
    await rig.check(FIRST_WINDOW_MS);
    expect(rig.told()).toEqual(['alert A', 'untold resolved B']);
  });

  test.each([
    { rule: 'and is over', again: false, told: 'untold resolved B' },
    { rule: 'and fired anew', again: true, told: 'untold resolved B, alert B' },
  ])('no mail about an end is wanted: what fired while it was held $rule is told as it is', async (row) => {
    const rig = new MonitorRig([{ name: 'A' }, { name: 'B', notifyOnRecovery: false }]);
    rig.holding.add('A');
    await rig.check(1000);
    rig.holding.add('B');
    await rig.check(1000);
    rig.holding.delete('B');
    const endedAt = rig.clock.now();
    await rig.check(1000);
    if (row.again) rig.holding.add('B');
    await rig.check(FIRST_WINDOW_MS);
    expect(rig.told().slice(1)).toEqual([row.told]);
    const over = rig
      .mails()
      .flatMap(noticesIn)
      .find(({ kind }) => kind === 'resolved');
    expect(over?.resolvedAt).toBe(endedAt);
  });

  test('an incident first told in a group mail has that mail as the root of its conversation (B15)', async () => {
    const rig = new MonitorRig(named('A', 'B'));
    rig.holding.add('A').add('B');
    await rig.check();
    rig.holding.delete('B');
    await rig.check(FIRST_WINDOW_MS);
    const [group, resolved] = rig.mails();
    expect(resolved?.references).toEqual([group?.messageId]);
  });

  test('an incident that was held has the mail that told it as root, and its end joins in', async () => {
    const rig = new MonitorRig(named('A', 'B'));
    rig.holding.add('A');
    await rig.check(1000);
    rig.holding.add('B');
    await rig.check(FIRST_WINDOW_MS);
    rig.holding.delete('B');
    await rig.check(LATER_WINDOW_MS);
    const [first, second, resolved] = rig.mails();
    expect(rig.told()).toEqual(['alert A', 'alert B', 'resolved B']);
    expect([second?.references, resolved?.references]).toEqual([[], [second?.messageId]]);
    expect(first?.messageId).not.toBe(second?.messageId);
  });

  test('a group mail refers to the first mails of all its incidents', async () => {
    const rig = new MonitorRig([
      { name: 'A', recipients: ['a@contoso.example'] },
      { name: 'B', recipients: ['b@contoso.example'] },
    ]);
    rig.holding.add('A').add('B');
    await rig.check();
    const roots = rig.mails().map(({ messageId }) => messageId);
    const [a, b] = rig.settings.alerts;
    if (!a || !b) throw new Error('no alerts');
    rig.settings = {
      ...rig.settings,
      alerts: [
        { ...a, recipients: ['c@contoso.example'] },
        { ...b, recipients: ['c@contoso.example'] },
      ],
    };
    await rig.monitor.settingsChanged();
    rig.holding.clear();
    await rig.check();
    expect(new Set(rig.mails().at(-1)?.references)).toEqual(new Set(roots));
  });
});

describe('what is held', () => {
  test('survives a restart and leaves at its time', async () => {
    const rig = new MonitorRig(named('A', 'B'));
    rig.holding.add('A');
    await rig.check(1000);
    rig.holding.add('B');
    await rig.check(1000);
    rig.restart();
    await rig.clock.advance(FIRST_WINDOW_MS - 3000);
    expect(rig.told()).toEqual(['alert A']);
    await rig.clock.advance(1000);
    expect(rig.told()).toEqual(['alert A', 'alert B']);
    rig.restart();
    await rig.clock.advance(LATER_WINDOW_MS);
    expect(rig.told()).toEqual(['alert A', 'alert B']);
  });

  test('whose time ran out while no agent ran leaves at the start', async () => {
    const rig = new MonitorRig(named('A', 'B'));
    rig.holding.add('A');
    await rig.check(1000);
    rig.holding.add('B');
    await rig.check(1000);
    rig.monitor.stop();
    await rig.clock.advance(HOUR_MS);
    rig.restart();
    await rig.clock.advance(0);
    expect(rig.told()).toEqual(['alert A', 'alert B']);
  });

  test('leaves all the same while monitoring is paused: it was decided before', async () => {
    const rig = new MonitorRig(named('A', 'B'));
    rig.holding.add('A');
    await rig.check(1000);
    rig.holding.add('B');
    await rig.check(1000);
    rig.monitor.setPausedUntil('forever');
    await rig.clock.advance(FIRST_WINDOW_MS);
    expect(rig.told()).toEqual(['alert A', 'alert B']);
  });

  test.each([
    { rule: 'that was acknowledged', change: { acknowledgedAt: 1 } },
    { rule: 'that was snoozed', change: { snoozedUntil: Number.MAX_SAFE_INTEGER } },
  ])('nobody is reminded of an alert $rule meanwhile', async ({ change }) => {
    const rig = new MonitorRig([{ name: 'A', repeatMinutes: 10 }, { name: 'B' }]);
    rig.holding.add('A');
    await rig.check(10 * 60_000 - 1000);
    rig.holding.add('B');
    await rig.check(2000);
    await rig.check(2000);
    await rig.monitor.change('A', (state) => ({ ...state, ...change }));
    await rig.clock.advance(LATER_WINDOW_MS);
    expect(rig.told()).toEqual(['alert A', 'alert B']);
  });

  test('is told though it was acknowledged meanwhile: the others have not heard of it', async () => {
    const rig = new MonitorRig(named('A', 'B'));
    rig.holding.add('A');
    await rig.check(1000);
    rig.holding.add('B');
    await rig.check(1000);
    await rig.monitor.change('B', (state) => ({ ...state, acknowledgedAt: rig.clock.now() }));
    await rig.clock.advance(FIRST_WINDOW_MS);
    expect(rig.told()).toEqual(['alert A', 'alert B']);
  });

  test.each([
    { rule: 'back by a year', jumpMs: -365 * 24 * HOUR_MS },
    { rule: 'back by an hour', jumpMs: -HOUR_MS },
  ])('leaves within one check of its time when the clock is set $rule', async ({ jumpMs }) => {
    const rig = new MonitorRig(named('A', 'B'));
    rig.holding.add('A');
    await rig.check(1000);
    rig.holding.add('B');
    await rig.check(10_000);
    rig.clock.jump(jumpMs);
    for (let check = 0; check < 3; check++) await rig.check(10_000);
    expect(rig.told()).toEqual(['alert A', 'alert B']);
  });

  test('leaves from memory, once, where the disk takes nothing', async () => {
    const rig = new MonitorRig(named('A', 'B'));
    rig.holding.add('A');
    await rig.check(1000);
    rig.holding.add('B');
    await rig.check(1000);
    rig.isDiskFull = true;
    await rig.clock.advance(FIRST_WINDOW_MS);
    expect(rig.kept.map(({ subject }) => subject)).toEqual([expect.stringContaining('B')]);
    rig.isDiskFull = false;
    await rig.check();
    rig.restart();
    await rig.clock.advance(2 * LATER_WINDOW_MS);
    expect([rig.told(), rig.kept.length, rig.faults]).toEqual([['alert A'], 1, []]);
  });
});

describe('more than an address may get in an hour', () => {
  const crowd = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      name: `Alert ${index}`,
      severity: index === count - 1 ? 'critical' : 'warning',
      recipients: ['it@contoso.example', `a${index}@contoso.example`],
    }));

  test('is held back, named in one mail, and keeps nobody else waiting; the critical ones come first', async () => {
    const count = MAILS_PER_HOUR + 15;
    const rig = new MonitorRig(crowd(count));
    for (const { name } of rig.settings.alerts) rig.holding.add(name);
    await rig.check(1000);
    const to = (address: string) => rig.mails().filter(({ recipients }) => recipients.includes(address));
    expect(to('it@contoso.example').length).toBe(MAILS_PER_HOUR);
    expect(rig.mails().length).toBe(count);
    expect(to('it@contoso.example')[0]?.severity).toBe('critical');
    rig.restart();
    await rig.clock.advance(HOUR_MS - 2000);
    expect(rig.mails().length).toBe(count);
    await rig.clock.advance(2000);
    const last = rig.mails().at(-1);
    expect(last?.recipients).toEqual(['it@contoso.example']);
    expect(last?.subject).toContain('15 alerts held back');
    const told = to('it@contoso.example').flatMap((mail) => JSON.parse(mail.text) as { name: string }[]);
    expect(new Set(told.map(({ name }) => name)).size).toBe(count);
    await rig.clock.advance(2 * HOUR_MS);
    expect(rig.mails().length).toBe(count + 1);
  });

  test('what comes while something is held back joins it', async () => {
    const rig = new MonitorRig([...crowd(MAILS_PER_HOUR + 1), { name: 'Late' }]);
    for (const { name } of rig.settings.alerts) if (name !== 'Late') rig.holding.add(name);
    await rig.check(1000);
    rig.holding.add('Late');
    await rig.check(HOUR_MS);
    expect(rig.told().at(-1)).toMatch(/^alert Alert \d+, alert Late$/);
  });
});

test('an alert that comes and goes is a few mails, however long it does', async () => {
  const rig = new MonitorRig(named('A'));
  for (let check = 0; check < 1000; check++) {
    if (check % 2 === 0) rig.holding.add('A');
    else rig.holding.delete('A');
    await rig.check(10_000);
  }
  expect(rig.told()).toEqual(['alert A', 'resolved A, alert A', 'resolved A, untold flapping A']);
  expect(rig.monitor.alerts()[0]?.state.flappingSince).not.toBeNull();
});
