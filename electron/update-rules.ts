/**
 * Whether an app may look for updates by what was packed with it (`app-update.yml`). Windows' updater checks no signature
 * where no publisher is named; then there are no updates. macOS and the package managers of Linux check by themselves, and an
 * AppImage by the digest that HTTPS brought.
 */
export function mayUpdate(updateConfig: string | null, system: NodeJS.Platform): boolean {
  if (updateConfig === null || !/^url:\s*['"]?https:\/\//m.test(updateConfig)) return false;
  return system !== 'win32' || /^publisherName:\s*(\S|\n\s*- \S)/m.test(updateConfig);
}
