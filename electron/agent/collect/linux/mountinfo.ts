/** One mount, as proc_pid_mountinfo(5) tells it. */
export interface Mount {
  readonly mountPoint: string;
  /** The folder of its file system that is mounted: `/` unless it is a bind mount or a btrfs subvolume. */
  readonly root: string;
  /** `major:minor`; major 0 where there is no block device of its own (overlay, nfs, btrfs, zfs). */
  readonly device: string;
  readonly fileSystem: string;
  /** What was mounted: /dev/sda1, server:/share, or any word. */
  readonly source: string;
}

/** Reads the whole of mountinfo; lines that make no sense are left out. Of two mounts in one place the upper, later one stays. */
export function parseMountinfo(text: string): Map<string, Mount> {
  const mounts = new Map<string, Mount>();
  for (const line of text.split('\n')) {
    const mount = parseLine(line);
    if (mount === null) continue;
    mounts.delete(mount.mountPoint);
    mounts.set(mount.mountPoint, mount);
  }
  return mounts;
}

/** `36 35 98:0 /root /point rw,noatime master:1 - ext3 /dev/sda1 rw`, with any number of words before the dash. */
function parseLine(line: string): Mount | null {
  const words = line.split(' ');
  const [, , device, root, mountPoint] = words;
  const dash = words.indexOf('-', 6);
  const fileSystem = words[dash + 1];
  const source = words[dash + 2];
  if (device === undefined || root === undefined || mountPoint === undefined || dash === -1) return null;
  if (fileSystem === undefined || source === undefined) return null;
  return {
    mountPoint: unescapeOctal(mountPoint),
    root: unescapeOctal(root),
    device,
    fileSystem,
    source: unescapeOctal(source),
  };
}

/** Blanks, line ends and backslashes stand as octal numbers: `\040` is a blank. */
function unescapeOctal(word: string): string {
  if (!word.includes('\\')) return word;
  return word.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

const REMOTE = new Set([
  '9p',
  'afs',
  'autofs',
  'beegfs',
  'ceph',
  'cifs',
  'fuse',
  'fuseblk',
  'glusterfs',
  'gpfs',
  'lustre',
  'ncpfs',
  'nfs',
  'nfs4',
  'smb3',
  'smbfs',
]);

/** Whether asking this file system anything may hang, for a server or a program has to answer. */
export function mayHang(mount: Mount): boolean {
  return REMOTE.has(mount.fileSystem) || mount.fileSystem.startsWith('fuse.');
}
