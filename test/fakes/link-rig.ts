import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createRelayLink, type RelayLink } from '../../electron/agent/dispatch/relay/link.ts';
import type { Enrolment } from '../../electron/agent/dispatch/relay/enrolment.ts';
import { createKeyFileSecretStore } from '../../electron/agent/settings/secret-store.ts';
import { createDeliveryLog } from '../../mail/delivery-log.ts';
import { createDispatcher } from '../../mail/dispatcher.ts';
import { createOutbox, type FinalFailure } from '../../mail/outbox.ts';
import { systemRandom } from '../../mail/platform/clock.ts';
import { type Settings, settingsSchema } from '../../shared/contract/settings.ts';
import type { Message } from '../../shared/model/message.ts';
import type { Clock } from '../../shared/model/clock.ts';
import { fastClock } from './fast-clock.ts';
import { memoryStore } from './memory-store.ts';
import { aMessage } from './messages.ts';
import { scratchDir } from './scratch-dir.ts';

/** A link with what a test needs to see of it. */
export interface LinkRig {
  readonly link: RelayLink;
  readonly dir: string;
  readonly queue: (...messages: Partial<Message>[]) => void;
  readonly log: ReturnType<typeof createDeliveryLog>;
  readonly told: Enrolment[];
  readonly failedLater: FinalFailure[];
  readonly enrol: (code: string, url: string) => ReturnType<RelayLink['enrol']>;
  readonly resend: (id: string) => boolean;
}

/** What the mail server of the service said is asked for after 5 s. */
export const FASTER = 10;

/** A link with a real outbox and dispatcher, by the clock of the service's rig or one so many times as fast. */
export async function linkOn(
  rig: { readonly clock: Clock },
  dir = scratchDir(),
  faster = 1,
): Promise<LinkRig> {
  const clock = faster === 1 ? rig.clock : fastClock(faster);
  const store = memoryStore();
  const outbox = createOutbox(store, systemRandom);
  const secrets = createKeyFileSecretStore({
    secretsPath: join(dir, 'secrets.json'),
    keyPath: join(dir, 'secrets.key'),
  });
  const settings: Settings = settingsSchema.parse({ version: 1 });
  const told: Enrolment[] = [];
  const failedLater: FinalFailure[] = [];
  const onFault = (error: unknown) => {
    throw error;
  };
  const link = await createRelayLink({
    relayPath: join(dir, 'relay.json'),
    secrets,
    settings: { current: () => settings },
    store,
    clock,
    random: systemRandom,
    vitals: () => ({ status: 'ok', alertsFiring: 0, outboxSize: 0, version: '0.1.0' }),
    onAvailable: () => dispatcher.tryNow('relay'),
    onSubscription: (enrolment) => void told.push(enrolment),
    onFailedLater: (failures) => void failedLater.push(...failures),
    onFault,
    limits: { connectMs: faster * 1000, wholeMs: faster * 4000 },
  });
  const dispatcher = createDispatcher({
    outbox,
    clock,
    route: () => link.route(),
    onRecorded: (_lease, attempts) => link.recorded(attempts),
    onFault,
  });
  onTestFinished(async () => {
    await dispatcher.stop();
    await link.close();
  });
  return {
    link,
    dir,
    queue(...messages) {
      outbox.accept(
        messages.map((message) => aMessage({ route: 'relay', ...message })),
        clock.now(),
      );
      dispatcher.wake();
    },
    log: createDeliveryLog(store),
    told,
    failedLater,
    enrol: (code, url) => link.enrol({ code, url, ca: null, name: 'front-desk' }),
    resend(id) {
      const found = outbox.resend(id, clock.now());
      dispatcher.wake();
      return found;
    },
  };
}

/** Waits until something holds. */
export async function until(holds: () => unknown, withinMs = 8000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it did not come to hold');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** How the first recipient of a message fares. */
export const stateOf = (setting: LinkRig, id: string) => setting.log.find(id)?.recipients[0];
