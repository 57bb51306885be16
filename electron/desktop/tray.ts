import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, nativeImage, nativeTheme, Tray } from 'electron';
import { trayIcon } from '../tray/tray-icons.ts';
import type { TrayCommand, TrayItem } from '../tray/tray-menu.ts';
import type { TrayState } from '../tray/tray-state.ts';

/** The icon in the bar, with its menu. */
export interface TrayView {
  /** Draws what differs from what is drawn. */
  update(state: TrayState, items: readonly TrayItem[]): void;
  /** The next update draws the menu, whatever is drawn. */
  redraw(): void;
  destroy(): void;
}

export function createTray(iconsDir: string, onCommand: (command: TrayCommand) => void): TrayView {
  let state: TrayState = { shape: 'all-right', tooltip: 'Tocsin' };
  let drawn = '';
  let menuDrawn = '';
  const image = () => {
    const { file, isTemplate } = trayIcon(
      state.shape,
      process.platform,
      nativeTheme.shouldUseDarkColorsForSystemIntegratedUI,
    );
    const picture = nativeImage.createFromPath(join(iconsDir, 'tray', file));
    picture.setTemplateImage(isTemplate);
    return { file, picture };
  };
  const tray = new Tray(image().picture);
  // On macOS a click opens the menu, as everywhere in its bar.
  if (process.platform !== 'darwin') tray.on('click', () => onCommand({ do: 'show', page: 'overview' }));

  const draw = () => {
    const { file, picture } = image();
    if (file !== drawn) tray.setImage(picture);
    drawn = file;
    tray.setToolTip(state.tooltip);
  };
  nativeTheme.on('updated', draw);

  return {
    update(next, items) {
      state = next;
      draw();
      // A menu that is replaced while somebody reads it closes: only one that says something else is.
      const text = JSON.stringify(items);
      if (text === menuDrawn) return;
      menuDrawn = text;
      tray.setContextMenu(Menu.buildFromTemplate(items.map((item) => menuItem(item, onCommand))));
    },
    redraw() {
      menuDrawn = '';
    },
    destroy() {
      nativeTheme.removeListener('updated', draw);
      tray.destroy();
    },
  };
}

function menuItem(item: TrayItem, onCommand: (command: TrayCommand) => void): MenuItemConstructorOptions {
  switch (item.type) {
    case 'line':
      return { type: 'separator' };
    case 'text':
      return { label: label(item.label), enabled: false };
    case 'entry':
      return { label: label(item.label), enabled: item.enabled, click: () => onCommand(item.command) };
    case 'check':
      return {
        type: 'checkbox',
        label: label(item.label),
        checked: item.checked,
        enabled: item.enabled,
        click: () => onCommand(item.command),
      };
    case 'menu':
      return {
        label: label(item.label),
        enabled: item.enabled,
        submenu: item.items.map((inner) => menuItem(inner, onCommand)),
      };
  }
}

/** Names of alerts are anybody's: an ampersand would underline what follows it. */
function label(text: string): string {
  return text.replaceAll('&', '&&');
}
