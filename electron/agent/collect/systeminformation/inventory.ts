import type { Systeminformation } from 'systeminformation';
import { describeComputer } from '../computer.ts';
import type { DiskEntry, InterfaceEntry, Inventory } from '../source.ts';
import type { Library } from './library.ts';

/** What is on this computer, as the library tells it: a second or so on Windows. Rejects where the library cannot answer. */
export async function takeLibraryInventory(library: Library): Promise<Inventory> {
  const [system, disks, interfaces] = await library.ask((si) =>
    Promise.all([si.osInfo(), si.fsSize(), si.networkInterfaces()]),
  );
  return {
    ...describeComputer(),
    operatingSystem: [system.distro, system.release].filter(Boolean).join(' '),
    disks: distinctDisks(disks),
    interfaces: [interfaces]
      .flat()
      .filter(({ internal }) => !internal)
      .map(interfaceEntry),
  };
}

/** Each device once; of several places where it is mounted, the one nearest to the root. */
function distinctDisks(disks: readonly Systeminformation.FsSizeData[]): DiskEntry[] {
  const chosen = new Map<string, DiskEntry>();
  for (const disk of disks.toSorted((a, b) => a.mount.length - b.mount.length)) {
    if (!(disk.size > 0) || chosen.has(disk.fs)) continue;
    chosen.set(disk.fs, {
      mount: disk.mount,
      fileSystem: disk.type,
      sizeBytes: disk.size,
      usedBytes: Math.max(0, disk.used),
      freeBytes: Math.max(0, disk.available),
    });
  }
  return [...chosen.values()];
}

function interfaceEntry(entry: Systeminformation.NetworkInterfacesData): InterfaceEntry {
  return {
    name: entry.iface,
    state: entry.operstate === 'up' ? 'up' : 'down',
    addresses: [entry.ip4, entry.ip6].filter((address) => address !== ''),
  };
}
