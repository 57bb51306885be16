import { expect, test } from 'vitest';
import { jsonFault } from '../../../../../electron/agent/settings/json-fault.ts';

test.each([
  ['', 'it ends in the middle'],
  ['{"password": ', 'it ends in the middle'],
  ['{"password": canary}', 'there is something that does not belong there (line 1, column 14)'],
  ['{"a": 1}\n canary', 'there is something that does not belong there (line 2, column 2)'],
  ['{\n"password": "canary"canary}', "Expected ',' or '}' after property value (line 2, column 21)"],
  ['{"password": "canary', 'Unterminated string (line 1, column 21)'],
  ['{"password": "canary\n"}', 'Bad control character in string literal (line 1, column 21)'],
  ['[1,\n]', 'there is something that does not belong there (line 2, column 1)'],
  ["{'canary': 1}", "Expected property name or '}' (line 1, column 2)"],
])('%j: %s, and never a piece of it', (text, fault) => {
  expect(jsonFault(text)).toBe(fault);
  expect(jsonFault(text)).not.toContain('canary');
});
