import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../mail/platform/clock.ts';
import type { SmtpServerOptions } from '../../../mail/smtp-server-options.ts';
import type { ServerName } from '../../../shared/model/delivery.ts';
import { sampleMessage } from '../../fakes/mail-samples.ts';
import {
  cleanUp,
  outletFor,
  PASSWORD_AUTH,
  scripted,
  serverAt,
  until,
  WAITING_LIMITS,
} from '../../fakes/outlet-rig.ts';

afterEach(cleanUp);

function request(
  recipients: readonly string[] = ['it@contoso.example'],
  pinnedServer: ServerName | null = null,
) {
  return { message: sampleMessage({ recipients }), recipients, pinnedServer, attachments: [] };
}
const DEAD = (): SmtpServerOptions => serverAt(1);

describe('the next server', () => {
  test('takes over when the first cannot be opened, in the same send', async () => {
    const backup = await scripted();
    const outlet = outletFor([DEAD(), serverAt(backup.port)]);
    const attempts = await outlet.send(request());
    expect(attempts.map(({ stage, server, code }) => [stage, server?.port, code])).toEqual([
      ['connect', 1, 'smtp_connection_refused'],
      ['accepted', backup.port, null],
    ]);
    expect(attempts[0]?.reason).toBe('primary server; the connection was refused (ECONNREFUSED)');
    expect(attempts[1]?.reason).toMatch(/^backup server: 127\.0\.0\.1:1 is down since 20/);
    const again = await outlet.send(request());
    expect(again.map(({ server }) => server?.port)).toEqual([backup.port]);
    expect(outlet.health().map(({ state }) => state)).toEqual(['down', 'ok']);
  });

  test('gets the message while the first drips its greeting, and the first is given up at its deadline', async () => {
    const slow = await scripted({ greeting: { drip: '220-hello\r\n' } });
    const backup = await scripted();
    const outlet = outletFor([serverAt(slow.port), serverAt(backup.port)], {
      limits: { connectMs: 400, hedgeAfterMs: 50 },
    });
    const attempts = await outlet.send(request());
    expect(attempts.map(({ server, reason }) => [server?.port, reason])).toEqual([
      [backup.port, `backup server: 127.0.0.1:${slow.port} has not answered yet`],
    ]);
    expect(outlet.health()[0]?.state).toBe('unused');
    await until(() => outlet.health()[0]?.state === 'down');
    expect(outlet.health()[0]?.code).toBe('smtp_connection_timeout');
    expect(backup.accepted).toHaveLength(1);
  });

  test('is asked first while the first has not answered yet, also after it broke off a mail', async () => {
    const hanging = await scripted({ greeting: 'hang' });
    const cutting = await scripted({ rcpt: { 'cut@contoso.example': 'drop' } });
    const outlet = outletFor([serverAt(hanging.port), serverAt(cutting.port)], {
      limits: { connectMs: 4000, hedgeAfterMs: 50 },
    });
    // Cut by the one, this mail is waiting for the other again.
    const cut = outlet.send(request(['cut@contoso.example']));
    await until(() => hanging.connections === 2);
    const [next] = await outlet.send(request());
    expect([next?.server?.port, next?.stage, hanging.connections]).toEqual([cutting.port, 'accepted', 2]);
    await outlet.close();
    await cut;
  });

  test('that broke off mails lets one of them wait for the first to answer; the others are tried again later', async () => {
    const hanging = await scripted({ greeting: 'hang' });
    const cutting = await scripted({ rcpt: 'drop' });
    const outlet = outletFor([serverAt(hanging.port), serverAt(cutting.port)], {
      limits: { connectMs: 1500, hedgeAfterMs: 50 },
    });
    const waiting = outlet.send(request());
    await until(() => hanging.connections === 2);
    const others = await Promise.all([1, 2, 3].map(() => outlet.send(request())));
    for (const attempts of others) {
      expect(attempts.map(({ server, outcomes }) => [server?.port, outcomes[0]?.verdict])).toEqual([
        [cutting.port, 'retry'],
      ]);
    }
    expect([outlet.health()[0]?.state, hanging.connections]).toEqual(['unused', 2]);
    // The one that waits tries every server, as ever.
    const ports = (await waiting).map(({ server }) => server?.port);
    expect(ports).toEqual([cutting.port, hanging.port]);
    expect(outlet.health()[0]?.state).toBe('down');
  });

  test('that broke off mails lets one alone wait for the other, also where they asked for that in the same moment', async () => {
    const hanging = await scripted();
    const cutting = await scripted({ rcpt: 'drop' });
    const outlet = outletFor([serverAt(hanging.port), serverAt(cutting.port)], {
      limits: { connectMs: 1500, hedgeAfterMs: 300 },
    });
    // It broke off a mail a short while ago, so that it comes second; since then it hangs.
    hanging.script = { rcpt: 'drop' };
    await outlet.send(request());
    hanging.script = { greeting: 'hang' };
    const ends: string[] = [];
    const sends = ['a', 'b', 'c'].map(async () =>
      ends.push((await outlet.send(request())).map(({ server }) => server?.port).join()),
    );
    await Promise.all(sends);
    const alone = String(cutting.port);
    expect(ends).toEqual([alone, alone, `${cutting.port},${hanging.port}`]);
  });

  test('that broke off mails does not keep them from a first one that is slow to greet', async () => {
    const slow = await scripted({ greetAfterMs: 500 });
    const cutting = await scripted({ rcpt: 'drop' });
    const outlet = outletFor([serverAt(slow.port), serverAt(cutting.port)], {
      limits: { connectMs: 4000, hedgeAfterMs: 50 },
    });
    const first = outlet.send(request());
    await until(() => slow.connections === 2);
    expect((await outlet.send(request())).at(-1)?.outcomes[0]?.verdict).toBe('retry');
    expect((await first).at(-1)).toMatchObject({ stage: 'accepted', server: { port: slow.port } });
    // Whoever comes again finds the session that was opened for it.
    expect((await outlet.send(request())).at(-1)).toMatchObject({
      stage: 'accepted',
      server: { port: slow.port },
    });
  });

  test('is not used up by a hedge: a slow first server that answers after all is kept for the next mail', async () => {
    const slow = await scripted();
    const backup = await scripted();
    let answer: (addresses: string[]) => void = () => {};
    const outlet = outletFor([serverAt(slow.port, { host: 'slow.example' }), serverAt(backup.port)], {
      limits: { connectMs: 2000, hedgeAfterMs: 20 },
      lookup: (host) =>
        host === 'slow.example'
          ? new Promise((resolve) => {
              answer = resolve;
            })
          : Promise.resolve([host]),
    });
    await outlet.send(request());
    answer(['127.0.0.1']);
    await until(() => outlet.health()[0]?.state === 'ok');
    const [next] = await outlet.send(request());
    expect([next?.server?.port, next?.reason]).toEqual([slow.port, 'primary server']);
    expect([slow.accepted.length, slow.connections, backup.accepted.length]).toEqual([1, 1, 1]);
  });

  test.each([
    ['the sender is refused', { mail: '550 5.7.1 Not from here' }],
    ['the sender is refused for now', { mail: '452 4.3.1 Full' }],
    ['relaying is denied', { rcpt: '550 5.7.1 Unable to relay' }],
    ['the server goes away', { rcpt: { drop: '421 4.3.2 Bye' } }],
    ['the session is cut before the message', { data: 'drop' }],
    ['the message is refused for now', { dot: '451 4.3.0 Later' }],
    ['a login is wanted', { mail: '530 5.7.0 Authentication required' }],
  ])('is asked when %s', async (_rule, script) => {
    const first = await scripted(script);
    const backup = await scripted();
    const outlet = outletFor([serverAt(first.port), serverAt(backup.port)]);
    const attempts = await outlet.send(request());
    expect(attempts.map(({ outcomes }) => outcomes[0]?.verdict)).toEqual(['retry', 'accepted']);
    expect(backup.accepted).toHaveLength(1);
  });

  test.each([
    ['the recipient does not exist', { rcpt: '550 5.1.1 No such user' }, 'rejected'],
    ['the recipient is greylisted', { rcpt: '450 4.2.0 Greylisted' }, 'retry'],
    ['the message is refused', { dot: '554 5.7.1 Spam' }, 'rejected'],
    ['the server may have the message', { dot: 'drop' }, 'unknown'],
  ])('is not asked when %s', async (_rule, script, verdict) => {
    const first = await scripted(script);
    const backup = await scripted();
    const outlet = outletFor([serverAt(first.port), serverAt(backup.port)]);
    const attempts = await outlet.send(request());
    expect(attempts.map(({ outcomes }) => outcomes[0]?.verdict)).toEqual([verdict]);
    expect(backup.connections).toBe(0);
  });

  test('refusal is final only when every server has refused', async () => {
    const refusing = { mail: '550 5.7.1 Not from here' };
    const first = await scripted(refusing);
    const second = await scripted(refusing);
    const all = outletFor([serverAt(first.port), serverAt(second.port)]);
    const verdicts = (await all.send(request())).map(({ outcomes }) => outcomes[0]?.verdict);
    expect(verdicts).toEqual(['retry', 'rejected']);
    const oneDown = outletFor([DEAD(), serverAt(first.port)]);
    expect((await oneDown.send(request())).at(-1)?.outcomes[0]?.verdict).toBe('retry');
  });

  test('only those who need it are tried there', async () => {
    const first = await scripted({
      rcpt: { 'a@x.example': '550 5.1.1 No such user', 'b@x.example': '554 5.7.1 Relay access denied' },
    });
    const backup = await scripted();
    const outlet = outletFor([serverAt(first.port), serverAt(backup.port)]);
    const attempts = await outlet.send(request(['a@x.example', 'b@x.example', 'c@x.example']));
    expect(attempts.map(({ stage, outcomes }) => [stage, ...outcomes.map(({ verdict }) => verdict)])).toEqual(
      [
        ['accepted', 'rejected', 'retry', 'accepted'],
        ['accepted', 'accepted'],
      ],
    );
    expect([first.accepted[0]?.to, backup.accepted[0]?.to]).toEqual([['c@x.example'], ['b@x.example']]);
  });
});

describe('a pinned server', () => {
  test('is the only one used, and the log says why', async () => {
    const primary = await scripted();
    const backup = await scripted();
    const servers = [serverAt(primary.port), serverAt(backup.port)];
    const outlet = outletFor(servers);
    const pin = { host: '127.0.0.1', port: backup.port, security: 'none' } as const;
    const [attempt] = await outlet.send(request(undefined, pin));
    expect(attempt?.reason).toBe('same server as before: it may have the message');
    expect([primary.accepted.length, backup.accepted.length]).toEqual([0, 1]);
  });

  test('that refuses has not the last word while there is another', async () => {
    const primary = await scripted({ rcpt: '550 5.7.1 Relay access denied' });
    const backup = await scripted();
    const servers = [serverAt(primary.port), serverAt(backup.port)];
    const pin = { host: '127.0.0.1', port: primary.port, security: 'none' } as const;
    const attempts = await outletFor(servers).send(request(undefined, pin));
    expect(attempts.map(({ code, outcomes }) => [code, outcomes[0]?.verdict])).toEqual([
      ['smtp_relaying_denied', 'retry'],
    ]);
  });

  test('that is no longer set up binds nothing', async () => {
    const primary = await scripted();
    const outlet = outletFor([serverAt(primary.port)]);
    const gone = { host: 'gone.example', port: 25, security: 'none' } as const;
    expect(outlet.available(gone)).toBe(true);
    expect((await outlet.send(request(undefined, gone)))[0]?.stage).toBe('accepted');
  });

  test('that is down leaves nothing to try', async () => {
    const backup = await scripted();
    const outlet = outletFor([DEAD(), serverAt(backup.port)]);
    await outlet.send(request());
    expect(outlet.available(DEAD())).toBe(false);
    expect(outlet.available(null)).toBe(true);
    expect(await outlet.send(request(undefined, DEAD()))).toEqual([]);
  });
});

describe('sessions', () => {
  test('are used again', async () => {
    const server = await scripted();
    const outlet = outletFor([serverAt(server.port)]);
    for (let count = 0; count < 3; count++) await outlet.send(request());
    expect([server.accepted.length, server.connections]).toEqual([3, 1]);
  });

  test('are used again after a refusal, with the rest of it reset', async () => {
    const server = await scripted({ rcpt: { 'no@x.example': '550 5.1.1 No' }, extensions: [] });
    const outlet = outletFor([serverAt(server.port)]);
    await outlet.send(request(['no@x.example']));
    await until(() => server.commands.includes('RSET'));
    await until(() => outlet.health()[0]?.state === 'ok');
    await new Promise((resolve) => setTimeout(resolve, 20));
    await outlet.send(request(['yes@x.example']));
    expect([server.accepted.length, server.connections]).toEqual([1, 1]);
  });

  test.each([
    ['ended in silence', 'drop'],
    ['said 421 to the next mail', { drop: '421 4.4.2 Idle too long' }],
    ['keeps silent', 'hang'],
  ])('that have %s while idle are replaced without the message noticing', async (_rule, mail) => {
    const server = await scripted();
    const outlet = outletFor([serverAt(server.port)], mail === 'hang' ? { limits: WAITING_LIMITS } : {});
    await outlet.send(request());
    // It answers so once, and well ever after.
    server.script = {
      get mail() {
        server.script = {};
        return mail;
      },
    };
    const attempts = await outlet.send(request());
    expect(attempts.map(({ stage }) => stage)).toEqual(['accepted']);
    expect([server.accepted.length, server.connections]).toEqual([2, 2]);
  });

  test('that the server closed while idle are not used again', async () => {
    const server = await scripted({ closeIdle: { afterMs: 10, say: '421 4.4.2 Idle\r\n' } });
    const outlet = outletFor([serverAt(server.port)]);
    await outlet.send(request());
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect((await outlet.send(request())).map(({ stage }) => stage)).toEqual(['accepted']);
    expect(server.connections).toBe(2);
  });

  test('are as many as there are messages at once', async () => {
    const server = await scripted();
    const outlet = outletFor([serverAt(server.port)]);
    await Promise.all([1, 2, 3].map(() => outlet.send(request())));
    expect([server.accepted.length, server.connections]).toEqual([3, 3]);
  });

  test('end when the outlet closes, and messages under way end with what is known', async () => {
    const server = await scripted({ dot: 'hang' });
    const outlet = outletFor([serverAt(server.port)], { limits: {} });
    const sending = outlet.send(request());
    await until(() => server.received === 1);
    const began = systemClock.monotonic();
    await outlet.close();
    expect(systemClock.monotonic() - began).toBeLessThan(3000);
    expect((await sending)[0]?.outcomes[0]?.verdict).toBe('unknown');
    expect(await outlet.send(request())).toEqual([]);
  });
});

describe('what never reaches the wire', () => {
  test.each([
    'evil@x.example>\r\nRCPT TO:<other@x.example',
    'a@x.example\nDATA',
    'two@x.example,three@x.example',
  ])('an address that is none: %j', async (address) => {
    const server = await scripted();
    const outlet = outletFor([serverAt(server.port)]);
    const attempts = await outlet.send(request([address, 'good@x.example']));
    const verdicts = attempts.flatMap(({ outcomes }) =>
      outcomes.map((entry) => [entry.address, entry.verdict]),
    );
    expect(verdicts).toEqual([
      [address, 'rejected'],
      ['good@x.example', 'accepted'],
    ]);
    expect(server.accepted.map(({ to }) => to)).toEqual([['good@x.example']]);
    expect(server.accepted[0]?.data).not.toMatch(/other@|DATA|three@/);
  });

  test('a password repeated by the server is taken out of its words', async () => {
    const echo = `535 5.7.8 Bad login: tocsin ${PASSWORD_AUTH.password}`;
    const server = await scripted({ auth: echo });
    const outlet = outletFor([serverAt(server.port, { auth: PASSWORD_AUTH })]);
    const [attempt] = await outlet.send(request());
    expect(attempt?.reply).toBe('535 5.7.8 Bad login: tocsin ***');
    expect(outlet.health()[0]).toMatchObject({ state: 'paused', code: 'smtp_auth_failed' });
  });

  test('no server is set up: the attempt says so', async () => {
    const [attempt] = await outletFor([]).send(request());
    expect([attempt?.server, attempt?.reason, attempt?.outcomes[0]?.verdict]).toEqual([
      null,
      'no mail server is set up',
      'retry',
    ]);
  });
});

test('what should never throw costs one opening, and the next server is asked', async () => {
  const backup = await scripted();
  const outlet = outletFor([serverAt(99_999), serverAt(backup.port)]);
  const attempts = await outlet.send(request());
  expect(attempts.map(({ stage, code }) => [stage, code])).toEqual([
    ['connect', 'smtp_temporary'],
    ['accepted', null],
  ]);
  expect(outlet.health()[0]?.state).toBe('down');
});
