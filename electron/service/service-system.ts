/** What is to run with the computer: a program, its words, and the data folder it owns. */
export interface ServiceProgram {
  /** The executable, then its arguments; each a word of its own, with full paths. */
  readonly command: readonly string[];
  /** Full path. */
  readonly dataDir: string;
}

/** One call of a program of the system. */
export interface SystemCall {
  readonly program: string;
  readonly args: readonly string[];
  /** What it is for, as the middle of a sentence: "start it now". */
  readonly purpose: string;
  /** Its failing is no failure of the whole: there was nothing to stop, say. */
  readonly mayFail?: boolean;
}

/** What the system says of an installed service. */
export interface ServiceState {
  readonly startsWithComputer: boolean;
  readonly running: boolean;
}

/**
 * How one operating system starts a program with the computer: the file that defines it, and what has to be called.
 * Descriptions only; `service.ts` writes the file and calls the programs.
 */
export interface ServiceSystem {
  /** "systemd", as people know it. */
  readonly name: string;
  /** Where the definition is kept. */
  readonly definitionPath: string;
  /** The definition's content, in the encoding that the system reads. */
  definition(program: ServiceProgram): Buffer;
  readonly afterInstall: readonly SystemCall[];
  readonly beforeUninstall: readonly SystemCall[];
  readonly afterUninstall: readonly SystemCall[];
  /** Asks for the state; its words are read by `readState`. */
  readonly query: SystemCall;
  readState(output: { readonly status: number; readonly stdout: string }): ServiceState;
  /** What the administrator should know after installing; null where there is nothing. */
  readonly afterword: string | null;
}
