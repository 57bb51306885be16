import type { KeyObject } from 'node:crypto';
import {
  heartbeatReply,
  type HeartbeatRequest,
  installationReply,
} from '../../../../shared/contract/relay-api.ts';
import type { CancelTimer, Clock, Random } from '../../../../shared/model/clock.ts';
import type { FinalFailure } from '../../../../mail/outbox.ts';
import type { Store } from '../../../../mail/store.ts';
import { isDiskFailure } from '../../../../mail/store-failure.ts';
import type { RelayAnswer } from './answer.ts';
import { createRelayClient } from './client.ts';
import type { Enrolment } from './enrolment.ts';
import { earlierAcceptances, startFollowUp } from './follow-up.ts';
import type { ExchangeLimits } from './http-exchange.ts';
import { createRelayOutlet, type RelayOutlet } from './relay-outlet.ts';

/** What the service has said of this installation. */
export type InstallationFacts = Pick<Enrolment, 'from' | 'replyTo' | 'expiresAt' | 'checkedAt'>;

export type Vitals = Omit<HeartbeatRequest, 'expectEverySeconds'>;

export interface SessionOptions {
  readonly enrolment: Enrolment;
  readonly url: string;
  readonly privateKey: KeyObject;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  /** How this computer fares, for its signs of life. */
  readonly vitals: () => Vitals;
  readonly onAvailable: () => void;
  readonly onFacts: (facts: InstallationFacts) => void;
  /** The service said that the subscription has ended. */
  readonly onExpired: (expiresAt: number) => void;
  readonly onFailedLater: (failures: readonly FinalFailure[]) => void;
  readonly onFault: (error: unknown) => void;
  readonly limits?: ExchangeLimits;
}

/** Everything that talks with a Web Service while this computer is enrolled. Loaded only then. */
export interface RelaySession {
  readonly outlet: RelayOutlet;
  readonly label: string;
  clockOffsetMs(): number | null;
  /** Signs of life that were not answered, since the last that was. */
  missedHeartbeats(): number;
  /** Asks the service anew what it knows of this installation. */
  refresh(): Promise<void>;
  /** Acceptances were recorded. */
  recorded(): void;
  close(): Promise<void>;
}

const FACTS_EVERY_MS = 6 * 3_600_000;
/** While the subscription has ended, or nothing was heard yet: somebody is about to extend it, or the network to come. */
const FACTS_SOON_MS = 5 * 60_000;
/** DEFAULTS: a sign of life every 60 s. */
const HEARTBEAT_EVERY_MS = 60_000;

export function startRelaySession(options: SessionOptions): RelaySession {
  const { clock, random, store, enrolment } = options;
  const key = { keyId: enrolment.keyId, privateKey: options.privateKey };
  const { limits } = options;
  const client = createRelayClient({
    url: options.url,
    ca: enrolment.ca,
    key,
    clock,
    random,
    ...(limits && { limits }),
  });
  const take = (answer: RelayAnswer) => {
    if (answer.kind !== 'refused' || answer.refusal !== 'subscription_expired') return;
    options.onExpired(answer.expiresAt ?? clock.now());
  };
  const outlet = createRelayOutlet({
    client,
    clock,
    earlier: (messageId) => {
      try {
        return earlierAcceptances(store, messageId);
      } catch (error) {
        // On a disk that fails nothing of before can be read; what is sent from memory is new.
        if (!isDiskFailure(error)) options.onFault(error);
        return [];
      }
    },
    onAvailable: options.onAvailable,
    onAnswer: take,
  });
  const followUp = startFollowUp({
    store,
    client,
    clock,
    onAnswer: (answer) => outlet.note(answer),
    onFailures: options.onFailedLater,
    onFault: options.onFault,
  });
  let stopped = false;
  let missed = 0;
  let expiresAt = enrolment.expiresAt;

  /** True where the service has answered. */
  const refresh = async (): Promise<boolean> => {
    const beganAt = clock.now();
    const answer = await client.call({ method: 'GET', path: '/v1/installation' });
    if (stopped) return false;
    outlet.note(answer);
    const parsed = answer.kind === 'ok' ? installationReply.safeParse(answer.body) : null;
    if (!parsed?.success) return false;
    const { from, replyTo, subscription, serverTime } = parsed.data;
    client.noteServerTime(Date.parse(serverTime), beganAt);
    expiresAt = subscription.expiresAt === null ? null : Date.parse(subscription.expiresAt);
    options.onFacts({ from, replyTo, expiresAt, checkedAt: clock.now() });
    return true;
  };

  const beat = async (): Promise<void> => {
    const beganAt = clock.now();
    const body = Buffer.from(JSON.stringify(options.vitals()));
    const answer = await client.call({ method: 'POST', path: '/v1/heartbeats', body });
    if (stopped) return;
    outlet.note(answer);
    missed = answer.kind === 'ok' ? 0 : missed + 1;
    const parsed = answer.kind === 'ok' ? heartbeatReply.safeParse(answer.body) : null;
    if (parsed?.success) client.noteServerTime(Date.parse(parsed.data.serverTime), beganAt);
  };

  const cancels = new Map<string, CancelTimer>();
  /** Runs `work` now and again after the time it gives; a fault is told and does not end it. */
  const repeat = (name: string, work: () => Promise<number>) => {
    const turn = () => {
      if (stopped) return;
      work()
        .catch((error: unknown) => {
          options.onFault(error);
          return FACTS_SOON_MS;
        })
        .then((waitMs) => {
          if (!stopped) cancels.set(name, clock.after(waitMs, turn));
        }, options.onFault);
    };
    turn();
  };
  const hasEnded = () => expiresAt !== null && expiresAt <= clock.now() + (client.clockOffsetMs() ?? 0);
  repeat('installation', async () => ((await refresh()) && !hasEnded() ? FACTS_EVERY_MS : FACTS_SOON_MS));
  repeat('heartbeat', async () => {
    await beat();
    return HEARTBEAT_EVERY_MS;
  });

  return {
    outlet,
    label: client.label,
    clockOffsetMs: () => client.clockOffsetMs(),
    missedHeartbeats: () => missed,
    refresh: async () => void (await refresh()),
    recorded: () => followUp.look(),
    async close() {
      stopped = true;
      for (const cancel of cancels.values()) cancel();
      followUp.stop();
      await outlet.close();
    },
  };
}
