import type { EnrolReply, RelayReply, TestReport } from '../../../../shared/contract/ipc.ts';
import type { Attempt } from '../../../../shared/model/delivery.ts';
import type { Message } from '../../../../shared/model/message.ts';
import type { RelayStatus, RouteStatus } from '../../../../shared/model/status.ts';
import type { RouteState } from '../../../../mail/dispatcher.ts';
import type { SecretStore } from '../../settings/secret-store.ts';
import type { SettingsStore } from '../../settings/settings-store.ts';
import {
  type Enrolment,
  type EnrolmentRead,
  privateKeyOf,
  readEnrolment,
  serviceUrl,
  writeEnrolment,
} from './enrolment.ts';
import type { EnrolRequest } from './enrol.ts';
import type { InstallationFacts, RelaySession, SessionOptions } from './session.ts';
import {
  type RelayObstacle,
  relayObstacle,
  relayReply,
  relayRouteStatus,
  relayStatus,
} from './relay-status.ts';
import { subscriptionState } from './subscription.ts';

export interface RelayLinkOptions
  extends Pick<
    SessionOptions,
    'store' | 'clock' | 'random' | 'vitals' | 'onAvailable' | 'onFailedLater' | 'onFault' | 'limits'
  > {
  readonly relayPath: string;
  readonly secrets: SecretStore;
  readonly settings: Pick<SettingsStore, 'current'>;
  /** Told what is known of the subscription, whenever the service was asked, and at the start. */
  readonly onSubscription: (enrolment: Enrolment) => void;
}

/** The installation's side of the Web Service: nothing but a look at a small file until this computer is enrolled. */
export interface RelayLink {
  /** The way out for mail that goes through the service. */
  route(): RouteState;
  status(): RelayStatus | null;
  routeStatus(): RouteStatus[];
  get(): RelayReply;
  /** Whether mail can be handed to the service, as far as is known here. */
  isUsable(): boolean;
  enrol(request: EnrolRequest): Promise<EnrolReply>;
  test(message: Message): Promise<TestReport>;
  /** Attempts were recorded. */
  recorded(attempts: readonly Attempt[]): void;
  /** The settings were replaced, or the computer woke up: the service is tried at once. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

export async function createRelayLink(options: RelayLinkOptions): Promise<RelayLink> {
  const { clock, settings, relayPath, secrets } = options;
  let read: EnrolmentRead = readEnrolment(relayPath);
  let session: RelaySession | null = null;
  let sessionUrl: string | null = null;
  /** One change at a time. */
  let changes: Promise<unknown> = Promise.resolve();

  const enrolment = () => (read.kind === 'enrolled' ? read.enrolment : null);
  /** By the service's clock, once it is known: that is the one that counts. */
  const now = () => clock.now() + (session?.clockOffsetMs() ?? 0);

  const keep = (changed: Enrolment) => {
    const before = enrolment();
    if (before === null || before.keyId !== changed.keyId) return;
    const wasExpired = subscriptionState(before.expiresAt, now()) === 'expired';
    read = { kind: 'enrolled', enrolment: changed };
    try {
      writeEnrolment(relayPath, changed);
    } catch (error) {
      // What the disk does not take is known until the next start, and asked for again then.
      options.onFault(error);
    }
    options.onSubscription(changed);
    if (wasExpired && subscriptionState(changed.expiresAt, now()) !== 'expired') {
      session?.outlet.reset();
      options.onAvailable();
    }
  };
  const onFacts = (facts: InstallationFacts) => {
    const before = enrolment();
    if (before !== null) keep({ ...before, ...facts });
  };
  const onExpired = (expiresAt: number) => {
    const before = enrolment();
    if (before !== null && before.expiresAt !== expiresAt) keep({ ...before, expiresAt });
  };

  const open = async () => {
    const current = enrolment();
    if (current === null) return;
    const privateKey = privateKeyOf(secrets, current);
    if (privateKey === null) {
      session = null;
      return;
    }
    const { startRelaySession } = await import('./session.ts');
    sessionUrl = serviceUrl(current, settings.current());
    options.onSubscription(current);
    session = startRelaySession({
      ...options,
      enrolment: current,
      url: sessionUrl,
      privateKey,
      onFacts,
      onExpired,
    });
  };
  const reopen = async () => {
    // The old one stands until the new one does: in between, nobody should be told that there is none.
    const before = session;
    await open();
    await before?.close();
  };
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const change = changes.then(work);
    changes = change.catch(() => {});
    return change;
  };

  await open();

  const obstacle = (): RelayObstacle | null =>
    relayObstacle(read, relayPath, now()) ?? (session === null ? KEY_UNREADABLE : null);

  const sources = () => ({
    read,
    settings: settings.current(),
    now: now(),
    clockOffsetMs: session?.clockOffsetMs() ?? null,
    health: session?.outlet.health()[0] ?? null,
    obstacle: obstacle(),
  });

  return {
    route() {
      const against = obstacle();
      if (against === null && session !== null) return { outlet: session.outlet };
      const { code, reason } = against ?? KEY_UNREADABLE;
      return {
        outlet: null,
        route: 'relay',
        code,
        reason: `SMTP override: ${reason}; it is kept`,
        obstacle: reason,
      };
    },
    status: () => relayStatus(sources()),
    routeStatus: () => relayRouteStatus(sources()),
    get: () => relayReply(sources()),
    isUsable: () => obstacle() === null,
    enrol: (request) =>
      inTurn(async () => {
        const { enrol } = await import('./enrol.ts');
        const reply = await enrol(request, options);
        if (reply.outcome !== 'enrolled') return reply;
        read = readEnrolment(relayPath);
        await reopen();
        options.onAvailable();
        return reply;
      }),
    async test(message) {
      const { testRelay } = await import('./test-relay.ts');
      return testRelay(message, { ...options, settings: settings.current() });
    },
    recorded(attempts) {
      if (attempts.some(({ route, stage }) => route === 'relay' && stage === 'accepted')) session?.recorded();
    },
    refresh: () =>
      inTurn(async () => {
        const current = enrolment();
        if (current !== null && serviceUrl(current, settings.current()) !== sessionUrl) return reopen();
        session?.outlet.reset();
        // Its answer is not waited for: who changes settings has no part in how a far service fares.
        void session?.refresh().catch(options.onFault);
      }),
    close: () =>
      inTurn(async () => {
        await session?.close();
      }),
  };
}

const KEY_UNREADABLE: RelayObstacle = {
  code: 'secret_unavailable',
  reason: 'the key of this computer for the Tocsin Web Service cannot be read; enrol it again',
};
