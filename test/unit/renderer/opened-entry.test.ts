import { describe, expect, test } from 'vitest';
import { freeName, openedEntry } from '../../../renderer/model/opened-entry.ts';

const DISK = { name: 'Disk', size: 1 };
const NEW = { name: 'new', size: 2 };
const MADE = { name: 'Made', size: 3 };
const ENTRIES = [DISK, NEW];
const create = (kind: string) => (kind === 'daily' ? MADE : null);

describe('the address behind the name of a page', () => {
  test.each([
    { rest: ['Disk'], opens: { before: DISK, start: DISK }, why: 'a name opens that entry' },
    { rest: ['new'], opens: { before: NEW, start: NEW }, why: 'an entry may be called "new"' },
    { rest: ['gone'], opens: null, why: 'a name that nobody has opens nothing' },
    { rest: ['new', 'daily'], opens: { before: null, start: MADE }, why: 'a kind makes a new one' },
    { rest: ['new', 'hourly'], opens: null, why: 'a kind that is not known makes nothing' },
    {
      rest: ['copy', 'Disk'],
      opens: { before: null, start: { name: 'Disk, copy', size: 1 } },
      why: 'a copy is a new one with a name of its own',
    },
    { rest: ['copy', 'gone'], opens: null, why: 'what is gone cannot be copied' },
    { rest: ['edit', 'Disk'], opens: null, why: 'another word is no address' },
    { rest: [], opens: null, why: 'the page alone opens nothing' },
  ])('$why', ({ rest, opens }) => {
    expect(openedEntry(rest, ENTRIES, create)).toEqual(opens);
  });
});

describe('the name of a new entry', () => {
  test.each([
    { proposed: 'CPU', name: 'CPU', why: 'is the one proposed' },
    { proposed: 'disk', name: 'disk, copy', why: 'differs from all others, also by more than case' },
  ])('$why', ({ proposed, name }) => {
    expect(freeName(proposed, ENTRIES)).toBe(name);
  });
});
