import Store from 'electron-store';
import type { Place } from '../tray/window-place.ts';

/** What this user's desktop remembers; what is watched and mailed stands in the agent's settings. */
export interface Preferences {
  windowPlace: Place | null;
  /** Null: nobody has chosen yet. */
  startsAtLogin: boolean | null;
}

const side = { type: 'integer', minimum: -100_000, maximum: 100_000 } as const;

/** Kept in the app's own folder; a damaged file is one with nothing in it. */
export function openPreferences(): Store<Preferences> {
  return new Store<Preferences>({
    name: 'desktop',
    clearInvalidConfig: true,
    defaults: { windowPlace: null, startsAtLogin: null },
    schema: {
      windowPlace: {
        anyOf: [
          { type: 'null' },
          {
            type: 'object',
            properties: { x: side, y: side, width: side, height: side },
            required: ['x', 'y', 'width', 'height'],
          },
        ],
      },
      startsAtLogin: { type: ['boolean', 'null'] },
    },
  });
}
