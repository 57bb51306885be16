import { beforeAll, describe, expect, test } from 'vitest';
import { harden } from '../../electron/desktop/hardening.ts';
import { app, FakeContents, FakeSession, isPrevented, seen } from './fakes/electron.ts';

const contents = new FakeContents();
const session = new FakeSession();

beforeAll(() => {
  harden();
  app.emit('web-contents-created', {}, contents);
  app.emit('session-created', session);
});

test('every page runs in the sandbox of Chromium', () => expect(seen.isSandboxed).toBe(true));

describe('where a page may lead', () => {
  test.each([
    ['its own address', 'tocsin://app/', true, false],
    ['a place on itself', 'tocsin://app/#/log', true, false],
    ['a mail, in a frame', 'tocsin://app/mail/log/1', false, false],
    ['a mail in place of the page', 'tocsin://app/mail/log/1', true, true],
    ['the page in a frame', 'tocsin://app/', false, true],
    ['the web', 'https://evil.example/', true, true],
    ['the web, in a frame', 'https://evil.example/', false, true],
    ['another host of the scheme', 'tocsin://evil/', true, true],
    ['a host that begins alike', 'tocsin://app.evil.example/', true, true],
    ['a file', 'file:///etc/passwd', true, true],
    ['a script', 'javascript:alert(1)', true, true],
    ['data', 'data:text/html,x', true, true],
    ['no address at all', 'http://[', true, true],
  ])('%s', (_what, url, isMainFrame, isStopped) => {
    expect(isPrevented(contents, 'will-frame-navigate', { url, isMainFrame })).toBe(isStopped);
  });

  test('nothing is redirected, embedded or opened in a new window', () => {
    expect(isPrevented(contents, 'will-redirect', { url: 'tocsin://app/' })).toBe(true);
    expect(isPrevented(contents, 'will-attach-webview')).toBe(true);
    expect(contents.openHandler?.({ url: 'tocsin://app/' })).toEqual({ action: 'deny' });
  });
});

describe('what a page may have', () => {
  test.each([
    ['media', false],
    ['geolocation', false],
    ['notifications', false],
    ['clipboard-read', false],
    ['fileSystem', false],
    ['openExternal', false],
    ['clipboard-sanitized-write', true],
  ] as const)('%s: %s', (permission, isGranted) => {
    const answers: boolean[] = [];
    session.permissionRequest?.({} as never, permission, (granted) => answers.push(granted), {} as never);
    expect(answers).toEqual([isGranted]);
    expect(session.permissionCheck?.(null, permission as never, '', {} as never)).toBe(isGranted);
  });

  test('no device and no download', () => {
    expect(session.device?.({} as never)).toBe(false);
    expect(isPrevented(session, 'will-download')).toBe(true);
  });

  test.each([
    ['tocsin://app/assets/index.js', false],
    ['data:image/png;base64,AA', false],
    ['https://evil.example/x', true],
    ['http://127.0.0.1:8025/api/status.get', true],
    ['ws://127.0.0.1/', true],
    ['file:///etc/passwd', true],
    ['tocsin://evil/x', true],
  ])('%s is stopped: %s', (url, cancel) => {
    const answers: unknown[] = [];
    session.beforeRequest?.({ url }, (answer) => answers.push(answer));
    expect(answers).toEqual([{ cancel }]);
  });
});
