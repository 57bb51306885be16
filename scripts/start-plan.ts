import { hasDisplay } from '../electron/commands/desktop.ts';
import type { ElectronRuntime } from './electron-runtime.ts';

/** What `npm start` does: the desktop app, or the agent with its web console and the reason in one line. */
export type StartPlan =
  | { readonly start: 'desktop'; readonly command: readonly [program: string, ...words: string[]] }
  | { readonly start: 'console'; readonly words: readonly string[]; readonly why: string };

/** Words behind `npm start --` go along. */
export function startPlan(
  runtime: ElectronRuntime,
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  system: NodeJS.Platform,
): StartPlan {
  const console = (why: string): StartPlan => ({ start: 'console', words: ['run', '--open', ...words], why });
  if (!hasDisplay(environment, system)) {
    return console(
      'There is no display to show a tray icon on, so Tocsin runs headless; its web console is at the address below.',
    );
  }
  if (!runtime.found) return console(`${runtime.why}, so Tocsin runs headless and opens its web console.`);
  return { start: 'desktop', command: [runtime.program, '.', ...words] };
}
