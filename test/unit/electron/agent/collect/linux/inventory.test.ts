import { describe, expect, test } from 'vitest';
import { dataMounts, parseOsRelease } from '../../../../../../electron/agent/collect/linux/inventory.ts';
import { parseMountinfo } from '../../../../../../electron/agent/collect/linux/mountinfo.ts';

describe('file systems that hold data', () => {
  test.each([
    [
      'pseudo file systems are left out',
      ['22 27 0:21 / /proc rw - proc proc rw', '33 27 0:23 / /tmp rw - tmpfs tmpfs rw'],
      [],
    ],
    [
      'packed images are left out',
      ['40 27 7:1 / /snap/x ro - squashfs /dev/loop1 ro', '41 27 7:2 / /mnt/i ro - ext4 /dev/loop2 ro'],
      [],
    ],
    [
      'each device once, nearest to the root',
      ['27 1 8:1 / /data/deep rw - ext4 /dev/sda1 rw', '28 1 8:1 / /data rw - ext4 /dev/sda1 rw'],
      ['/data'],
    ],
    [
      'a bind mount is no disk',
      ['27 1 8:1 / / rw - ext4 /dev/sda1 rw', '28 27 8:2 /etc/hosts /etc/hosts rw - ext4 /dev/sdb rw'],
      ['/'],
    ],
    [
      'the overlay of a container is its disk',
      ['27 1 0:40 / / rw - overlay overlay rw', '28 27 0:41 / /x rw - overlay overlay rw'],
      ['/'],
    ],
    [
      'subvolumes of btrfs are no bind mounts, and one device',
      ['27 1 0:30 /@ / rw - btrfs /dev/sda2 rw', '28 27 0:30 /@home /home rw - btrfs /dev/sda2 rw'],
      ['/'],
    ],
    ['shares hold data', ['31 27 0:50 / /srv rw - nfs4 server:/srv rw'], ['/srv']],
  ])('%s', (_rule, lines, expected) => {
    const mounts = [...parseMountinfo(lines.join('\n')).values()];
    expect(dataMounts(mounts).map(({ mountPoint }) => mountPoint)).toEqual(expected);
  });
});

test.each([
  ['PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n', 'Debian GNU/Linux 12 (bookworm)'],
  ["NAME=x\nPRETTY_NAME='Arch Linux'\n", 'Arch Linux'],
  ['PRETTY_NAME=Plain\n', 'Plain'],
  ['PRETTY_NAME="The \\"best\\""\n', 'The "best"'],
  ['PRETTY_NAME=""\n', 'Linux'],
  ['', 'Linux'],
])('os-release %j', (text, expected) => {
  expect(parseOsRelease(text)).toBe(expected);
});
