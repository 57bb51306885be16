import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRoutes } from '../../../../../electron/agent/dispatch/routes.ts';
import { systemClock } from '../../../../../mail/platform/clock.ts';
import { noTokens } from '../../../../fakes/oauth-rig.ts';
import { createPracticeMailbox, type PracticeMailbox } from '../../../../../mail/practice-mailbox.ts';
import { type Settings, settingsSchema } from '../../../../../shared/contract/settings.ts';
import { scratchDir } from '../../../../fakes/scratch-dir.ts';

const PRACTISING = settingsSchema.parse({ version: 1 });
const SERVED = settingsSchema.parse({ version: 1, smtp: { servers: [{ host: '127.0.0.1', port: 2525 }] } });

function routesWith(practice: PracticeMailbox) {
  let settings: Settings = SERVED;
  const store = {
    current: () => settings,
    import: () => ({ ok: false, faults: [] }) as const,
    standsInFor: () => null,
    smtpPassword: () => null,
    mailboxPassword: () => null,
    revision: () => '',
    check: () => ({ faults: [], warnings: [] }),
  };
  const made = createRoutes({
    settings: store,
    tokens: noTokens,
    clock: systemClock,
    hostName: 'host',
    practice,
    onAvailable: () => {},
    relay: () => ({ outlet: null, route: 'relay', code: 'relay_unreachable', reason: 'not enrolled' }),
  });
  return {
    made,
    exchange: (next: Settings) => {
      settings = next;
    },
  };
}

test('of two changes of settings at once the last one counts, though the first takes longer', async () => {
  const mailbox = createPracticeMailbox({ folder: join(scratchDir(), 'practice'), clock: systemClock });
  let listening = 0;
  const slow: PracticeMailbox = {
    ...mailbox,
    start: async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      listening++;
      return { port: 1 };
    },
    stop: async () => {
      listening = 0;
    },
  };
  const { made, exchange } = routesWith(slow);
  const routes = await made;
  exchange(PRACTISING);
  const first = routes.rebuild();
  exchange(SERVED);
  await Promise.all([first, routes.rebuild()]);
  expect(
    routes
      .smtp()
      .health()
      .map(({ server }) => server.port),
  ).toEqual([2525]);
  expect(listening).toBe(0);
  await routes.close();
});

test('a practice mailbox that cannot start leaves the old way out as it was, and the next change is taken up', async () => {
  const broken: PracticeMailbox = {
    start: async () => Promise.reject(new Error('no port')),
    stop: async () => {},
    list: async () => [],
    read: async () => null,
  };
  const { made, exchange } = routesWith(broken);
  const routes = await made;
  exchange(PRACTISING);
  await expect(routes.rebuild()).rejects.toThrow('no port');
  exchange(SERVED);
  await routes.rebuild();
  expect(routes.smtp().health()).toHaveLength(1);
  await routes.close();
});
