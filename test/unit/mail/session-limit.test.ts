import { afterEach, describe, expect, test } from 'vitest';
import { saysTooMany, SessionLimit } from '../../../mail/session-limit.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { sampleMessage } from '../../fakes/mail-samples.ts';
import { cleanUp, outletFor, scripted, serverAt } from '../../fakes/outlet-rig.ts';

afterEach(cleanUp);

describe('what servers say of too many connections', () => {
  test.each([
    ['Postfix', '421 4.7.0 mail.contoso.example Error: too many connections from 192.0.2.7'],
    ['Exim', '421 Too many concurrent SMTP connections; please try again later.'],
    ['Exim', '421 Too many concurrent SMTP connections from this IP address; please try again later.'],
    ['Sendmail', '421 4.3.2 Too many open connections.'],
    [
      'Exchange',
      '421 4.3.2 The maximum number of concurrent connections has exceeded a limit, closing transmission channel',
    ],
    [
      'Exchange',
      '421 4.3.2 The maximum number of concurrent server connections has exceeded a per-source limit, closing transmission channel',
    ],
    [
      'Microsoft 365',
      '432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded [Hostname=AM0PR04MB1234]',
    ],
    [
      'Microsoft 365',
      '432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending',
    ],
  ])('%s: %s', (_product, reply) => expect(saysTooMany(reply)).toBe(true));

  test.each([
    '454 4.7.0 Too many login attempts, please try again later.',
    '421 4.7.0 Try again later, closing connection. gsmtp',
    '452 4.5.3 Too many recipients',
    '421 4.4.2 Connection timed out',
    '250 2.0.0 Ok',
    null,
  ])('and not: %s', (reply) => expect(saysTooMany(reply)).toBe(false));
});

test('a limit is that of the sessions that were left, and is forgotten after 10 min', async () => {
  const clock = new FakeClock();
  const limit = new SessionLimit(clock);
  const reply = '421 too many connections';
  expect(limit.allows(100)).toBe(true);
  expect(limit.learn(reply, 0)).toBe(false);
  expect(limit.learn('250 Ok', 3)).toBe(false);
  expect(limit.allows(100)).toBe(true);
  expect(limit.learn(reply, 3)).toBe(true);
  expect([limit.allows(3), limit.allows(4)]).toEqual([true, false]);
  await clock.advance(10 * 60_000 - 1);
  expect(limit.allows(4)).toBe(false);
  await clock.advance(1);
  expect(limit.allows(4)).toBe(true);
});

describe('a mail whose session was one too many', () => {
  const request = (id: string) => {
    const recipients = ['it@contoso.example'];
    return { message: sampleMessage({ id, recipients }), recipients, pinnedServer: null, attachments: [] };
  };

  test.each([
    [
      'is refused a connection',
      { greeting: { drop: '421 4.7.0 Error: too many connections from 127.0.0.1' } },
    ],
    ['is refused its sender', { mail: '432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded' }],
    ['is refused its message', { dot: '432 4.3.2 Concurrent connections limit exceeded' }],
  ])('%s: it is not tried, goes to no other server, and the server is well', async (_how, refusal) => {
    const server = await scripted({ thinkMs: 1000 });
    const backup = await scripted();
    const outlet = outletFor([serverAt(server.port), serverAt(backup.port)]);
    const first = outlet.send(request('first'));
    while (server.received === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    server.script = refusal;
    expect(await outlet.send(request('second'))).toEqual([]);
    server.script = {};
    // While the one session is busy, no other is asked for.
    expect(await outlet.send(request('third'))).toEqual([]);
    expect(server.connections).toBe(2);
    expect(await first).toMatchObject([{ stage: 'accepted' }]);
    expect(await outlet.send(request('second'))).toMatchObject([{ stage: 'accepted', code: null }]);
    expect(outlet.health().map(({ state }) => state)).toEqual(['ok', 'unused']);
    expect(backup.connections).toBe(0);
  });

  test('is refused although we have no other: that is a fault of the server, and the next one is asked', async () => {
    const server = await scripted({ greeting: { drop: '421 4.7.0 Error: too many connections' } });
    const backup = await scripted();
    const outlet = outletFor([serverAt(server.port), serverAt(backup.port)]);
    expect(await outlet.send(request('one'))).toMatchObject([
      { stage: 'greeting', code: 'smtp_temporary' },
      { stage: 'accepted' },
    ]);
  });
});
