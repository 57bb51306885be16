import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** How the app was started. */
export type DesktopOptions =
  | {
      readonly mode: 'desktop';
      /** Without a window: as the system starts it at login. */
      readonly isHidden: boolean;
      readonly settingsFile: string | null;
      readonly dataDir: string;
    }
  /** Words for the command line program, which this one brings along: `tocsin status`, and `--service` as `tocsin run`. */
  | { readonly mode: 'command'; readonly words: readonly string[] };

const OPTIONS = {
  hidden: { type: 'boolean' },
  service: { type: 'boolean' },
  settings: { type: 'string' },
  'data-dir': { type: 'string' },
  'log-file': { type: 'string' },
} as const;

/**
 * Reads the words behind the program's name. Options of Chromium and of the system are let pass: they are not ours to
 * judge. Relative paths are those of `workingDir`.
 */
export function desktopOptions(
  words: readonly string[],
  workingDir: string,
  defaultDataDir: string,
): DesktopOptions {
  const [first = ''] = words;
  // A checkout names itself ("."), and desktops hand over addresses; commands are plain words.
  if (/^[a-z][a-z-]*$/.test(first)) return { mode: 'command', words };
  const { values } = parseArgs({ args: [...words], options: OPTIONS, strict: false });
  const path = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  const settings = path(values.settings);
  const dataDir = path(values['data-dir']);
  const logFile = path(values['log-file']);
  if (values.service === true) {
    return {
      mode: 'command',
      words: [
        'run',
        ...(settings === null ? [] : ['--settings', settings]),
        ...(dataDir === null ? [] : ['--data-dir', dataDir]),
        ...(logFile === null ? [] : ['--log-file', logFile]),
      ],
    };
  }
  return {
    mode: 'desktop',
    isHidden: values.hidden === true,
    settingsFile: settings === null ? null : resolve(workingDir, settings),
    dataDir: dataDir === null ? defaultDataDir : resolve(workingDir, dataDir),
  };
}
