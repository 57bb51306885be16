/** What started the command that installs a service. */
export interface Starter {
  readonly system: NodeJS.Platform;
  readonly isRoot: boolean;
  /** Node with `script`, or the installed app. */
  readonly program: string;
  /** Null in the app. */
  readonly script: string | null;
}

/** The words that start the same program as an agent without a window. */
export function serviceStart({ system, isRoot, program, script }: Starter): readonly string[] {
  if (script !== null) return [program, script, 'run'];
  if (system !== 'linux') return [program, '--service'];
  // Chromium ends where it finds no display, and where root starts it with its sandbox: no page is loaded here.
  return [program, '--service', '--ozone-platform=headless', ...(isRoot ? ['--no-sandbox'] : [])];
}
