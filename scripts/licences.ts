/** The parts of a package-lock.json that are read (docs.npmjs.com, package-lock-json). */
interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly license?: string; readonly dev?: boolean }>
  >;
}

/**
 * The licences of the packages that Tocsin runs with, from its lock file, for the page About and the bill of materials.
 * `bundled`: paths of packages that stand in a bundle, such as `node_modules/zod`; some come along though the lock file has
 * them for tools alone, because a library uses what it happens to find.
 */
export function licencesOf(
  lockText: string,
  bundled: ReadonlySet<string>,
): { name: string; version: string; licence: string }[] {
  const { packages } = JSON.parse(lockText) as Lock;
  const found = Object.entries(packages).flatMap(([path, { version = '', license, dev }]) => {
    const name = path.split('node_modules/').at(-1) ?? '';
    return name === '' || (dev === true && !bundled.has(path))
      ? []
      : [{ name, version, licence: license ?? 'see its package' }];
  });
  const distinct = new Map(found.map((entry) => [`${entry.name} ${entry.version}`, entry]));
  return [...distinct.values()].sort((left, right) => left.name.localeCompare(right.name, 'en'));
}
