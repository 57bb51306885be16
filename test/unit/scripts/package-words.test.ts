import { expect, test } from 'vitest';
import { packageWords } from '../../../scripts/package-words.ts';

const URL = 'https://updates.contoso.example';

test.each<[string, string[], Record<string, string>, NodeJS.Platform, boolean]>([
  ['without updates', ['--win'], {}, 'win32', true],
  ['for Linux with updates', ['--linux'], { TOCSIN_UPDATE_URL: URL }, 'win32', true],
  ['for Windows with updates of nobody', ['--win'], { TOCSIN_UPDATE_URL: URL }, 'linux', false],
  ['on Windows, by default, of nobody', [], { TOCSIN_UPDATE_URL: URL }, 'win32', false],
  ['for Windows, signed', ['--win'], { TOCSIN_UPDATE_URL: URL, TOCSIN_PUBLISHER: 'Contoso' }, 'linux', true],
  ['from an unsafe address', ['--linux'], { TOCSIN_UPDATE_URL: 'http://x' }, 'linux', false],
])('a package %s', (_what, given, environment, system, isMade) => {
  expect(packageWords(given, environment, system).ok).toBe(isMade);
});

test('one that looks for updates is signed, and knows by whom', () => {
  const made = packageWords(['--win'], { TOCSIN_UPDATE_URL: URL, TOCSIN_PUBLISHER: 'Contoso' }, 'win32');
  expect(made.ok && made.words).toEqual(
    expect.arrayContaining([
      '-c.win.signtoolOptions.publisherName=Contoso',
      `-c.publish.url=${URL}`,
      '-c.forceCodeSigning=true',
    ]),
  );
});
