import { defaultDataDir } from './agent/platform/data-dir.ts';
import { runDesktop } from './desktop/app.ts';
import { runWithoutWindow } from './desktop/without-window.ts';
import { desktopOptions } from './desktop-options.ts';
import { main } from './headless.ts';

// What is kept is the owner's alone; the database, too, which SQLite creates by the mask.
process.umask(0o077);
// In a checkout, Electron is given the folder of the app as its first word.
const words = process.argv.slice('defaultApp' in process ? 2 : 1);
const options = desktopOptions(words, process.cwd(), defaultDataDir(process.env, process.platform));
if (options.mode === 'command') runWithoutWindow(options.words, main);
else void runDesktop(options);
