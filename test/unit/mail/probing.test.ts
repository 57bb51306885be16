import { afterEach, describe, expect, test } from 'vitest';
import { HealthOfServer } from '../../../mail/server-health.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { sampleMessage } from '../../fakes/mail-samples.ts';
import { cleanUp, outletFor, PASSWORD_AUTH, scripted, serverAt, until } from '../../fakes/outlet-rig.ts';

afterEach(cleanUp);

const SERVER = { host: 'mail.example', port: 25, security: 'none' } as const;
const DOWN = { code: 'smtp_connection_refused', reply: null, pauses: false } as const;
const REFUSED = { code: 'smtp_auth_failed', reply: '535 No', pauses: true } as const;
const MINUTE = 60_000;

describe('health of a server', () => {
  test('is unknown before its first use', () => {
    const health = new HealthOfServer(SERVER, new FakeClock());
    expect(health.snapshot()).toMatchObject({ state: 'unused', since: null, nextProbeAt: null });
    expect(health.usable).toBe(true);
  });

  test('down: tried every 5 s for 10 min, then every 60 s, and down since the first time', async () => {
    const clock = new FakeClock();
    const health = new HealthOfServer(SERVER, clock);
    const downAt = clock.now();
    const waits: number[] = [];
    while (clock.now() - downAt < 12 * MINUTE) {
      health.failed(DOWN);
      waits.push(health.dueInMs);
      await clock.advance(health.dueInMs);
    }
    expect(waits.filter((wait) => wait === 5_000)).toHaveLength(120);
    expect(waits.filter((wait) => wait === MINUTE)).toHaveLength(2);
    expect(health.snapshot()).toMatchObject({ state: 'down', since: downAt, code: DOWN.code });
  });

  test('paused: left alone for an hour, or until reset', async () => {
    const clock = new FakeClock();
    const health = new HealthOfServer(SERVER, clock);
    health.failed(REFUSED);
    expect(health.snapshot()).toMatchObject({ state: 'paused', nextProbeAt: clock.now() + 60 * MINUTE });
    await clock.advance(30 * MINUTE);
    expect([health.usable, health.dueInMs]).toEqual([false, 30 * MINUTE]);
    health.reset();
    expect([health.usable, health.snapshot().code]).toEqual([true, null]);
  });

  test('a jump of the wall clock neither hurries nor delays a probe', () => {
    const clock = new FakeClock();
    const health = new HealthOfServer(SERVER, clock);
    health.failed(DOWN);
    clock.jump(365 * 24 * 60 * MINUTE);
    expect(health.dueInMs).toBe(5_000);
    expect(health.snapshot().nextProbeAt).toBe(clock.now() + 5_000);
  });

  test('broke off a message: others first, for a minute', async () => {
    const clock = new FakeClock();
    const health = new HealthOfServer(SERVER, clock);
    health.brokeOff();
    expect([health.usable, health.suspect]).toEqual([true, true]);
    await clock.advance(MINUTE);
    expect(health.suspect).toBe(false);
  });
});

describe('while mail waits', () => {
  const REQUEST = {
    message: sampleMessage(),
    recipients: ['it@contoso.example'],
    pinnedServer: null,
    attachments: [],
  };

  /** Sockets take real time, whatever the clock of the outlet says: turn its hands until something holds. */
  async function turning(clock: FakeClock, stepMs: number, holds: () => boolean): Promise<void> {
    for (let turn = 0; turn < 200 && !holds(); turn++) {
      await clock.advance(stepMs);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(holds()).toBe(true);
  }

  test('a server that is down is probed, and used as soon as it is back', async () => {
    const server = await scripted();
    const { port } = server;
    await server.stop();
    const clock = new FakeClock();
    let available = 0;
    const outlet = outletFor([serverAt(port)], { clock, limits: {} }, () => available++);
    expect((await outlet.send(REQUEST))[0]?.code).toBe('smtp_connection_refused');
    expect([outlet.available(null), await outlet.send(REQUEST)]).toEqual([false, []]);
    expect(clock.pending).toBe(0);

    outlet.setWaiting(true);
    await clock.advance(4_000);
    expect(outlet.health()[0]?.state).toBe('down');
    await server.start(port);
    await turning(clock, 1_000, () => available === 1);
    expect(outlet.available(null)).toBe(true);
    expect((await outlet.send(REQUEST))[0]?.stage).toBe('accepted');
    expect([server.connections, available]).toEqual([1, 1]);
    outlet.setWaiting(false);
  });

  test('nothing is probed when no mail waits any more', async () => {
    const clock = new FakeClock();
    const outlet = outletFor([serverAt(1)], { clock, limits: {} });
    await outlet.send(REQUEST);
    outlet.setWaiting(true);
    expect(clock.pending).toBe(1);
    outlet.setWaiting(false);
    expect(clock.pending).toBe(0);
  });

  test('a refused login is not repeated within the hour, and at once after a reset', async () => {
    const server = await scripted({ auth: '535 5.7.8 No' });
    const clock = new FakeClock();
    const outlet = outletFor([serverAt(server.port, { auth: PASSWORD_AUTH })], { clock, limits: {} });
    await outlet.send(REQUEST);
    outlet.setWaiting(true);
    await clock.advance(59 * MINUTE);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.connections).toBe(1);
    outlet.reset();
    server.script = {};
    expect((await outlet.send(REQUEST))[0]?.stage).toBe('accepted');
  });

  test('a backup that works does not keep the primary from coming back', async () => {
    const primary = await scripted();
    const { port } = primary;
    await primary.stop();
    const backup = await scripted();
    const clock = new FakeClock();
    const outlet = outletFor([serverAt(port), serverAt(backup.port)], { clock, limits: {} });
    await outlet.send(REQUEST);
    await primary.start(port);
    await clock.advance(5_000);
    expect((await outlet.send(REQUEST))[0]?.server?.port).toBe(backup.port);
    await until(() => outlet.health()[0]?.state === 'ok');
    expect((await outlet.send(REQUEST))[0]?.server?.port).toBe(port);
  });
});
