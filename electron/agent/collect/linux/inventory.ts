import { promises, readdirSync, readFileSync, type StatsFs } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describeComputer } from '../computer.ts';
import type { SlowCalls } from '../slow-calls.ts';
import type { DiskEntry, InterfaceEntry, Inventory, MeasureTime } from '../source.ts';
import { spaceOf } from './disk-space.ts';
import type { MountTable } from './mount-table.ts';
import type { Mount } from './mountinfo.ts';
import { interfaceState } from './network.ts';

export interface LinuxInventoryOptions {
  readonly mounts: MountTable;
  readonly slowCalls: SlowCalls;
  readonly sysDir: string;
  readonly osReleasePath: string;
}

/** What is on this computer, from os-release(5), mountinfo, statfs(2) and /sys/class/net. A file system that does not answer is left out. */
export async function takeLinuxInventory(
  { mounts, slowCalls, sysDir, osReleasePath }: LinuxInventoryOptions,
  time: MeasureTime,
): Promise<Inventory> {
  const candidates = dataMounts([...mounts.all(time).values()]);
  const disks = await Promise.all(candidates.map((mount) => diskEntry(mount, slowCalls)));
  return {
    ...describeComputer(),
    operatingSystem: readOperatingSystem(osReleasePath),
    disks: disks.filter((disk) => disk !== null),
    interfaces: listInterfaces(sysDir),
  };
}

/** File systems in memory, of the kernel, or packed images: nothing that a user fills. */
const NO_DATA =
  /^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|efivarfs|erofs|fuse\.(gvfsd-fuse|lxcfs|portal|snapfuse)|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|pstore|ramfs|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tmpfs|tracefs)$/;

/**
 * The mounts that hold data, each device once, where it is mounted as a whole or nearest to the root. `/` always stays, for in
 * a container it is an overlay. What else is bound into a container belongs to its host.
 */
export function dataMounts(mounts: readonly Mount[]): Mount[] {
  const chosen = new Map<string, Mount>();
  for (const mount of mounts.toSorted(nearestFirst)) {
    const isRoot = mount.mountPoint === '/';
    const isWhole = mount.root === '/' || mount.fileSystem === 'btrfs';
    const isImage = mount.source.startsWith('/dev/loop');
    if (!isRoot && (NO_DATA.test(mount.fileSystem) || isImage || !isWhole)) continue;
    if (!chosen.has(mount.device)) chosen.set(mount.device, mount);
  }
  return [...chosen.values()].sort((a, b) => (a.mountPoint < b.mountPoint ? -1 : 1));
}

function nearestFirst(a: Mount, b: Mount): number {
  return a.mountPoint.length - b.mountPoint.length || (a.mountPoint < b.mountPoint ? -1 : 1);
}

async function diskEntry(mount: Mount, slowCalls: SlowCalls): Promise<DiskEntry | null> {
  const path = mount.mountPoint;
  try {
    const counts: StatsFs = await slowCalls.run(`statfs ${path}`, () => promises.statfs(path));
    const { sizeBytes, usedBytes, freeBytes } = spaceOf(counts);
    if (sizeBytes === 0) return null;
    return { mount: path, fileSystem: mount.fileSystem, sizeBytes, usedBytes, freeBytes };
  } catch {
    return null;
  }
}

/** PRETTY_NAME of os-release(5), which may be quoted as in a shell; "Linux" where there is none. */
export function parseOsRelease(text: string): string {
  const value = /^PRETTY_NAME=(.*)$/m.exec(text)?.[1]?.trim() ?? '';
  const name = value.replace(/^(["'])(.*)\1$/, '$2').replace(/\\(["'$`\\])/g, '$1');
  return name === '' ? 'Linux' : name;
}

function readOperatingSystem(path: string): string {
  try {
    return parseOsRelease(readFileSync(path, 'utf8'));
  } catch {
    return 'Linux';
  }
}

/** ARPHRD_LOOPBACK of the kernel's include/uapi/linux/if_arp.h. */
const LOOPBACK_TYPE = '772';

function listInterfaces(sysDir: string): InterfaceEntry[] {
  const addresses = networkInterfaces();
  return readFolder(join(sysDir, 'class/net')).flatMap((name) => {
    try {
      const type = readFileSync(join(sysDir, 'class/net', name, 'type'), 'utf8').trim();
      if (type === LOOPBACK_TYPE) return [];
      const own = addresses[name] ?? [];
      return [{ name, state: interfaceState(name, sysDir), addresses: own.map(({ address }) => address) }];
    } catch {
      // Not an interface (bonding_masters is a plain file there), or gone meanwhile.
      return [];
    }
  });
}

function readFolder(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}
