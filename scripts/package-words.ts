export type PackageWords =
  | { readonly ok: true; readonly words: string[] }
  | { readonly ok: false; readonly why: string };

/** What package.json says of whoever packs it; null where it says nothing. */
export interface PackageAbout {
  /** As "Name <address>". */
  readonly author: string | null;
  readonly homepage: string | null;
}

/**
 * The words for electron-builder. A Debian package names somebody who answers for it; nobody is made up. An app that looks for updates must know whose signature they bear: without the publisher's
 * name Windows' updater takes whatever the server gives (electron-updater, NsisUpdater), so such a package is not made.
 */
export function packageWords(
  given: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  system: NodeJS.Platform,
  about: PackageAbout,
): PackageWords {
  const words = ['--config', 'electron-builder.yml', '--publish', 'never', ...given];
  const url = environment['TOCSIN_UPDATE_URL'];
  const publisher = environment['TOCSIN_PUBLISHER'];
  const isForWindows =
    given.some((word) => ['--win', '--windows', '-w'].includes(word)) ||
    (system === 'win32' && !given.some((word) => ['--linux', '--mac', '-l', '-m'].includes(word)));
  const maintainer = environment['TOCSIN_MAINTAINER'] || about.author;
  const homepage = environment['TOCSIN_HOMEPAGE'] || about.homepage;
  if (makesDebianPackage(given, system)) {
    if (!maintainer || !/^[^<>]+ <[^<>\s]+@[^<>\s]+>$/.test(maintainer) || !homepage)
      return { ok: false, why: NOBODY };
    words.push(`-c.linux.maintainer=${maintainer}`, `-c.extraMetadata.homepage=${homepage}`);
  }
  if (publisher) words.push(`-c.win.signtoolOptions.publisherName=${publisher}`);
  if (!url) return { ok: true, words };
  if (!url.startsWith('https://')) {
    return { ok: false, why: `TOCSIN_UPDATE_URL must begin with https://, and is ${url}.` };
  }
  if (isForWindows && !publisher) {
    return {
      ok: false,
      why: 'Updates for Windows are checked by the name in their signature: set TOCSIN_PUBLISHER to the subject of the certificate, or leave TOCSIN_UPDATE_URL out.',
    };
  }
  words.push('-c.publish.provider=generic', `-c.publish.url=${url}`, '-c.forceCodeSigning=true');
  return { ok: true, words };
}

const NOBODY =
  'A Debian package names who answers for it: set TOCSIN_MAINTAINER to "Name <address>" and TOCSIN_HOMEPAGE to a page, or write author and homepage into package.json. Without it: npm run package -- --linux AppImage';

/** Both kinds for Linux are made unless some are named. */
function makesDebianPackage(given: readonly string[], system: NodeJS.Platform): boolean {
  const isForLinux = given.some((word) => ['--linux', '-l'].includes(word));
  const isForOthers = given.some((word) =>
    ['--win', '--windows', '-w', '--mac', '-m', '--macos'].includes(word),
  );
  const kinds = given.filter((word) => !word.startsWith('-'));
  return (
    (isForLinux || (system === 'linux' && !isForOthers)) && (kinds.length === 0 || kinds.includes('deb'))
  );
}
