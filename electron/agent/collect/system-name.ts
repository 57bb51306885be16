const NAMES: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'macOS',
  freebsd: 'FreeBSD',
  linux: 'Linux',
  win32: 'Windows',
};

/** The name people know an operating system by. */
export function systemName(system: NodeJS.Platform): string {
  return NAMES[system] ?? system;
}
