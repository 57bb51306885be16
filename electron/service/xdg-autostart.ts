import { join } from 'node:path';

/** Where desktops look for what starts with the login of this user (Desktop Application Autostart Specification). */
export function autostartPath(environment: NodeJS.ProcessEnv, homeDir: string): string {
  return join(environment['XDG_CONFIG_HOME'] || join(homeDir, '.config'), 'autostart', 'tocsin.desktop');
}

/** The entry that starts this program without a window (Desktop Entry Specification). */
export function autostartEntry(command: readonly string[]): string {
  return `[Desktop Entry]
Type=Application
Name=Tocsin
Comment=Watches this computer and mails what is wrong
Exec=${command.map(word).join(' ')}
Terminal=false
X-GNOME-Autostart-enabled=true
`;
}

/**
 * One word of an Exec line: quoted, its special characters escaped, and backslashes once more, for the value is a string of
 * its own (Desktop Entry Specification 1.5, "The Exec key"). A percent sign is doubled.
 */
function word(text: string): string {
  const percent = text.replaceAll('%', '%%');
  if (/^[\w@%+=:,./-]+$/.test(percent)) return percent;
  return `"${percent.replace(/["`$\\]/g, '\\$&').replaceAll('\\', '\\\\')}"`;
}
