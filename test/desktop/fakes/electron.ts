/**
 * Stands in for the module `electron`, whose runtime is not there where tests run. It keeps what it was given, and tells
 * what a test wants told. Each part is checked against the types of the real one.
 */
import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';

/** Everything that was shown, asked or set, in order. */
export const seen = {
  paths: new Map<string, string>(),
  exits: [] as number[],
  errorBoxes: [] as string[],
  questions: [] as Electron.MessageBoxOptions[],
  /** The button that the next question is answered by. */
  answer: 0,
  loginItems: [] as Electron.Settings[],
  isFirst: true,
  isSandboxed: false,
  schemes: [] as Electron.CustomScheme[],
  sessions: [] as FakeSession[],
  windows: [] as BrowserWindow[],
  trays: [] as Tray[],
  notifications: [] as Notification[],
  bridge: new Map<string, unknown>(),
};

export const app = Object.assign(new EventEmitter(), {
  isPackaged: false as boolean,
  enableSandbox() {
    seen.isSandboxed = true;
  },
  setPath: (name: string, path: string) => {
    seen.paths.set(name, path);
  },
  getAppPath: () => process.cwd(),
  setAppUserModelId: () => {},
  requestSingleInstanceLock: () => seen.isFirst,
  whenReady: async () => {},
  exit: (code?: number) => {
    seen.exits.push(code ?? 0);
  },
  disableHardwareAcceleration: () => {},
  setLoginItemSettings: (settings: Electron.Settings) => {
    seen.loginItems.push(settings);
  },
} satisfies Partial<Electron.App>);

export const ipcMain = {
  handlers: new Map<string, (event: unknown, ...words: unknown[]) => unknown>(),
  handle(channel: string, handler: (event: Electron.IpcMainInvokeEvent, ...words: unknown[]) => unknown) {
    ipcMain.handlers.set(channel, handler as (event: unknown, ...words: unknown[]) => unknown);
  },
} satisfies Partial<Electron.IpcMain> & { handlers: unknown };

export const ipcRenderer = Object.assign(new EventEmitter(), {
  /** What the window's process makes of a call; a test leads it to `ipcMain`. */
  answer: async (_channel: string, ..._words: unknown[]): Promise<unknown> => undefined,
  invoke: (channel: string, ...words: unknown[]): Promise<unknown> => ipcRenderer.answer(channel, ...words),
} satisfies Partial<Electron.IpcRenderer> & { answer: unknown });

export const contextBridge = {
  exposeInMainWorld: (name: string, api: unknown) => {
    seen.bridge.set(name, api);
  },
} satisfies Partial<Electron.ContextBridge>;

export const dialog = {
  showErrorBox: (_title: string, text: string) => {
    seen.errorBoxes.push(text);
  },
  showMessageBox: async (options: Electron.MessageBoxOptions) => {
    seen.questions.push(options);
    return { response: seen.answer, checkboxChecked: false };
  },
} satisfies { [Name in 'showErrorBox' | 'showMessageBox']: (...words: never[]) => unknown };

export const nativeTheme = Object.assign(new EventEmitter(), {
  shouldUseDarkColorsForSystemIntegratedUI: false,
} satisfies Partial<Electron.NativeTheme>);

export const powerMonitor = new EventEmitter();

/** Seals by a prefix, so that a test can see what was sealed. */
export const safeStorage = {
  getSelectedStorageBackend: () => 'gnome_libsecret' as const,
  isAsyncEncryptionAvailable: async () => true,
  encryptStringAsync: async (text: string) => Buffer.from(`locked ${text}`),
  decryptStringAsync: async (sealed: Buffer) => {
    const text = sealed.toString();
    if (!text.startsWith('locked ')) throw new Error('Error while decrypting the ciphertext');
    return { result: text.slice('locked '.length), shouldReEncrypt: false };
  },
} satisfies Partial<Electron.SafeStorage>;

export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } } as Electron.Display],
} satisfies Partial<Electron.Screen>;

export const nativeImage = {
  createFromPath: (path: string) =>
    Object.assign({ path, isTemplate: false } as unknown as Electron.NativeImage, {
      setTemplateImage: () => {},
    }),
} satisfies Partial<typeof Electron.nativeImage>;

export const protocol = {
  registerSchemesAsPrivileged: (schemes: Electron.CustomScheme[]) => {
    seen.schemes.push(...schemes);
  },
} satisfies Partial<Electron.Protocol>;

type PermissionHandler = Parameters<Electron.Session['setPermissionRequestHandler']>[0];

export class FakeSession extends EventEmitter {
  permissionRequest: PermissionHandler = null;
  permissionCheck: Parameters<Electron.Session['setPermissionCheckHandler']>[0] = null;
  device: Parameters<Electron.Session['setDevicePermissionHandler']>[0] = null;
  beforeRequest:
    | ((details: { url: string }, answer: (response: { cancel?: boolean }) => void) => void)
    | null = null;
  readonly schemes = new Map<string, (request: Request) => Promise<Response> | Response>();
  setPermissionRequestHandler(handler: PermissionHandler) {
    this.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: FakeSession['permissionCheck']) {
    this.permissionCheck = handler;
  }
  setDevicePermissionHandler(handler: FakeSession['device']) {
    this.device = handler;
  }
  readonly webRequest = {
    onBeforeRequest: (listener: FakeSession['beforeRequest']) => {
      this.beforeRequest = listener;
    },
  };
  readonly protocol = {
    handle: (scheme: string, handler: (request: Request) => Promise<Response> | Response) => {
      this.schemes.set(scheme, handler);
    },
  };
}

export const session = {
  fromPartition: (): Electron.Session => {
    const made = new FakeSession();
    seen.sessions.push(made);
    app.emit('session-created', made);
    return made as unknown as Electron.Session;
  },
} satisfies Partial<typeof Electron.session>;

export class FakeContents extends EventEmitter implements Pick<Electron.WebContents, 'send' | 'getURL'> {
  url = '';
  readonly sent: [channel: string, what: unknown][] = [];
  readonly mainFrame = { parent: null, detached: false, origin: 'tocsin://app' };
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  send(channel: string, what: unknown) {
    this.sent.push([channel, what]);
  }
  getURL() {
    return this.url;
  }
  setWindowOpenHandler(handler: FakeContents['openHandler']) {
    this.openHandler = handler;
  }
}

type WindowPart = 'loadURL' | 'show' | 'hide' | 'focus' | 'restore' | 'isMinimized' | 'isVisible';

export class BrowserWindow
  extends EventEmitter
  implements Pick<Electron.BrowserWindow, WindowPart | 'getNormalBounds' | 'close' | 'destroy'>
{
  readonly webContents = new FakeContents();
  readonly options: Electron.BrowserWindowConstructorOptions;
  isShown = false;
  isGone = false;
  /** Whether the page holds something unsaved. */
  isUnsaved = false;
  bounds: Electron.Rectangle;

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    const { x = 5, y = 5, width = 0, height = 0 } = options;
    this.bounds = { x, y, width, height };
    seen.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url: string) {
    this.webContents.url = url;
  }
  show() {
    this.isShown = true;
  }
  hide() {
    this.isShown = false;
  }
  focus() {}
  restore() {}
  isMinimized() {
    return false;
  }
  isVisible() {
    return this.isShown;
  }
  getNormalBounds() {
    return this.bounds;
  }
  /** As Chromium: the window may say no, then the page may. */
  close() {
    if (isPrevented(this, 'close')) return;
    if (this.isUnsaved && !isPrevented(this.webContents, 'will-prevent-unload')) return;
    this.destroy();
  }
  destroy() {
    if (this.isGone) return;
    this.isGone = true;
    this.isShown = false;
    this.emit('closed');
  }
}

/** Tells an event that can be prevented, and gives whether it was. */
export function isPrevented(
  emitter: EventEmitter,
  name: string,
  fields: object = {},
  ...words: unknown[]
): boolean {
  let prevented = false;
  const event = {
    ...fields,
    preventDefault() {
      prevented = true;
    },
  };
  emitter.emit(name, event, ...words);
  return prevented;
}

export class Menu {
  static application: Menu | null = null;
  readonly items: Electron.MenuItemConstructorOptions[];
  constructor(items: Electron.MenuItemConstructorOptions[]) {
    this.items = items;
  }
  static buildFromTemplate(items: Electron.MenuItemConstructorOptions[]) {
    return new Menu(items);
  }
  static setApplicationMenu(menu: Menu | null) {
    Menu.application = menu;
  }
}

export class Tray extends EventEmitter implements Pick<Electron.Tray, 'setToolTip' | 'destroy'> {
  image: string;
  tooltip = '';
  menu: Menu | null = null;
  menusSet = 0;
  isGone = false;
  constructor(image: { path: string }) {
    super();
    this.image = image.path;
    seen.trays.push(this);
  }
  setImage(image: { path: string }) {
    this.image = image.path;
  }
  setToolTip(tooltip: string) {
    this.tooltip = tooltip;
  }
  setContextMenu(menu: Menu | null) {
    this.menu = menu;
    this.menusSet += 1;
  }
  destroy() {
    this.isGone = true;
  }
}

export class Notification extends EventEmitter implements Pick<Electron.Notification, 'show'> {
  readonly options: Electron.NotificationConstructorOptions;
  isShown = false;
  constructor(options: Electron.NotificationConstructorOptions) {
    super();
    this.options = options;
    seen.notifications.push(this);
  }
  static isSupported() {
    return true;
  }
  show() {
    this.isShown = true;
  }
}
