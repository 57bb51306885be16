import { createDispatcher } from '../../mail/dispatcher.ts';
import type { Outbox } from '../../mail/outbox.ts';
import type { Outlet } from '../../mail/outlet.ts';
import type { PracticeMailbox } from '../../mail/practice-mailbox.ts';
import { createSmtpOutlet } from '../../mail/smtp-outlet.ts';
import { serverLabel, type SmtpServerOptions } from '../../mail/smtp-server-options.ts';
import type { Clock } from '../../shared/model/clock.ts';
import type { RelayLog } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { RelayStore } from '../store/relay-store.ts';
import { createReadiness } from './readiness.ts';
import { createRelayOutlet } from './relay-outlet.ts';
import type { SmtpUrl } from './smtp-url.ts';
import type { UnsubscribeLinks } from './unsubscribe-link.ts';

export interface DeliveryOptions {
  readonly smtp: SmtpUrl;
  /** Where mail goes with `practice:`. */
  readonly practice: PracticeMailbox;
  readonly from: string;
  readonly hostName: string;
  readonly outbox: Outbox;
  readonly store: RelayStore;
  readonly links: UnsubscribeLinks;
  readonly metrics: Metrics;
  readonly log: RelayLog;
  readonly clock: Clock;
}

/** Everything behind the outbox: the service's own server, and whether it can be relied on. */
export interface Delivery {
  ready(): boolean;
  /** Something has entered the outbox. */
  wake(): void;
  stop(): Promise<void>;
}

const TIMEOUT_SECONDS = 20;
/** The dispatcher counts what waits each time it is woken; with much waiting, so often is enough. */
const WAKE_EVERY_MS = 50;

export async function startDelivery(options: DeliveryOptions): Promise<Delivery> {
  const { clock, outbox, log, metrics } = options;
  const server = await serverOf(options);
  const ehloName = ehloNameOf(options.hostName);
  const route = options.smtp.kind === 'practice' ? 'practice' : 'smtp';
  const outlet: Outlet = createRelayOutlet({
    inner: createSmtpOutlet(
      {
        servers: [server],
        from: { name: null, address: options.from },
        timeoutSeconds: TIMEOUT_SECONDS,
        ehloName,
        route,
        clock,
        log: (text, fields) => log.warn(text, fields),
      },
      { onAvailable: () => dispatcher.wake() },
    ),
    store: options.store,
    links: options.links,
    clock,
  });

  const dispatcher = createDispatcher({
    outbox,
    clock,
    route: (choice) =>
      choice === 'smtp'
        ? { outlet }
        : {
            outlet: null,
            route: 'relay',
            code: 'relay_unreachable',
            reason: 'the service relays to nobody else',
          },
    onRecorded(lease, attempts, failures) {
      for (const { outcomes } of attempts) {
        for (const { verdict } of outcomes) metrics.deliveries.add({ outcome: verdict });
      }
      const last = attempts.at(-1);
      const fields = { id: lease.message.id, stage: last?.stage, code: last?.code, failed: failures.length };
      if (failures.length > 0) log.warn('given up for some recipients', fields);
      else if (last?.code) log.warn('to be tried again', fields);
      else log.info('accepted by the mail server', fields);
    },
    onExpired: (failures) => log.warn('given up after five days', { recipients: failures.length }),
    onFault: (error) => log.fault(error),
  });

  const readiness = createReadiness({
    server,
    outlet,
    ehloName,
    timeoutSeconds: TIMEOUT_SECONDS,
    clock,
    onReady: () => {
      log.info('the mail server answers; messages are taken', { server: serverLabel(server) });
      dispatcher.wake();
    },
    onFailed: ({ stage, code, reply }) =>
      log.warn('the mail server cannot be used; no messages are taken until it answers', {
        server: serverLabel(server),
        stage,
        code,
        reply,
      }),
  });

  // Leases of a process that was killed: its messages are this one's now.
  outbox.takeOver(clock.now());
  outlet.setWaiting(true);
  readiness.start();
  dispatcher.wake();
  let cancelWake: (() => void) | null = null;
  let wokenMs = Number.NEGATIVE_INFINITY;
  const wakeNow = () => {
    cancelWake = null;
    wokenMs = clock.monotonic();
    dispatcher.wake();
  };

  return {
    ready: readiness.ready,
    wake() {
      const dueMs = wokenMs + WAKE_EVERY_MS - clock.monotonic();
      if (dueMs <= 0) wakeNow();
      else cancelWake ??= clock.after(dueMs, wakeNow);
    },
    async stop() {
      cancelWake?.();
      readiness.stop();
      const stopping = dispatcher.stop();
      await outlet.close();
      await stopping;
      await options.practice.stop();
    },
  };
}

async function serverOf({ smtp, practice }: DeliveryOptions): Promise<SmtpServerOptions> {
  if (smtp.kind === 'server') return smtp.server;
  const { port } = await practice.start();
  return { host: '127.0.0.1', port, security: 'none', auth: { method: 'none' }, ca: null };
}

/** RFC 5321 4.1.1.1: the host's full name, or an address literal where it has none. */
function ehloNameOf(hostName: string): string {
  const domain = hostName.toLowerCase().replace(/[^a-z0-9.-]/g, '-');
  return /^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$/.test(domain) ? domain : '[127.0.0.1]';
}
