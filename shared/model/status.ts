import type { ErrorCode } from '../errors.ts';
import type { AlertPhase, Severity } from './alert.ts';
import type { ServerName } from './delivery.ts';
import type { MetricName } from './metrics.ts';
import type { Reading } from './sample.ts';

/** One condition as a check found it: what was measured, the limit, and what follows. */
export interface ConditionStatus {
  readonly metric: MetricName;
  readonly target: string | null;
  readonly reading: Reading;
  /** When it was measured; null where it has not been. */
  readonly measuredAt: number | null;
  /** The limit in words, with the hold time: "above 90 % for 5 min". */
  readonly limit: string;
  readonly verdict: 'clear' | 'met' | 'holding' | 'unknown';
}

export interface AlertStatus {
  readonly name: string;
  readonly enabled: boolean;
  readonly severity: Severity;
  readonly phase: AlertPhase;
  readonly since: number | null;
  readonly acknowledgedAt: number | null;
  readonly snoozedUntil: number | null;
  /** When it began to fire last, also after that is over; null where it never did. */
  readonly lastFiredAt: number | null;
  /** It comes and goes so often that its changes are counted instead of mailed. */
  readonly flapping: boolean;
  readonly conditions: readonly ConditionStatus[];
}

/** A way out and how it fares. */
export interface RouteStatus {
  readonly route: 'smtp' | 'practice' | 'relay';
  readonly server: ServerName | null;
  readonly state: 'unused' | 'ok' | 'down' | 'paused' | 'not-set-up';
  readonly since: number | null;
  readonly code: ErrorCode | null;
  /** What that means and what to do, in words; null where all is well. */
  readonly detail: string | null;
  readonly nextProbeAt: number | null;
  readonly lastAcceptedAt: number | null;
  readonly lastDurationMs: number | null;
}

export type SubscriptionState = 'valid' | 'ends-soon' | 'expired' | 'unknown';

/** How this computer stands with the Tocsin Web Service. */
export interface RelayStatus {
  readonly enrolled: boolean;
  readonly url: string | null;
  /** The From of mail that goes through it. */
  readonly from: string | null;
  /** `ends-soon`: within 30 days. Wall-clock milliseconds; null: no end. */
  readonly subscription: { readonly state: SubscriptionState; readonly expiresAt: number | null };
  /** How far the service's clock is ahead of this computer's; null while nobody knows. */
  readonly clockOffsetMs: number | null;
}

export interface OutboxStatus {
  /** Recipients still waiting, and those settled in the last 24 hours. */
  readonly waiting: number;
  readonly oldestWaitingAt: number | null;
  readonly accepted24h: number;
  readonly failed24h: number;
}

/** What is decided and waits to be joined into the next mail, or for room in an address' hour. */
export interface HeldStatus {
  /** Alerts that have something to tell, each counted once. */
  readonly alerts: number;
  /** When the first of them leaves; null where no agent runs, for then nothing does. */
  readonly nextAt: number | null;
}

/** The mailbox that is read for returned mail, and what the last mail to it has shown (row B2). */
export interface MailboxStatus {
  readonly server: ServerName;
  readonly user: string;
  readonly state: 'unused' | 'ok' | 'failed';
  /** When it was tried last; null where it has not been. */
  readonly checkedAt: number | null;
  readonly code: ErrorCode | null;
  /** What is wrong and what to do, in words; null where all is well. */
  readonly detail: string | null;
  readonly proof: ProofOfArrival | null;
}

/** A mail of Tocsin's own to the mailbox: proof that mail from this computer arrives. */
export interface ProofOfArrival {
  readonly state: 'on-its-way' | 'arrived' | 'lost';
  readonly sentAt: number;
  /** When the mailbox's server had it; null where it has not arrived. */
  readonly arrivedAt: number | null;
}

/** Something that happened to Tocsin itself: damage found, a disk that takes nothing more. */
export interface TroubleStatus {
  /** What it is acknowledged by. */
  readonly name: string;
  readonly since: number;
  /** What happened and what to do, in words. */
  readonly text: string;
}

/** The agent as a whole, at one moment. Holds no secret. */
export interface AgentStatus {
  readonly version: string;
  readonly running: boolean;
  readonly pid: number | null;
  readonly dataDir: string;
  readonly installation: string;
  readonly organisation: string | null;
  readonly startedAt: number | null;
  readonly lastCheckAt: number | null;
  readonly intervalSeconds: number;
  /** Null: monitoring is on. 'forever' until somebody resumes it, or the time it resumes by itself. */
  readonly pausedUntil: number | 'forever' | null;
  /** The maintenance window that is open: nobody is told of alerts until it closes. */
  readonly maintenance: { readonly name: string; readonly until: number } | null;
  /** What happened to Tocsin itself and was not acknowledged, of the last seven days. */
  readonly troubles: readonly TroubleStatus[];
  readonly alerts: readonly AlertStatus[];
  readonly routes: readonly RouteStatus[];
  /** Null where no Web Service is set and nothing asks for one. */
  readonly relay: RelayStatus | null;
  readonly outbox: OutboxStatus;
  /** Null where nothing is held. */
  readonly held: HeldStatus | null;
  /** Null where none is set. */
  readonly mailbox: MailboxStatus | null;
  /** Reports and when they fall due next. */
  readonly reports: readonly { readonly name: string; readonly nextAt: number | null }[];
  readonly secretsProtection: string;
}

/** One alert as a single look at the computer finds it, apart from what is remembered of earlier checks. */
export interface AlertCheck {
  readonly name: string;
  readonly enabled: boolean;
  readonly severity: Severity;
  /** `pending`: would fire once it has held for its hold time. `unknown`: nothing holds, and something is unknown. */
  readonly verdict: 'fires' | 'pending' | 'ok' | 'unknown';
  readonly conditions: readonly ConditionStatus[];
}

/** The answer of "check": everything measured once, nothing sent. */
export interface CheckReport {
  readonly checkedAt: number;
  readonly alerts: readonly AlertCheck[];
}

/** Whether an agent that runs has not come round to a check for longer than its interval explains. */
export function checksAreLate(status: AgentStatus, now: number): boolean {
  if (!status.running || status.pausedUntil !== null) return false;
  const last = status.lastCheckAt ?? status.startedAt ?? now;
  return now - last > 3000 * status.intervalSeconds + 10_000;
}
