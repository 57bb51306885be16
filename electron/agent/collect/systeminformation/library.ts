import type * as systeminformation from 'systeminformation';

/** What is used of the library; tests give their own. */
export type SystemInformation = Pick<
  typeof systeminformation,
  | 'battery'
  | 'cpuTemperature'
  | 'fsSize'
  | 'mem'
  | 'networkInterfaces'
  | 'networkStats'
  | 'osInfo'
  | 'processes'
  | 'powerShellStart'
  | 'powerShellRelease'
>;

export type LoadLibrary = () => Promise<SystemInformation>;

/**
 * The library systeminformation, loaded when something is first asked of it (9 MB). On Windows it drives PowerShell; one shell
 * is kept from the first question to `close`, for starting one takes a second.
 */
export class Library {
  readonly #usesShell: boolean;
  readonly #load: LoadLibrary;
  #loaded: Promise<SystemInformation> | null = null;
  #closed = false;

  constructor(system: NodeJS.Platform, load: LoadLibrary = loadReal) {
    this.#usesShell = system === 'win32';
    this.#load = load;
  }

  async ask<T>(question: (library: SystemInformation) => Promise<T>): Promise<T> {
    if (this.#closed) throw new Error('measuring was stopped');
    this.#loaded ??= this.#begin();
    return question(await this.#loaded);
  }

  /**
   * Gets rid of a shell that no longer answers, so that the next question finds a new one. False on systems where each
   * question starts programs of its own: there the old question has to be waited for.
   */
  async recover(): Promise<boolean> {
    if (!this.#usesShell || this.#loaded === null || this.#closed) return false;
    const library = await this.#loaded;
    library.powerShellRelease();
    library.powerShellStart();
    return true;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#usesShell || this.#loaded === null) return;
    this.#loaded.then(
      (library) => library.powerShellRelease(),
      () => undefined,
    );
  }

  async #begin(): Promise<SystemInformation> {
    try {
      const library = await this.#load();
      if (this.#usesShell) library.powerShellStart();
      return library;
    } catch (error) {
      this.#loaded = null;
      throw error;
    }
  }
}

async function loadReal(): Promise<SystemInformation> {
  return import('systeminformation');
}
