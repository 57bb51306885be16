import { createComposer } from '../../electron/agent/compose/composer.ts';
import { createSmtpEvents } from '../../electron/agent/events/smtp-events.ts';
import { composeContextOf } from '../../electron/agent/compose/context.ts';
import { createDeliveryLog } from '../../mail/delivery-log.ts';
import { createDispatcher } from '../../mail/dispatcher.ts';
import { createOutbox } from '../../mail/outbox.ts';
import type { Store } from '../../mail/store.ts';
import { type Settings, settingsSchema } from '../../shared/contract/settings.ts';
import { FakeClock, fakeRandom } from './fake-clock.ts';
import { FakeOutlet } from './fake-outlet.ts';
import { memoryStore } from './memory-store.ts';
import { aMessage } from './messages.ts';
import { scratchDir } from './scratch-dir.ts';

export interface EventSceneOptions {
  readonly store?: Store;
  readonly dataDir?: string;
  readonly relay?: FakeOutlet;
  /** How far the clock has come already. */
  readonly sinceMs?: number;
}

/** The parts of an agent that send mail and act on what becomes of it; the server refuses everything for now. */
export function eventScene(rules: readonly object[], options: EventSceneOptions = {}) {
  const { store = memoryStore(), dataDir = scratchDir(), relay = null, sinceMs = 0 } = options;
  const settings: Settings = settingsSchema.parse({
    version: 1,
    installation: { name: 'front-desk' },
    profile: { emails: ['admin@provider.example'], sms: ['5551234567@sms.example'] },
    smtpEvents: rules,
  });
  const clock = new FakeClock();
  clock.jump(sinceMs);
  const random = fakeRandom();
  const outbox = createOutbox(store, random);
  const outlet = new FakeOutlet();
  const said: string[] = [];
  const faults: unknown[] = [];
  const log = {
    info: (text: string) => void said.push(text),
    warn: (text: string) => void said.push(text),
    fault: (error: unknown) => void faults.push(error),
    attempts: () => {},
    expired: () => {},
  };
  const events = createSmtpEvents({
    dataDir,
    store,
    outbox,
    clock,
    log,
    settings: () => settings,
    composer: async () => createComposer(),
    composeContext: () => composeContextOf({ settings, hostName: 'pc-17', clock, random, routeText: 'SMTP' }),
    sender: () => 'tocsin@contoso.example',
    isOpen: (route) => route === 'smtp' || (relay?.available() ?? false),
    onQueued: () => dispatcher.wake(),
    onSettled: () => {},
    onFault: (error) => void faults.push(error),
  });
  events.start();
  outlet.onSend = async (request) => [outlet.attempt(request, 'retry')];
  const dispatcher = createDispatcher({
    outbox: events.outbox,
    clock,
    route: (choice) =>
      choice === 'relay' && relay === null
        ? { outlet: null, route: 'relay', code: 'relay_unreachable', reason: 'not set up' }
        : { outlet: (choice === 'relay' ? relay : null) ?? outlet },
    onFault: (error) => void faults.push(error),
  });
  const deliveries = createDeliveryLog(store);
  const mailsOfRules = () =>
    deliveries
      .list({ limit: 5000, since: null })
      .map(({ message }) => message)
      .filter(({ source }) => source.type === 'smtp-event');
  const send = (id: string) => {
    outbox.accept([aMessage({ id })], clock.now());
    dispatcher.wake();
  };
  return {
    events,
    outbox,
    outlet,
    relay,
    clock,
    store,
    dataDir,
    said,
    faults,
    mailsOfRules,
    send,
    deliveries,
    dispatcher,
  };
}
