import { setTimeout as delay } from 'node:timers/promises';
import { serveCalls } from '../../electron/desktop/ipc-main.ts';
import { CALL_CHANNEL } from '../../shared/contract/desktop-bridge.ts';
import { METHODS } from '../../shared/contract/ipc.ts';
import { FakeContents, ipcMain } from '../desktop/fakes/electron.ts';
import { FOREIGN_ORIGINS, foreignSenders } from '../desktop/fakes/foreign-senders.ts';
import { ConsoleRig } from '../fakes/console-rig.ts';
import { consoleStrangers, DOORS, isLetIn, isTurnedAway } from '../fakes/console-strangers.ts';
import { startRelayRig } from '../fakes/relay-rig.ts';
import { Faults, type Outcome } from './support/promise.ts';
import { RELAY_CALLS, RELAY_STRANGERS } from './support/relay-strangers.ts';
import { show } from './support/show.ts';

const NAMES = Object.keys(METHODS);
const OURS = new FakeContents();
const CONSOLE_CALLERS = 14;
/** Who is let in to the events is told them for ever. */
const ANSWER_MS = 5000;
/** Every door of the console, every method by the window's channel and every route of the service, by every stranger. */
const MATRIX =
  DOORS.length * CONSOLE_CALLERS -
  DOORS.filter((door) => isLetIn('a token beside a cookie', door)).length +
  NAMES.length * (foreignSenders(OURS).length + FOREIGN_ORIGINS.length) +
  RELAY_CALLS.length * RELAY_STRANGERS.length;

async function run(): Promise<Outcome> {
  const faults = new Faults();
  const byConsole = await knockAtConsole(faults);
  const byWindow = await callByWindow(faults);
  const byService = await callService(faults);
  const points = byConsole + byWindow + byService;
  const note = `${byConsole} by the console, ${byWindow} by the window's channel, ${byService} by the Web Service; ${faults.list.length} let in`;
  return { points, lost: 0, doubled: 0, faults: faults.list, note };
}

async function knockAtConsole(faults: Faults): Promise<number> {
  const rig = new ConsoleRig();
  let tried = 0;
  await rig.start();
  try {
    rig.mails.set('1', 'canary');
    const cookie = await rig.session();
    for (const door of DOORS) {
      const { path, method } = door;
      const reach = { authorization: rig.bearer['authorization'] ?? '' };
      // Who may come in does: a door that is shut to everybody shows nothing.
      if (method === 'POST') {
        const reply = await rig.send(path, { method, headers: reach, body: '{}' });
        faults.expect(
          reply.status === 200 || reply.status === 400,
          path,
          `${reply.status} for whoever may come in`,
        );
      }
      rig.called.length = 0;
      for (const [who, headers] of consoleStrangers(rig, cookie)) {
        if (isLetIn(who, door)) continue;
        tried += 1;
        const asked = rig.send(path, { method, headers, body: method === 'POST' ? '{}' : '' });
        const reply = await Promise.race([
          asked,
          delay(ANSWER_MS, { status: 0, headers: {}, body: 'no end' }),
        ]);
        const isAway = isTurnedAway(reply) && rig.called.length === 0;
        faults.expect(isAway, `${method} ${path}`, `${who} was let in (${reply.status})`);
      }
    }
  } finally {
    await rig.stop();
  }
  return tried;
}

async function callByWindow(faults: Faults): Promise<number> {
  const asked: unknown[] = [];
  const client = {
    call: async (name: unknown) => {
      asked.push(name);
      return { ok: true, reply: 'a secret' };
    },
    onEvent: () => () => {},
    onConnection: () => () => {},
  };
  let tried = 0;
  const callAs = async (who: string, window: FakeContents, event: unknown) => {
    serveCalls(client as never, () => window as never);
    const call = ipcMain.handlers.get(CALL_CHANNEL);
    for (const name of NAMES) {
      tried += 1;
      const answer = JSON.stringify(await call?.(event, name, {}));
      faults.expect(asked.length === 0 && answer.includes('"refused"'), name, `${who} was let in: ${answer}`);
      asked.length = 0;
    }
  };
  for (const [who, event] of foreignSenders(OURS)) await callAs(who, OURS, event);
  for (const origin of FOREIGN_ORIGINS) {
    const window = new FakeContents();
    Object.assign(window.mainFrame, { origin });
    await callAs(`our own frame at “${origin}”`, window, { sender: window, senderFrame: window.mainFrame });
  }
  serveCalls(client as never, () => OURS as never);
  await ipcMain.handlers.get(CALL_CHANNEL)?.({ sender: OURS, senderFrame: OURS.mainFrame }, 'status.get', {});
  faults.expect(asked.length === 1, 'status.get', 'our own page was not let in');
  return tried;
}

async function callService(faults: Faults): Promise<number> {
  const rig = await startRelayRig();
  const client = await rig.enrol();
  const revoked = await rig.enrol();
  await rig.store.revoke(revoked.installationId, rig.clock.now());
  const other = await rig.enrol();
  await other.submit({ ...aMail, subject: 'canary' }, 'of-another');
  let tried = 0;
  for (const call of RELAY_CALLS) {
    for (const [who, ask] of RELAY_STRANGERS) {
      tried += 1;
      const { status, body } = await ask({ rig, client, revoked }, call);
      const isAway = status === 401 && !JSON.stringify(body).includes('canary');
      faults.expect(isAway, `${call.method} ${call.path}`, `${who} was let in (${status})`);
    }
  }
  // An installation that is let in sees nothing of another's.
  const strange = await client.call({ method: 'GET', path: '/v1/messages/of-another' });
  faults.expect(
    strange.status === 404,
    'GET /v1/messages',
    `another’s message was shown (${strange.status})`,
  );
  const own = await client.call({ method: 'GET', path: '/v1/installation' });
  faults.expect(own.status === 200, 'GET /v1/installation', 'an enrolled installation was not let in');
  const mails = await rig.mails();
  faults.expect(mails.length <= 1, 'POST /v1/messages', `${mails.length - 1} mails of strangers were sent`);
  return tried;
}

const aMail = { kind: 'alert', html: '<p>x</p>', text: 'x', to: ['it@contoso.example'] };

show({
  id: 'I13',
  title: 'every method and route refuses callers that should not be there',
  full: MATRIX,
  quick: MATRIX,
  run,
});
