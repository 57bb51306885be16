import { createDeliveryLog, type DeliveryLog } from '../../mail/delivery-log.ts';
import { createDispatcher, type Dispatcher, type DispatcherOptions } from '../../mail/dispatcher.ts';
import { createLogRetention } from '../../mail/log-retention.ts';
import { createMemoryOutbox, type MemoryOutbox } from '../../mail/memory-outbox.ts';
import { createOutbox, type Outbox } from '../../mail/outbox.ts';
import { createPracticeMailbox, type PracticeMailbox } from '../../mail/practice-mailbox.ts';
import type { Store } from '../../mail/store.ts';
import type { Settings } from '../../shared/contract/settings.ts';
import { type Clock, type Random, sleep } from '../../shared/model/clock.ts';
import type { RouteChoice } from '../../shared/model/message.ts';
import type { ComposeContext, Composer } from './compose/compose.ts';
import { composeContextOf } from './compose/context.ts';
import { routeText } from './compose/report-data.ts';
import { createFallbackRoute } from './dispatch/fallback-route.ts';
import { createPathWatch, type PathWatch } from './dispatch/path-watch.ts';
import type { RelayLink } from './dispatch/relay/link.ts';
import { createRoutes, type Routes, type TokensOf } from './dispatch/routes.ts';
import { senderOf } from './dispatch/sender.ts';
import type { AgentLog } from './log.ts';
import type { DataDir } from './platform/data-dir.ts';
import { type MailWatch, createMailWatch } from './mail-watch.ts';
import { createDiskTrouble, type DiskTrouble } from './record/disk-trouble.ts';
import type { SettingsStore } from './settings/settings-store.ts';

export interface MailSystemOptions {
  readonly dataDir: DataDir;
  readonly settings: SettingsStore;
  readonly tokens: TokensOf;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly hostName: string;
  readonly log: AgentLog;
  /** The link to the Web Service, which is put together later than this. */
  readonly relay: () => RelayLink;
  readonly onBacklog: () => void;
  /** Told when something entered the delivery log or changed in it. */
  readonly onChanged: () => void;
  readonly onFault: (error: unknown) => void;
}

/** What it takes to write a mail and have it sent. */
export interface Telling {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly settings: () => Settings;
  readonly composer: () => Promise<Composer>;
  readonly composeContext: () => ComposeContext;
  /** To be called after mails have entered the outbox. */
  readonly onQueued: () => void;
  readonly onFault: (error: unknown) => void;
}

/** Everything that gets mail out: the outbox, the ways out, and who drives them. */
export interface MailSystem {
  readonly deliveries: DeliveryLog;
  readonly practice: PracticeMailbox;
  readonly routes: Routes;
  readonly dispatcher: Dispatcher;
  /** What the disk does not take. */
  readonly memory: MemoryOutbox;
  readonly diskTrouble: DiskTrouble;
  readonly paths: PathWatch;
  /** SMTP events and the mailbox: what happens to mail on its way, and after it was accepted. */
  readonly watch: MailWatch;
  readonly telling: Telling;
  /** Sets it going, once the link to the Web Service stands as well. */
  start(): void;
  /** All that waits, at once: the computer woke up, the settings changed, or a way out can be used again. */
  tryNow(choice: RouteChoice | null): void;
  /** Lets what is in flight come to its end for a moment; nothing is lost by what does not. */
  stop(): Promise<void>;
}

/** For so long, a stop lets mails in flight come to their end before their connections are closed. */
const GRACE_MS = 2000;

/** The owner of the data folder puts it together once; leases of an earlier process are ended here. */
export async function openMailSystem(options: MailSystemOptions): Promise<MailSystem> {
  const { dataDir, settings, tokens, store, clock, random, hostName, log, relay, onFault } = options;
  const outbox = createOutbox(store, random);
  outbox.takeOver(clock.now());
  const deliveries = createDeliveryLog(store);
  const practice = createPracticeMailbox({ folder: dataDir.practiceDir, keep: 200, clock });
  const tryNow = (choice: RouteChoice | null) => {
    dispatcher.tryNow(choice);
    memory.tryNow();
  };
  const onQueued = () => {
    dispatcher.wake();
    options.onChanged();
  };
  const routes = await createRoutes({
    settings,
    tokens,
    clock,
    hostName,
    practice,
    onAvailable: (choice) => {
      log.info('a mail server answers again; what waits for it is sent now');
      tryNow(choice);
    },
    relay: () => relay().route(),
  });
  const sending: Omit<DispatcherOptions, 'outbox'> = {
    clock,
    route: routes.route,
    fallback: createFallbackRoute({
      settings: settings.current,
      hostName,
      clock,
      practising: routes.practising,
      relay: () => routes.route('relay'),
      subscriptionEndsAt: () => relay().status()?.subscription.expiresAt ?? null,
    }),
    onBacklog: options.onBacklog,
    onRecorded: (lease, attempts, failures) => {
      log.attempts(lease.message, attempts, failures);
      paths.recorded(lease, attempts);
      relay().recorded(attempts);
      options.onChanged();
    },
    onExpired: (failures) => {
      log.expired(failures);
      options.onChanged();
    },
    onFault,
  };
  const composeContext = (): ComposeContext => {
    const server = routes.smtp().health()[0]?.server ?? null;
    const usual = routeText({ route: routes.practising() ? 'practice' : 'smtp', server });
    // Where nothing leaves by SMTP, what Tocsin has to say of itself goes by the service.
    const isUsable = relay().isUsable();
    const noticeRoute = routes.practising() && isUsable ? 'relay' : 'smtp';
    const current = settings.current();
    const serviceStandsIn = current.relay?.useWhenSmtpFails === true && !routes.practising() && isUsable;
    return composeContextOf({
      settings: current,
      hostName,
      clock,
      random,
      routeText: usual,
      serviceStandsIn,
      noticeRoute,
    });
  };
  const telling: Telling = {
    store,
    outbox,
    clock,
    settings: settings.current,
    composer: loadComposer,
    composeContext,
    onQueued,
    onFault,
  };
  const watch = createMailWatch({
    ...telling,
    dataDir: dataDir.path,
    log,
    deliveries,
    sender: () => senderOf(settings.current(), hostName).address,
    password: settings.mailboxPassword,
    isOpen: (choice) => routes.route(choice).outlet?.available(null) ?? false,
    onRead: options.onChanged,
    onSettled: options.onChanged,
  });
  const dispatcher = createDispatcher({ ...sending, outbox: watch.events.outbox });
  const memory = createMemoryOutbox({ ...sending, disk: store, random, onQueued });
  const paths = createPathWatch({
    ...telling,
    route: routes.route,
    practising: routes.practising,
    oldestWaitingAt: deliveries.oldestWaitingAt,
  });
  const retention = createLogRetention({ store, clock, onForgotten: options.onChanged, onFault });
  return {
    deliveries,
    practice,
    routes,
    dispatcher,
    memory,
    diskTrouble: createDiskTrouble(memory, store, clock, log),
    paths,
    watch,
    telling,
    start() {
      dispatcher.wake();
      watch.start();
      retention.start();
    },
    tryNow,
    async stop() {
      retention.stop();
      memory.moveToDisk();
      const ended = Promise.all([watch.stop(), dispatcher.stop(), memory.stop()]);
      await Promise.race([ended, sleep(clock, GRACE_MS)]);
      await routes.close();
      await ended;
    },
  };
}

/** React and the mail components are loaded when the first mail is written. */
async function loadComposer(): Promise<Composer> {
  const { createComposer } = await import('./compose/composer.ts');
  return createComposer();
}
