import { describe, expect, test } from 'vitest';
import {
  entryFaults,
  faultAt,
  faultCount,
  faultSentence,
  faultWithin,
} from '../../../renderer/model/entry-faults.ts';

const faults = entryFaults(
  [
    { path: 'alerts[12].name', message: 'must not be empty' },
    { path: 'alerts[12].conditions[1].target', message: 'must not be empty' },
    { path: 'alerts[12].conditions[10]', message: 'needs a limit' },
    { path: 'smtp.servers', message: 'is something else' },
  ],
  'alerts',
);

describe('faults of the settings in an editor', () => {
  test('stand at their fields, by paths within the entry', () => {
    expect(faultAt(faults, 'name')).toBe('Must not be empty.');
    expect(faultAt(faults, 'conditions[1].target')).toBe('Must not be empty.');
    expect(faultAt(faults, 'conditions[1]')).toBeNull();
    expect(faultWithin(faults, 'conditions[1]')).toBe('Must not be empty.');
    expect(faultWithin(faults, 'cond')).toBeNull();
  });

  test('are counted for the tab that shows them; those of elsewhere for none', () => {
    expect(faultCount(faults, ['name', 'enabled'])).toBe(1);
    expect(faultCount(faults, ['conditions', 'match'])).toBe(2);
    expect(faultCount(faults, ['recipients'])).toBe(0);
  });

  test.each([
    ['must be a whole number, not null', 'Type a number.'],
    ['“x” has no @', '“x” has no @.'],
    ['is wrong. Remove it.', 'Is wrong. Remove it.'],
  ])('“%s” is a sentence', (message, sentence) => {
    expect(faultSentence(message)).toBe(sentence);
  });
});
