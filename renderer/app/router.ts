/** Where the page is: `#/alerts/Disk%20nearly%20full` is the page "alerts" with the rest "Disk nearly full". */
export interface Route {
  readonly page: string;
  readonly rest: readonly string[];
}

/** What the router needs of a window. */
export interface RouterWindow {
  readonly location: { hash: string };
  readonly history: { pushState(data: unknown, unused: string, url: string): void };
  addEventListener(type: 'hashchange' | 'beforeunload', listener: (event: Event) => void): void;
}

/** A way that was not taken because something is unsaved, until the user has said what to do. */
export interface HeldBack {
  readonly proceed: () => void;
  readonly stay: () => void;
}

/** The address of a page within this one, for links. */
export function hrefOf(page: string, ...rest: readonly string[]): string {
  return `#/${[page, ...rest].map((part) => encodeURIComponent(part.toWellFormed())).join('/')}`;
}

/** Reads such an address; what cannot be read is the beginning. */
export function parseHash(hash: string): Route {
  const parts = hash.replace(/^#\/?/, '').split('/').filter(Boolean);
  try {
    const [page = '', ...rest] = parts.map(decodeURIComponent);
    return { page, rest };
  } catch {
    return { page: '', rest: [] };
  }
}

/**
 * Follows the address behind `#`, so that the back button, reload and bookmarks work, over the console and in the desktop app
 * alike. While something is unsaved, it holds every way out back until the user has decided.
 */
export class Router {
  readonly #window: RouterWindow;
  readonly #listeners = new Set<() => void>();
  /** Everything on the page that is unsaved now. */
  readonly #guards = new Set<symbol>();
  #hash: string;
  #route: Route;
  #heldBack: HeldBack | null = null;

  constructor(window: RouterWindow) {
    this.#window = window;
    this.#hash = window.location.hash;
    this.#route = parseHash(this.#hash);
    window.addEventListener('hashchange', () => this.#follow());
    window.addEventListener('beforeunload', (event) => {
      if (this.#guards.size > 0) event.preventDefault();
    });
  }

  readonly route = (): Route => this.#route;
  readonly heldBack = (): HeldBack | null => this.#heldBack;

  readonly subscribe = (listener: () => void): (() => void) => {
    const own = () => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  };

  navigate(page: string, ...rest: readonly string[]): void {
    this.#window.location.hash = hrefOf(page, ...rest);
  }

  /** From now on something is unsaved, until the function that is returned is called. */
  guard(): () => void {
    const own = Symbol('unsaved');
    this.#guards.add(own);
    return () => this.#guards.delete(own);
  }

  /** Does what would throw the unsaved away: at once where nothing is, else after the user has agreed. */
  leave(run: () => void): void {
    if (this.#guards.size === 0) {
      run();
      return;
    }
    this.#heldBack = {
      proceed: () => {
        this.#guards.clear();
        this.#release();
        run();
      },
      stay: () => this.#release(),
    };
    this.#tell();
  }

  #follow(): void {
    const wanted = this.#window.location.hash;
    if (wanted === this.#hash) return;
    if (this.#guards.size > 0) {
      this.#window.history.pushState(null, '', this.#hash === '' ? '#/' : this.#hash);
      this.leave(() => {
        this.#window.location.hash = wanted;
      });
      return;
    }
    this.#hash = wanted;
    this.#route = parseHash(wanted);
    this.#tell();
  }

  #release(): void {
    this.#heldBack = null;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
