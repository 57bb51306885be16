export type PackageWords =
  | { readonly ok: true; readonly words: string[] }
  | { readonly ok: false; readonly why: string };

/**
 * The words for electron-builder. An app that looks for updates must know whose signature they bear: without the publisher's
 * name Windows' updater takes whatever the server gives (electron-updater, NsisUpdater), so such a package is not made.
 */
export function packageWords(
  given: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  system: NodeJS.Platform,
): PackageWords {
  const words = ['--config', 'electron-builder.yml', '--publish', 'never', ...given];
  const url = environment['TOCSIN_UPDATE_URL'];
  const publisher = environment['TOCSIN_PUBLISHER'];
  const isForWindows =
    given.some((word) => ['--win', '--windows', '-w'].includes(word)) ||
    (system === 'win32' && !given.some((word) => ['--linux', '--mac', '-l', '-m'].includes(word)));
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
