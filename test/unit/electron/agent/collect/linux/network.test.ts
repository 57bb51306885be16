import { describe, expect, test } from 'vitest';
import { createNetworkSource } from '../../../../../../electron/agent/collect/linux/network.ts';
import { FixtureTree } from '../fixture-tree.ts';
import { at, readOne, reasonOf } from '../measuring.ts';

const HEADING = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;

function dev(interfaces: Record<string, [received: number, sent: number]>): string {
  const rows = Object.entries(interfaces).map(
    ([name, [received, sent]]) => `${name.padStart(6)}:${received} 9 0 0 0 0 0 0 ${sent} 9 0 0 0 0 0 0\n`,
  );
  return HEADING + rows.join('');
}

test.each([
  ['up', '1', 'up'],
  ['down', '0', 'down'],
  ['lowerlayerdown', '0', 'down'],
  ['dormant', '1', 'down'],
  ['testing', '1', 'down'],
  ['notpresent', null, 'down'],
  ['unknown', '1', 'up'],
  ['unknown', '0', 'down'],
  ['unknown', null, 'down'],
])('operstate %s with carrier %s is %s', async (operstate, carrier, expected) => {
  const tree = new FixtureTree().write('net/dev', dev({ eth0: [0, 0] }));
  tree.write('class/net/eth0/operstate', `${operstate}\n`);
  if (carrier !== null) tree.write('class/net/eth0/carrier', `${carrier}\n`);
  expect(await readOne(createNetworkSource(tree.dir, tree.dir), 'network.state', 'eth0')).toEqual({
    value: expected,
  });
});

test('rates are growth by seconds, each direction by itself', async () => {
  const tree = new FixtureTree().write('net/dev', dev({ lo: [7, 7], eth0: [1000, 50] }));
  const source = createNetworkSource(tree.dir, tree.dir);
  await readOne(source, 'network.receivedBytesPerSecond', 'eth0', at(0));
  await readOne(source, 'network.sentBytesPerSecond', 'eth0', at(0));
  tree.write('net/dev', dev({ lo: [7, 7], eth0: [3000, 150] }));
  const received = await readOne(source, 'network.receivedBytesPerSecond', 'eth0', at(2000));
  expect(received).toEqual({ value: 1000 });
  expect(await readOne(source, 'network.sentBytesPerSecond', 'eth0', at(2000))).toEqual({ value: 50 });
});

describe('an interface that is not there', () => {
  test('is unknown where it never was, whatever its name', async () => {
    const tree = new FixtureTree().write('net/dev', dev({ eth0: [0, 0] })).write('secret', 'up');
    const source = createNetworkSource(tree.dir, tree.dir);
    for (const name of ['eth1', '../..', '', 'face |bytes']) {
      expect(reasonOf(await readOne(source, 'network.state', name))).toBe(
        `no network interface is named ${name}`,
      );
    }
  });

  test('is down where it was before: a VPN that broke', async () => {
    const tree = new FixtureTree()
      .write('net/dev', dev({ tun0: [0, 0] }))
      .write('class/net/tun0/operstate', 'up\n');
    const source = createNetworkSource(tree.dir, tree.dir);
    expect(await readOne(source, 'network.state', 'tun0')).toEqual({ value: 'up' });
    tree.write('net/dev', dev({}));
    const gone = { value: 'down', detail: 'the network interface tun0 is gone' };
    expect(await readOne(source, 'network.state', 'tun0')).toEqual(gone);
    expect((await readOne(source, 'network.receivedBytesPerSecond', 'tun0')).value).toBe(null);
  });
});

test.runIf(process.platform === 'linux')('the loopback of this computer is up', async () => {
  const source = createNetworkSource();
  expect(await readOne(source, 'network.state', 'lo')).toEqual({ value: 'up' });
  source.close?.();
});
