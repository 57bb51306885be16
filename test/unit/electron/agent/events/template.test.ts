import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeForBody, escapeForUrl, fillTemplate } from '../../../../../electron/agent/events/template.ts';

const filled = (template: string, value: string, type: string | null) =>
  fillTemplate(template, new Map([['reply', value]]), escapeForBody(type, template));

/** Texts of what ends strings, fields, elements and lines somewhere. */
const hostile = fc.string({
  unit: fc.constantFrom(
    '"',
    '\\',
    '\n',
    '\u2028',
    '\ud800',
    'a',
    '&',
    '=',
    '%',
    '+',
    ';',
    '<',
    'é',
    '😀',
    '{',
  ),
});

describe('fields in a body end nothing that the template has begun', () => {
  test('JSON stays JSON, and holds the value', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const body = filled('{"a": "{{reply}}"}', value, 'application/json');
        expect(JSON.parse(body)).toEqual({ a: value.toWellFormed() });
      }),
    );
  });

  test('a form keeps its one field', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const body = filled('a={{reply}}', value, 'application/x-www-form-urlencoded');
        expect(new URLSearchParams(body.replaceAll('+', '%2B')).size).toBe(1);
      }),
    );
  });

  test.each([
    ['application/xml', '<a>{{reply}}</a>'],
    [null, '<a>{{reply}}</a>'],
  ])('markup (%s) gets no element more', (type, template) => {
    expect(filled(template, '</a><b x="1">&\'', type)).toBe(
      '<a>&lt;/a&gt;&lt;b x=&quot;1&quot;&gt;&amp;&#39;</a>',
    );
  });

  test('text stays on its line', () => {
    expect(filled('Reply: {{reply}}', 'a\r\nSecond: b', null)).toBe('Reply: a Second: b');
  });
});

test('a URL gets no further parameter and no other path', () => {
  const fields = new Map([['reply', '../x?a=1&b=2#c']]);
  expect(fillTemplate('/hook/{{reply}}?t={{ reply }}', fields, escapeForUrl)).toBe(
    '/hook/..%2Fx%3Fa%3D1%26b%3D2%23c?t=..%2Fx%3Fa%3D1%26b%3D2%23c',
  );
});

test('a name that is no field is left as it stands; a field is not filled in twice', () => {
  const fields = new Map([
    ['a', '{{b}}'],
    ['b', 'secret'],
  ]);
  expect(fillTemplate('{{a}} {{nothing}}', fields, (value) => value)).toBe('{{b}} {{nothing}}');
});
