import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageRequest, type MessageRequest } from '../../../shared/contract/relay-api.ts';
import { bodyHash, formerBodyHash } from '../../../relay/submission.ts';

const A: MessageRequest = {
  kind: 'alert',
  subject: 'ab',
  html: 'c',
  text: null,
  to: ['one@example.com', 'two@example.com'],
  sms: [],
  smsText: null,
  threadId: null,
};

test.each<[string, Partial<MessageRequest>]>([
  ['a part that moves from one field into the next', { subject: 'a', html: 'bc' }],
  ['an empty text instead of none', { text: '' }],
  ['the same text in another field', { html: null, text: 'c' }],
  ['recipients by another way', { to: ['one@example.com'], sms: ['two@example.com'] }],
  ['recipients in another order', { to: ['two@example.com', 'one@example.com'] }],
  ['two recipients run together', { to: ['one@example.comtwo@example.com'] }],
  ['half a character pair', { html: '\ud800' }],
  ['the other half', { html: '\udfff' }],
  ['what stands for either in UTF-8', { html: '\ufffd' }],
])('%s is another body', (_, change) => {
  const all = [A, { ...A, ...change }, { ...A, html: '\ud801' }];
  expect(new Set(all.map(bodyHash)).size).toBe(3);
});

const text = fc.string({
  unit: fc.constantFrom('a', '1', ',', ';', '"', '\u00e9', '\ud83d', '\ude00'),
  maxLength: 3,
});
const requests = fc.record({
  kind: fc.constant('alert' as const),
  subject: text,
  html: fc.option(text),
  text: fc.option(text),
  to: fc.array(text, { maxLength: 2 }),
  sms: fc.array(text, { maxLength: 2 }),
  smsText: fc.option(text),
  threadId: fc.option(text),
});

test('two bodies are the same by this hash just where they are by the one that was kept before', () => {
  fc.assert(
    fc.property(requests, requests, fc.boolean(), (one, other, same) => {
      const second = same ? { ...one } : other;
      expect(bodyHash(one) === bodyHash(second)).toBe(formerBodyHash(one) === formerBodyHash(second));
    }),
    { numRuns: 2000 },
  );
});

test('blanks and the order of keys make no other body', () => {
  const read = (json: string) => messageRequest.parse(JSON.parse(json));
  const one = read('{"kind":"alert","subject":"s","text":"t","to":["a@example.com"]}');
  const other = read(
    '{ "to": ["a@example.com"], "text": "t", "subject": "s", "kind": "alert", "html": null }',
  );
  expect(bodyHash(one)).toBe(bodyHash(other));
});
