import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../mail/platform/clock.ts';
import { SmtpWire } from '../../../mail/smtp-wire.ts';
import { peerTrust } from '../../../mail/tls.ts';
import { CANARY, cleanUp, scripted } from '../../fakes/outlet-rig.ts';

const LIMIT_MS = 4000;

afterEach(cleanUp);

describe('before the server of a connection that has to be encrypted is known to be the right one', () => {
  const steps: readonly { name: string; take: (wire: SmtpWire) => Promise<unknown> }[] = [
    { name: 'a password', take: (wire) => wire.login(LIMIT_MS, 'tocsin', CANARY) },
    { name: 'a token', take: (wire) => wire.loginByToken(LIMIT_MS, 'XOAUTH2', CANARY) },
    {
      name: 'a message',
      take: (wire) => wire.send(LIMIT_MS, 'tocsin@contoso.example', ['it@contoso.example'], CANARY, () => {}),
    },
  ];
  test.each(steps)('$name stays here', async ({ take }) => {
    const server = await scripted({});
    const socket = connect({ port: server.port, host: '127.0.0.1' });
    await once(socket, 'connect');
    const wire = new SmtpWire({
      socket,
      secured: false,
      starttls: peerTrust({ ca: null }),
      host: '127.0.0.1',
      port: server.port,
      ehloName: 'front-desk.contoso.example',
      clock: systemClock,
    });
    expect(await take(wire)).toMatchObject({ kind: 'system', nodeCode: 'CERT_UNTRUSTED' });
    expect(socket.bytesWritten).toBe(0);
    socket.destroy();
  });
});
