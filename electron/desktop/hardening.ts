import { app, type Session, type WebContents } from 'electron';
import { APP_ORIGIN } from '../../shared/contract/desktop-bridge.ts';
import { parseMailFramePath } from '../../shared/contract/ipc/mail-frames.ts';

/**
 * Shuts every way out of the page before there is one: nothing leads elsewhere, opens windows, is downloaded, embedded or
 * asked for (QUALITY.md, "Bad input"). Before `ready`.
 */
export function harden(): void {
  app.enableSandbox();
  app.on('session-created', hardenSession);
  app.on('web-contents-created', (_event, contents) => hardenContents(contents));
}

function hardenContents(contents: WebContents): void {
  contents.on('will-frame-navigate', (event) => {
    if (!mayShow(event.url, event.isMainFrame)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** The window shows the page, and frames in it show mails. */
function mayShow(address: string, isMainFrame: boolean): boolean {
  const url = URL.parse(address);
  if (url === null || !isOurs(url)) return false;
  return isMainFrame ? url.pathname === '/' : parseMailFramePath(url.pathname) !== null;
}

/** `URL.origin` is "null" for schemes that are not of the web. */
function isOurs(url: URL): boolean {
  return `${url.protocol}//${url.host}` === APP_ORIGIN;
}

function hardenSession(session: Session): void {
  // Copying a text (never reading one) is what the page's own buttons are for; nothing else is granted.
  const isGranted = (permission: string) => permission === 'clipboard-sanitized-write';
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(isGranted(permission)));
  session.setPermissionCheckHandler((_contents, permission) => isGranted(permission));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, answer) => {
    const url = URL.parse(details.url);
    const isLoaded = url !== null && (isOurs(url) || ['data:', 'devtools:'].includes(url.protocol));
    answer({ cancel: !isLoaded });
  });
}
