import { expect, test } from 'vitest';
import { mayUpdate } from '../../../electron/update-rules.ts';

const URL_LINE = 'provider: generic\nurl: https://updates.contoso.example/tocsin\n';

test.each<[string, string | null, NodeJS.Platform, boolean]>([
  ['nothing was packed with it', null, 'linux', false],
  ['the address is not safe', 'provider: generic\nurl: http://updates.example/\n', 'linux', false],
  ['there is an address', URL_LINE, 'linux', true],
  ['on macOS, which checks signatures by itself', URL_LINE, 'darwin', true],
  ['Windows does not know whose signature', URL_LINE, 'win32', false],
  ['Windows is told an empty name', `${URL_LINE}publisherName:\n`, 'win32', false],
  ['Windows knows the name', `${URL_LINE}publisherName: Contoso Dental\n`, 'win32', true],
  ['Windows knows several', `${URL_LINE}publisherName:\n  - Contoso Dental\n`, 'win32', true],
])('%s: updates %s', (_when, config, system, isLooked) => {
  expect(mayUpdate(config, system)).toBe(isLooked);
});
