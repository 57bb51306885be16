import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeEntry, changeSection, isSame, restoreEntry } from '../../../renderer/model/settings-change.ts';
import { defaultSettings, type Settings, settingsSchema } from '../../../shared/contract/settings.ts';

const window = (name: string, minutes = 60) => ({ name, cron: '0 2 * * 0', minutes });

function settingsWith(...maintenance: Settings['maintenance']): Settings {
  return { ...defaultSettings(), maintenance };
}

describe('changeEntry', () => {
  const a = window('a');
  const b = window('b');
  const changed = window('a', 90);

  test.each([
    ['adds at the end', settingsWith(a), null, b, [a, b]],
    ['replaces in place', settingsWith(a, b), a, changed, [changed, b]],
    ['removes', settingsWith(a, b), a, null, [b]],
    [
      'keeps what was added elsewhere meanwhile',
      settingsWith(b, a, window('c')),
      a,
      changed,
      [b, changed, window('c')],
    ],
    ['is a conflict where the entry was changed meanwhile', settingsWith(changed), a, b, null],
    ['is a conflict where the entry is gone', settingsWith(), a, b, null],
  ])('%s', (_rule, current, before, after, expected) => {
    expect(changeEntry('maintenance', before, after)(current)?.maintenance ?? null).toEqual(expected);
  });
});

describe('changeSection', () => {
  const settings = defaultSettings();
  const profile = { emails: ['it@contoso.example'], sms: [] };

  test('changes that section alone', () => {
    const changed = changeSection('profile', settings.profile, profile)(settings);
    expect(changed).toEqual({ ...settings, profile });
  });

  test('is a conflict where the section was changed meanwhile', () => {
    const meanwhile = { ...settings, profile: { emails: [], sms: ['1@sms.example'] } };
    expect(changeSection('profile', settings.profile, profile)(meanwhile)).toBeNull();
  });
});

describe('isSame', () => {
  test('whatever is copied, with its keys in another order, is the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(isSame(value, reversed(value))).toBe(true);
      }),
    );
  });

  test.each([
    ['a key that holds nothing is no key', { a: 1, b: undefined }, { a: 1 }, true],
    ['a null is a value', { a: null }, {}, false],
    ['a list is no object', [], {}, false],
    ['order matters in lists', [1, 2], [2, 1], false],
    ['another key of the same value', { a: 1 }, { b: 1 }, false],
  ])('%s', (_rule, one, other, expected) => {
    expect(isSame(one, other)).toBe(expected);
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, entry]) => [key, reversed(entry)]),
  );
}

describe('an entry that was removed', () => {
  const base = settingsSchema.parse({
    version: 1,
    maintenance: ['first', 'second', 'third'].map((name) => ({ name, cron: '0 2 * * 0', minutes: 60 })),
  });
  const [, second] = base.maintenance;
  if (second === undefined) throw new Error('no entry');
  const names = (settings: Settings | null) => settings?.maintenance.map(({ name }) => name);

  test('comes back to its place', () => {
    const without = { ...base, maintenance: base.maintenance.filter((entry) => entry !== second) };
    expect(names(restoreEntry('maintenance', second, 1)(without))).toEqual(['first', 'second', 'third']);
  });

  test('does not come back beside another of its name', () => {
    expect(restoreEntry('maintenance', { ...second, name: 'FIRST' }, 1)(base)).toBeNull();
  });
});
