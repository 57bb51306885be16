import { onTestFinished } from 'vitest';
import { createComposer } from '../../electron/agent/compose/composer.ts';
import { composeContextOf } from '../../electron/agent/compose/context.ts';
import { createMailboxWatch } from '../../electron/agent/mailbox/mailbox-watch.ts';
import { createDeliveryLog } from '../../mail/delivery-log.ts';
import { createOutbox } from '../../mail/outbox.ts';
import { type Settings, settingsSchema } from '../../shared/contract/settings.ts';
import type { SmtpEvent } from '../../shared/model/smtp-event.ts';
import type { Store } from '../../mail/store.ts';
import { FakeClock, fakeRandom } from './fake-clock.ts';
import { FakeOutlet } from './fake-outlet.ts';
import { memoryStore } from './memory-store.ts';
import { aMessage } from './messages.ts';
import { type Pop3Script, ScriptedPop3Server } from './scripted-pop3-server.ts';

/** The mail that the notifications of the corpus are about. */
export const ORIGINAL = '019b8c00-1111-7000-8000-00000000000a';

export interface MailboxSceneOptions {
  readonly store?: Store;
  readonly server?: ScriptedPop3Server;
  readonly roundTripHours?: number;
  readonly recipients?: readonly string[];
}

/** A mailbox that is watched, and the log with one mail that a server had accepted. */
export async function mailboxScene(script: Pop3Script = {}, options: MailboxSceneOptions = {}) {
  const server = options.server ?? (await new ScriptedPop3Server(script).start());
  if (options.server === undefined) onTestFinished(() => server.stop());
  const store = options.store ?? memoryStore();
  const clock = new FakeClock();
  const random = fakeRandom();
  const outbox = createOutbox(store, random);
  const deliveries = createDeliveryLog(store);
  const settings: Settings = settingsSchema.parse({
    version: 1,
    smtp: {
      servers: [{ host: 'mail.contoso.example' }],
      from: { address: 'tocsin@contoso.example' },
    },
    profile: { emails: ['admin@provider.example'] },
    mailbox: {
      protocol: 'pop3',
      host: '127.0.0.1',
      port: server.port,
      security: 'none',
      user: 'tocsin',
      roundTripHours: options.roundTripHours ?? 0,
    },
  });
  /** What waits is accepted by a server. */
  const handOver = () => {
    const lease = outbox.lease('smtp', clock.now(), () => true);
    if (lease === null) throw new Error('nothing waits');
    const sent = {
      message: lease.message,
      recipients: lease.recipients,
      pinnedServer: null,
      attachments: [],
    };
    outbox.settle(lease, [new FakeOutlet().attempt(sent, 'accepted')], clock.now());
  };
  if (options.store === undefined) {
    const recipients = options.recipients ?? ['ann@fabrikam.example', 'bob@fabrikam.example'];
    outbox.accept(
      [aMessage({ id: ORIGINAL, messageId: `${ORIGINAL}@contoso.example`, recipients })],
      clock.now(),
    );
    handOver();
  }
  const raised: SmtpEvent[] = [];
  const said: string[] = [];
  const faults: unknown[] = [];
  const watch = createMailboxWatch({
    store,
    outbox,
    deliveries,
    events: {
      raise: (events) => void raised.push(...events),
      context: () => ({
        now: clock.now(),
        emailAddress: 'tocsin@contoso.example',
        requiresAuthentication: () => null,
      }),
    },
    clock,
    log: {
      info: (text) => void said.push(text),
      warn: (text) => void said.push(text),
      fault: (error) => void faults.push(error),
      attempts: () => {},
      expired: () => {},
    },
    settings: () => settings,
    password: () => 'secret',
    composer: async () => createComposer(),
    composeContext: () => composeContextOf({ settings, hostName: 'pc-17', clock, random, routeText: 'SMTP' }),
    sender: () => 'tocsin@contoso.example',
    isOpen: (route) => route === 'smtp',
    onQueued: () => {},
    onRead: () => {},
    onFault: (error) => void faults.push(error),
  });
  onTestFinished(() => watch.stop());
  watch.start();
  /** Lets the check that is under way come to its end; its server is a real one. */
  const settle = async () => {
    for (let n = 0; n < 200; n++) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      await clock.advance(0);
      if (n > 2 && server.open === 0) return;
    }
  };
  /** Lets time pass; a check that falls due on the way is given the time it takes. */
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 10_000) {
      const before = server.connections;
      await clock.advance(10_000);
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (server.connections > before || server.open > 0) await settle();
    }
    await settle();
  };
  const ownMails = () =>
    deliveries
      .list({ limit: 100, since: null })
      .map(({ message }) => message)
      .filter(({ id }) => id !== ORIGINAL);
  /** What the log says that was heard of a mail's recipients later. */
  const newsOf = (id: string) =>
    (deliveries.find(id)?.recipients ?? []).flatMap(({ address, news }) =>
      news === null ? [] : [{ address, news }],
    );
  // Until the first check has ended; after a restart there may be none, and one that there is begins at once.
  const tries = options.store === undefined ? 100 : 10;
  for (let n = 0; n < tries && watch.status()?.state === 'unused'; n++) await settle();
  return { server, store, clock, watch, raised, said, faults, pass, ownMails, newsOf, handOver };
}
