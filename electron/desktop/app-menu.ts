import { Menu } from 'electron';

/** What macOS shows in its bar while the window is in front; without it, copying by the keyboard does not work there. */
export function macMenu(onQuit: () => void): Menu {
  return Menu.buildFromTemplate([
    {
      label: 'Tocsin',
      submenu: [
        { role: 'hide' },
        { role: 'hideOthers' },
        { type: 'separator' },
        { label: 'Quit Tocsin', accelerator: 'Command+Q', click: onQuit },
      ],
    },
    { role: 'editMenu' },
    { role: 'windowMenu' },
  ]);
}
