import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../mail/platform/clock.ts';
import { SmtpWire } from '../../../mail/smtp-wire.ts';
import { until } from '../../fakes/outlet-rig.ts';

const LIMIT_MS = 4000;
const FROM = 'tocsin@contoso.example';
const TO = ['it@contoso.example'];
/** More than what both ends of a connection on one computer hold between them. */
const LARGE = `${'x'.repeat(76)}\r\n`.repeat(400_000);

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A wire to a server that greets, takes commands at once, and leaves what follows DATA to the test. */
async function greeted(onMessage: (socket: Socket, bytes: Buffer) => void, go = '354 Go\r\n') {
  let peer: Socket | null = null;
  const server = createServer({ noDelay: true }, (socket) => {
    peer = socket;
    let isMessage = false;
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      if (isMessage) return onMessage(socket, bytes);
      for (const line of bytes.toString('latin1').split('\r\n').slice(0, -1)) {
        if (line.startsWith('EHLO')) socket.write('250-test.example\r\n250 PIPELINING\r\n');
        else if (line === 'DATA') socket.write(go);
        else socket.write('250 Ok\r\n');
        isMessage ||= line === 'DATA';
      }
    });
    socket.write('220 test.example\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  const options = { socket, secured: false, starttls: null, host: '127.0.0.1', port } as const;
  const wire = new SmtpWire({ ...options, ehloName: 'front-desk.contoso.example', clock: systemClock });
  ends.push(() => {
    socket.destroy();
    peer?.destroy();
    server.close();
  });
  expect(await wire.greet(LIMIT_MS)).toBeNull();
  return { wire, socket, peer: () => peer };
}

describe('a large message', () => {
  test('arrives whole', async () => {
    const received: Buffer[] = [];
    const { wire } = await greeted((socket, bytes) => {
      received.push(bytes);
      if (bytes.toString('latin1').endsWith('\r\n.\r\n')) socket.write('250 Ok\r\n');
    });
    let isRead = false;
    const failure = await wire.send(30_000, FROM, TO, LARGE, () => {
      isRead = true;
    });
    expect({ failure, isRead }).toEqual({ failure: null, isRead: true });
    expect(Buffer.concat(received).equals(Buffer.from(`${LARGE}.\r\n`))).toBe(true);
  });

  test('that the server stops reading has not left our hands, and its end never leaves', async () => {
    const received: Buffer[] = [];
    const { wire, peer } = await greeted((socket, bytes) => {
      received.push(bytes);
      if (received.length === 1) socket.pause();
    });
    let isRead = false;
    const failure = await wire.send(400, FROM, TO, LARGE, () => {
      isRead = true;
    });
    expect({ kind: failure?.kind, isRead }).toEqual({ kind: 'timeout', isRead: false });
    const closed = new Promise((resolve) => peer()?.once('close', resolve));
    peer()?.resume();
    await closed;
    expect(Buffer.concat(received).length).toBeLessThan(LARGE.length);
    expect(Buffer.concat(received).toString('latin1')).not.toContain('\r\n.\r\n');
  });

  test('that is refused before its end is not sent on, and the connection is left', async () => {
    const { wire } = await greeted((socket) => {
      socket.pause();
      if (socket.writable) socket.write('552 5.3.4 Too much\r\n');
    });
    let isRead = false;
    const failure = await wire.send(LIMIT_MS, FROM, TO, LARGE, () => {
      isRead = true;
    });
    expect(failure).toMatchObject({ kind: 'reply', reply: '552 5.3.4 Too much' });
    expect({ isRead, alive: wire.alive }).toEqual({ isRead: false, alive: false });
  });
});

const SMALL = 'Subject: x\r\n\r\nx\r\n';

test.each(['250 Ok\r\n', '250-Ok\r\n', '250 O'])(
  'what comes with the 354 (%j) is not about the message that follows',
  async (early) => {
    const { wire } = await greeted((socket) => socket.write('554 5.7.1 No\r\n'), `354 Go\r\n${early}`);
    const failure = await wire.send(LIMIT_MS, FROM, TO, SMALL, () => {});
    expect(failure?.kind).toBe('not-smtp');
  },
);

describe('between two messages', () => {
  test.each([
    ['a goodbye', '421 4.4.2 Idle too long\r\n'],
    ['a reply to nothing', '250 Ok\r\n'],
    ['what is no reply', 'What?\r\n'],
  ])('%s ends the connection, and is no reply to the next one', async (_name, unasked) => {
    const { wire, peer } = await greeted((socket) => socket.write('250 Ok\r\n'));
    expect(await wire.send(LIMIT_MS, FROM, TO, SMALL, () => {})).toBeNull();
    expect(wire.alive).toBe(true);
    peer()?.write(unasked);
    await until(() => !wire.alive);
    expect(await wire.send(LIMIT_MS, FROM, TO, SMALL, () => {})).toMatchObject({
      kind: 'closed',
      reply: null,
    });
  });

  test.each(['250 O', '250-Ok\r\n'])(
    'half a reply (%j) is not taken for the beginning of one to the next',
    async (half) => {
      const { wire, socket, peer } = await greeted((from) => from.write('250 Ok\r\n'));
      expect(await wire.send(LIMIT_MS, FROM, TO, SMALL, () => {})).toBeNull();
      const arrived = once(socket, 'data');
      peer()?.write(half);
      await arrived;
      expect(await wire.send(LIMIT_MS, FROM, TO, SMALL, () => {})).toMatchObject({
        kind: 'closed',
        reply: null,
      });
      expect(wire.alive).toBe(false);
    },
  );

  test('an address that would end its command stays here', async () => {
    const { wire, socket } = await greeted(() => {});
    const before = socket.bytesWritten;
    for (const address of ['a@x.example>\r\nDATA', 'a b@x.example', 'ä@x.example', 'a<b@x.example']) {
      expect(await wire.send(LIMIT_MS, FROM, [address], SMALL, () => {})).toMatchObject({ kind: 'closed' });
    }
    expect(socket.bytesWritten).toBe(before);
  });
});
