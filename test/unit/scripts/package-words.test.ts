import { expect, test } from 'vitest';
import { packageWords } from '../../../scripts/package-words.ts';

const URL = 'https://updates.contoso.example';
const SOMEBODY = { author: 'Contoso <it@contoso.example>', homepage: 'https://contoso.example' };
const NOBODY = { author: null, homepage: null };

test.each<[string, string[], Record<string, string>, NodeJS.Platform, boolean]>([
  ['without updates', ['--win'], {}, 'win32', true],
  ['for Linux with updates', ['--linux'], { TOCSIN_UPDATE_URL: URL }, 'win32', true],
  ['for Windows with updates of nobody', ['--win'], { TOCSIN_UPDATE_URL: URL }, 'linux', false],
  ['on Windows, by default, of nobody', [], { TOCSIN_UPDATE_URL: URL }, 'win32', false],
  ['for Windows, signed', ['--win'], { TOCSIN_UPDATE_URL: URL, TOCSIN_PUBLISHER: 'Contoso' }, 'linux', true],
  ['from an unsafe address', ['--linux'], { TOCSIN_UPDATE_URL: 'http://x' }, 'linux', false],
])('a package %s', (_what, given, environment, system, isMade) => {
  expect(packageWords(given, environment, system, SOMEBODY).ok).toBe(isMade);
});

const SAID = { TOCSIN_MAINTAINER: 'Ann <ann@contoso.example>', TOCSIN_HOMEPAGE: 'https://contoso.example' };

test.each<[string, string[], Record<string, string>, NodeJS.Platform, boolean]>([
  ['a Debian package of nobody', ['--linux'], {}, 'linux', false],
  ['one by its name', ['--linux', 'deb'], {}, 'darwin', false],
  ['on Linux, by default', [], {}, 'linux', false],
  ['one whose maintainer has no address', ['--linux'], { ...SAID, TOCSIN_MAINTAINER: 'Ann' }, 'linux', false],
  ['one without a page', ['--linux'], { ...SAID, TOCSIN_HOMEPAGE: '' }, 'linux', false],
  ['one that the environment answers for', ['--linux'], SAID, 'linux', true],
  ['an AppImage needs nobody', ['--linux', 'AppImage'], {}, 'linux', true],
  ['nor does a package for Windows', ['--win'], {}, 'linux', true],
])('who answers for it: %s', (_what, given, environment, system, isMade) => {
  const made = packageWords(given, environment, system, NOBODY);
  expect(made.ok).toBe(isMade);
  if (!made.ok) expect(made.why).toContain('TOCSIN_MAINTAINER');
});

test('the maintainer is who the environment says, or else package.json', () => {
  const of = (environment: Record<string, string>) =>
    packageWords(['--linux'], environment, 'linux', SOMEBODY);
  expect(of({})).toMatchObject({ words: expect.arrayContaining([`-c.linux.maintainer=${SOMEBODY.author}`]) });
  expect(of(SAID)).toMatchObject({
    words: expect.arrayContaining([`-c.linux.maintainer=${SAID.TOCSIN_MAINTAINER}`]),
  });
});

test('one that looks for updates is signed, and knows by whom', () => {
  const environment = { TOCSIN_UPDATE_URL: URL, TOCSIN_PUBLISHER: 'Contoso' };
  const made = packageWords(['--win'], environment, 'win32', NOBODY);
  expect(made.ok && made.words).toEqual(
    expect.arrayContaining([
      '-c.win.signtoolOptions.publisherName=Contoso',
      `-c.publish.url=${URL}`,
      '-c.forceCodeSigning=true',
    ]),
  );
});
