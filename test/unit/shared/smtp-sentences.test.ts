import { assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ERRORS } from '../../../shared/errors.ts';
import { adviceOn, codeOfWords, KNOWN_SENTENCES } from '../../../shared/smtp-sentences.ts';
import { anyText } from '../../fakes/any-text.ts';

describe('the table of known sentences', () => {
  test.each(KNOWN_SENTENCES.map((sentence) => [sentence.example, sentence] as const))(
    'each example is met by its own entry: %s',
    (example, sentence) => {
      // What an earlier entry takes would never be told.
      const first = KNOWN_SENTENCES.find(({ code, says }) => code === sentence.code && says.test(example));
      expect(first).toBe(sentence);
      if (sentence.isAdviceOnly === undefined) expect(codeOfWords(example)).toBe(sentence.code);
      expect(adviceOn(sentence.code, example)).toEqual({
        cause: sentence.cause ?? ERRORS[sentence.code].cause,
        mend: sentence.mend ?? ERRORS[sentence.code].mend,
      });
    },
  );

  test.each(KNOWN_SENTENCES.map((sentence) => [sentence.example, sentence] as const))(
    'is written for people, with its source: %s',
    (_example, { cause, mend, source, product }) => {
      for (const text of [cause, mend]) if (text !== null) expect(text).toMatch(/^\p{Lu}.*\.$/u);
      expect(product).not.toBe('');
      expect(new URL(source).protocol).toBe('https:');
    },
  );

  test('words that only advise leave the judgement to number and stage', () => {
    expect(codeOfWords('550 5.1.1 User unknown in local recipient table')).toBeNull();
    expect(codeOfWords('452 4.3.1 Insufficient system storage')).toBeNull();
  });

  test('advice goes with its code only: what was judged otherwise is explained otherwise', () => {
    expect(adviceOn('smtp_temporary', '450 4.1.1 User unknown in local recipient table').cause).toBe(
      ERRORS.smtp_temporary.cause,
    );
    expect(adviceOn('smtp_blocked', null)).toEqual({
      cause: ERRORS.smtp_blocked.cause,
      mend: ERRORS.smtp_blocked.mend,
    });
  });

  test('whatever a server says is read in no time', () => {
    const part = constantFrom('5.7.1 ', 'sender address rejected: ', 'relay', 'client host [', ' ', 'not ');
    assert(
      property(string({ unit: part, maxLength: 5000 }), anyText(), (known, any) => {
        const began = performance.now();
        codeOfWords(`${known}${any}`.repeat(4));
        return performance.now() - began < 100;
      }),
      { numRuns: 50 },
    );
  });
});
