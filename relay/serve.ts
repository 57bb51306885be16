import { createPracticeMailbox } from '../mail/practice-mailbox.ts';
import type { Result } from '../shared/errors.ts';
import { type Clock, type Random, sleep } from '../shared/model/clock.ts';
import { createAcceptBatch } from './accept-batch.ts';
import { createRelayApp } from './app.ts';
import { startDelivery } from './delivery/delivery.ts';
import type { SmtpUrl } from './delivery/smtp-url.ts';
import { createUnsubscribeLinks } from './delivery/unsubscribe-link.ts';
import { createAuthenticate } from './http/authenticate.ts';
import { createHandlers } from './http/handlers.ts';
import { createNonces } from './http/nonces.ts';
import type { RelayLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createOperatorMail } from './operator-mail.ts';
import { lockRelayDataDir, type RelayDataDir } from './platform/data-dir.ts';
import { openRelayStore } from './store/open-relay-store.ts';
import type { Quotas } from './store/relay-store.ts';
import { startWatch } from './watch.ts';

export interface RelayOptions {
  readonly dataDir: RelayDataDir;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly from: string;
  readonly smtp: SmtpUrl;
  readonly publicUrl: string | null;
  readonly operator: string | null;
  readonly quotas: Quotas;
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null;
  readonly hostName: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: RelayLog;
}

/** A running service. */
export interface Relay {
  readonly port: number;
  readonly url: string;
  readonly practising: boolean;
  /** Answers what is under way, writes down what was sent, and closes; within ten seconds. */
  stop(): Promise<void>;
}

/** A signature may be five minutes old or five minutes early. */
const NONCES_KEPT_MS = 10 * 60_000;
const STOP_WITHIN_MS = 10_000;
/** How many mails of the practice mailbox are kept: enough to try everything out. */
const PRACTICE_KEPT = 1000;

/**
 * The composition root of the Web Service. Rejects with Node's own code where the address cannot be listened on
 * (EADDRINUSE, EACCES).
 */
export async function startRelay(options: RelayOptions): Promise<Result<Relay>> {
  const { dataDir, clock, random, log, from, quotas } = options;
  const lock = lockRelayDataDir(dataDir);
  if (!lock.ok) return lock;
  const opened = openRelayStore(dataDir.databasePath, random);
  if (!opened.ok) {
    lock.value.release();
    return opened;
  }
  const { relayStore: store, outbox } = opened.value;
  const metrics = createMetrics();
  const operatorMail = createOperatorMail({ operator: options.operator, from, random });
  const links = createUnsubscribeLinks(options.publicUrl, await store.secret());
  const practice = createPracticeMailbox({ folder: dataDir.practiceDir, keep: PRACTICE_KEPT, clock });
  const delivery = await startDelivery({ ...options, practice, outbox, store, links, metrics });
  const batch = createAcceptBatch({ store, quotas, clock, onAccepted: () => delivery.wake() });
  const handlers = createHandlers({
    store,
    batch,
    operatorMail,
    clock,
    random,
    from,
    quotas,
    ready: () => delivery.ready(),
    onNotice: () => delivery.wake(),
  });
  const app = await createRelayApp({
    handlers,
    arriving: () => batch.arriving(),
    authenticate: createAuthenticate({ store, nonces: createNonces(NONCES_KEPT_MS), clock }),
    store,
    links,
    metrics,
    log,
    clock,
    publicUrl: options.publicUrl,
    outletReady: () => delivery.ready(),
    tls: options.tls,
  });

  const close = async () => {
    await app.close();
    await batch.drain();
    await delivery.stop();
    await store.close();
    lock.value.release();
  };
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    await close();
    throw error;
  }
  await store.forgiveSilence(clock.now());
  const stopWatch = startWatch({
    store,
    operatorMail,
    clock,
    onReported: () => delivery.wake(),
    onFault: (error) => log.fault(error),
  });

  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    ok: true,
    value: {
      port,
      url: `${options.tls === null ? 'http' : 'https'}://${host}:${port}`,
      practising: options.smtp.kind === 'practice',
      async stop() {
        stopWatch();
        await Promise.race([close(), sleep(clock, STOP_WITHIN_MS)]);
      },
    },
  };
}
