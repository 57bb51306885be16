import type { TrayShape } from './tray-state.ts';

/** A drawing of `electron/icons/tray`. */
export interface TrayIcon {
  readonly file: string;
  /** macOS colours it by itself, after its bar. */
  readonly isTemplate: boolean;
}

/** The drawing for the bar of this system: macOS colours one by itself, Windows wants ICO, the others take PNG. */
export function trayIcon(shape: TrayShape, system: NodeJS.Platform, isDarkBar: boolean): TrayIcon {
  if (system === 'darwin') return { file: `${shape}Template.png`, isTemplate: true };
  const bar = isDarkBar ? 'dark' : 'light';
  return { file: `${shape}-on-${bar}.${system === 'win32' ? 'ico' : 'png'}`, isTemplate: false };
}
