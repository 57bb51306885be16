import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { createDiskRatesSource } from '../../../../../../electron/agent/collect/linux/disk-rates.ts';
import {
  createDiskSpaceSource,
  spaceOf,
  spaceReading,
} from '../../../../../../electron/agent/collect/linux/disk-space.ts';
import { MountTable } from '../../../../../../electron/agent/collect/linux/mount-table.ts';
import { mayHang, parseMountinfo } from '../../../../../../electron/agent/collect/linux/mountinfo.ts';
import { SlowCalls } from '../../../../../../electron/agent/collect/slow-calls.ts';
import { FakeClock } from '../../../../../fakes/fake-clock.ts';
import { FixtureTree } from '../fixture-tree.ts';
import { at, readOne, reasonOf } from '../measuring.ts';

const MOUNTINFO = `27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
30 27 8:17 / /mnt/my\\040disk rw shared:1 master:2 - xfs /dev/sdb1 rw
31 27 0:50 / /srv/share rw - nfs4 server:/share rw
32 27 0:60 /@home /home rw - btrfs /dev/sdc1 rw,subvol=/@home
33 27 0:23 / /tmp rw - tmpfs tmpfs rw
`;

function diskstats(rows: Record<string, [read: number, written: number]>): string {
  return Object.entries(rows)
    .map(([disk, [read, written]]) => ` ${disk} 10 0 ${read} 5 20 0 ${written} 9 0 5 5`)
    .join('\n');
}

describe('mounts', () => {
  test('mount points are unescaped and optional fields skipped', () => {
    expect(parseMountinfo(MOUNTINFO).get('/mnt/my disk')).toEqual({
      mountPoint: '/mnt/my disk',
      root: '/',
      device: '8:17',
      fileSystem: 'xfs',
      source: '/dev/sdb1',
    });
  });

  test('of two mounts in one place the later one counts', () => {
    const text = `${MOUNTINFO}40 27 8:99 / /tmp rw - ext4 /dev/sdz rw\n`;
    expect(parseMountinfo(text).get('/tmp')?.device).toBe('8:99');
  });

  test.each([
    ['nfs4', true],
    ['cifs', true],
    ['fuse.sshfs', true],
    ['9p', true],
    ['ext4', false],
    ['overlay', false],
  ])('%s may hang: %s', (fileSystem, expected) => {
    expect(mayHang({ mountPoint: '/', root: '/', device: '0:1', fileSystem, source: 'x' })).toBe(expected);
  });

  test('a change is seen in the next cycle', () => {
    const tree = new FixtureTree().write('self/mountinfo', MOUNTINFO);
    const mounts = new MountTable(tree.dir);
    expect(mounts.at('/new', at(0))).toBe(null);
    tree.write('self/mountinfo', `${MOUNTINFO}41 27 8:99 / /new rw - ext4 /dev/sdz rw\n`);
    expect(mounts.at('/new/', at(10))?.device).toBe('8:99');
    tree.write('self/mountinfo', MOUNTINFO);
    expect(mounts.at('/new', at(20))).toBe(null);
    mounts.close();
  });

  test('what lies on a network file system is known by its path', () => {
    const mounts = new MountTable(new FixtureTree().write('self/mountinfo', MOUNTINFO).dir);
    expect(mounts.mayHang('/srv/share/backup.tar', at(0))).toBe(true);
    expect(mounts.mayHang('/srv/share', at(0))).toBe(true);
    expect(mounts.mayHang('/srv/shared.txt', at(0))).toBe(false);
    expect(mounts.mayHang('/etc/passwd', at(0))).toBe(false);
  });
});

describe('space', () => {
  const counts = { bsize: 131_072, frsize: 4096, blocks: 1000, bfree: 400, bavail: 150 };

  test('percent as df computes it: what root keeps for itself counts neither way', () => {
    expect(spaceReading('disk.usedPercent', counts)).toEqual({ value: 80 });
  });

  test('free is what ordinary programs may write, in blocks of frsize', () => {
    expect(spaceReading('disk.freeBytes', counts)).toEqual({ value: 150 * 4096 });
  });

  test.each([
    ['less than nothing available is nothing', { ...counts, bavail: 2 ** 64 - 5 }, 0, 100],
    ['a full disk is full', { ...counts, bfree: 0, bavail: 0 }, 0, 100],
    ['a kernel without frsize', { ...counts, frsize: 0, bavail: 1 }, 131_072, (600 / 601) * 100],
  ])('%s', (_rule, odd, freeBytes, usedPercent) => {
    expect(spaceOf(odd)).toMatchObject({ freeBytes, usedPercent });
  });

  test('a file system without blocks holds nothing', () => {
    const none = { bsize: 4096, frsize: 4096, blocks: 0, bfree: 0, bavail: 0 };
    expect(reasonOf(spaceReading('disk.usedPercent', none))).toBe('this file system holds no data');
  });

  test('where nothing is mounted, the disk below is not measured instead', async () => {
    const mounts = new MountTable(new FixtureTree().write('self/mountinfo', MOUNTINFO).dir);
    const source = createDiskSpaceSource(mounts, new SlowCalls(new FakeClock()));
    expect(reasonOf(await readOne(source, 'disk.usedPercent', '/mnt'))).toBe(
      'no file system is mounted at /mnt',
    );
  });

  test('a network file system is asked through the thread pool, and its fault is a reason', async () => {
    const mounts = new MountTable(
      new FixtureTree().write('self/mountinfo', '31 27 0:50 / /no/such/share rw - nfs4 s:/x rw\n').dir,
    );
    const [reading] = createDiskSpaceSource(mounts, new SlowCalls(new FakeClock())).measure(
      [{ metric: 'disk.freeBytes', target: '/no/such/share' }],
      at(0),
    );
    expect(reading).toBeInstanceOf(Promise);
    expect(await reading).toEqual({ value: null, unknown: 'it does not exist' });
  });
});

describe('rates', () => {
  function setUp() {
    const tree = new FixtureTree()
      .write('self/mountinfo', MOUNTINFO)
      .write('diskstats', diskstats({ '254 0 vda': [0, 0], '8 17 sdb1': [100, 100], '8 33 sdc1': [0, 0] }));
    return { tree, source: createDiskRatesSource(new MountTable(tree.dir), tree.dir) };
  }

  test.each([
    ['sectors are 512 bytes', '/', 'disk.readBytesPerSecond', { value: 2 * 512 }],
    ['reads and writes are apart', '/', 'disk.writeBytesPerSecond', { value: 4 * 512 }],
    ['each mount has its own disk', '/mnt/my disk', 'disk.readBytesPerSecond', { value: 0 }],
    ['btrfs hides its number, so its name is looked up', '/home', 'disk.writeBytesPerSecond', { value: 512 }],
    [
      'a share has no disk',
      '/srv/share',
      'disk.readBytesPerSecond',
      { value: null, unknown: 'nfs4 at /srv/share has no disk of its own' },
    ],
    [
      'no mount, no disk',
      '/nowhere',
      'disk.readBytesPerSecond',
      { value: null, unknown: 'no file system is mounted at /nowhere' },
    ],
  ] as const)('%s', async (_rule, target, metric, expected) => {
    const { tree, source } = setUp();
    await readOne(source, metric, target, at(0));
    tree.write(
      'diskstats',
      diskstats({ '254 0 vda': [20, 40], '8 17 sdb1': [100, 100], '8 33 sdc1': [0, 10] }),
    );
    expect(await readOne(source, metric, target, at(10_000))).toEqual(expected);
    source.close?.();
  });
});

describe.runIf(process.platform === 'linux')('this computer', () => {
  test('its root is as full as df says', async () => {
    const source = createDiskSpaceSource(new MountTable(), new SlowCalls(new FakeClock()));
    const df = execFileSync('df', ['--output=pcent', '/'], { encoding: 'utf8' });
    const percent = Number((await readOne(source, 'disk.usedPercent', '/')).value);
    expect(Math.abs(Math.ceil(percent) - Number.parseInt(df.split('\n')[1] ?? '', 10))).toBeLessThanOrEqual(
      1,
    );
  });

  test('a folder on it is no mount', async () => {
    const source = createDiskSpaceSource(new MountTable(), new SlowCalls(new FakeClock()));
    expect(reasonOf(await readOne(source, 'disk.usedPercent', '/etc/'))).toContain(
      'no file system is mounted',
    );
  });
});
