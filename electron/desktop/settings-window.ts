import { join } from 'node:path';
import { BrowserWindow, screen, type Session, type WebContents } from 'electron';
import { APP_ORIGIN } from '../../shared/contract/desktop-bridge.ts';
import type { CancelTimer, Clock } from '../../shared/model/clock.ts';
import { type Place, WINDOW_SIZE_MIN, windowPlace } from '../tray/window-place.ts';

export interface SettingsWindowOptions {
  readonly clock: Clock;
  readonly session: Session;
  readonly distDir: string;
  readonly iconPath: string;
  readonly place: { get(): Place | null; set(place: Place): void };
  /** Told when the page has been loaded and hears. */
  readonly onLoaded: (contents: WebContents) => void;
}

/** The one window: made when it is first wanted, hidden when it is closed. */
export interface SettingsWindow {
  /** Shows it, at this page of it; where it stands, without one. */
  show(page?: string): void;
  contents(): WebContents | null;
  /** For the end of the app: nothing holds it any more. */
  destroy(): void;
}

/** A page that nobody has looked at for so long costs some 100 MB for nothing; its process is ended. */
const HIDDEN_MS = 5 * 60_000;
/** A page that crashes again within this is not loaded in a loop. */
const CRASH_REST_MS = 30_000;

export function createSettingsWindow(options: SettingsWindowOptions): SettingsWindow {
  const { clock } = options;
  let window: BrowserWindow | null = null;
  let cancelEnd: CancelTimer = () => {};
  let isEnding = false;
  let crashedAtMs = Number.NEGATIVE_INFINITY;

  const hide = (own: BrowserWindow) => {
    options.place.set(own.getNormalBounds());
    own.hide();
    endLater(own);
  };

  const endLater = (own: BrowserWindow) => {
    cancelEnd();
    cancelEnd = clock.after(HIDDEN_MS, () => {
      isEnding = true;
      // A page that holds something unsaved prevents it, and stays.
      own.close();
    });
  };

  const open = (address: string): BrowserWindow => {
    const own = new BrowserWindow(windowOptions(options));
    window = own;
    own.on('close', (event) => {
      if (isEnding) return;
      event.preventDefault();
      hide(own);
    });
    own.on('closed', () => {
      cancelEnd();
      isEnding = false;
      window = null;
    });
    own.webContents.on('will-prevent-unload', () => {
      isEnding = false;
      endLater(own);
    });
    own.webContents.on('did-finish-load', () => options.onLoaded(own.webContents));
    own.webContents.on('render-process-gone', (_event, { reason }) => {
      const wasShown = own.isVisible();
      own.destroy();
      if (reason === 'clean-exit' || !wasShown || clock.monotonic() - crashedAtMs < CRASH_REST_MS) return;
      crashedAtMs = clock.monotonic();
      open(`${APP_ORIGIN}/`);
    });
    own.once('ready-to-show', () => own.show());
    // Rejects where the window was closed meanwhile; what cannot be loaded says so in the window.
    own.loadURL(address).catch(() => {});
    return own;
  };

  return {
    show(page) {
      cancelEnd();
      const address = page === undefined ? null : `${APP_ORIGIN}/#/${page}`;
      if (window === null) {
        open(address ?? `${APP_ORIGIN}/`);
        return;
      }
      // Behind the # alone, which the page follows by itself, asking first where something is unsaved.
      if (address !== null && window.webContents.getURL() !== address) {
        window.loadURL(address).catch(() => {});
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    contents: () => window?.webContents ?? null,
    destroy() {
      if (window?.isVisible() === true) options.place.set(window.getNormalBounds());
      window?.destroy();
    },
  };
}

function windowOptions({ session, distDir, iconPath, place }: SettingsWindowOptions) {
  return {
    ...windowPlace(
      place.get(),
      screen.getAllDisplays().map((display) => display.workArea),
    ),
    minWidth: WINDOW_SIZE_MIN.width,
    minHeight: WINDOW_SIZE_MIN.height,
    title: 'Tocsin',
    icon: iconPath,
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      session,
      preload: join(distDir, 'desktop', 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  };
}
