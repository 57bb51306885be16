/** `npm start`: the app. Without what the app needs it says so in one line, and runs the agent with its web console. */
import { hasDisplay } from '../electron/commands/desktop.ts';

console.log(
  hasDisplay(process.env, process.platform)
    ? 'The desktop app with its tray icon is not part of this version yet, so Tocsin runs headless and opens its web console.'
    : 'There is no display to show a tray icon on, so Tocsin runs headless; its web console is at the address below.',
);
process.argv.splice(2, 0, 'run', '--open');
await import(new URL('../bin/tocsin.js', import.meta.url).href);
