import type { RelayReply } from '../../../../shared/contract/ipc.ts';
import type { Settings } from '../../../../shared/contract/settings.ts';
import { type ErrorCode, ERRORS } from '../../../../shared/errors.ts';
import { formatDuration } from '../../../../shared/format.ts';
import type { RelayStatus, RouteStatus } from '../../../../shared/model/status.ts';
import type { ServerHealth } from '../../../../mail/outlet.ts';
import { type EnrolmentRead, hostOfUrl, serviceUrl } from './enrolment.ts';
import { subscriptionState } from './subscription.ts';

/** What the status of the Web Service is put together from. Health and clock are null while no agent runs. */
export interface RelaySources {
  readonly read: EnrolmentRead;
  readonly settings: Settings;
  readonly now: number;
  readonly clockOffsetMs: number | null;
  readonly health: ServerHealth | null;
  readonly obstacle: RelayObstacle | null;
}

/** Why nothing can be handed to the service. */
export interface RelayObstacle {
  readonly code: ErrorCode;
  readonly reason: string;
}

/** What stands against using the service, from what is kept of it; null where it can be tried. */
export function relayObstacle(read: EnrolmentRead, relayPath: string, now: number): RelayObstacle | null {
  if (read.kind === 'none') return { code: 'relay_unreachable', reason: NOT_ENROLLED };
  if (read.kind === 'damaged') {
    return { code: 'relay_unreachable', reason: `${relayPath} cannot be read; enrol this computer again` };
  }
  const { expiresAt, url } = read.enrolment;
  if (expiresAt === null || subscriptionState(expiresAt, now) !== 'expired') return null;
  return {
    code: 'relay_refused_subscription_expired',
    reason: `the subscription to the Tocsin Web Service ${hostOfUrl(url)} ended on ${new Date(expiresAt).toISOString()}`,
  };
}

const NOT_ENROLLED = 'this computer is not enrolled with a Tocsin Web Service';

/** A clock that is off by less is not worth a word: mails bear its time, and people read minutes. */
const CLOCK_OFF_MS = 60_000;

/** How this computer stands with the Web Service; null where none is set and nothing asks for one. */
export function relayStatus(sources: RelaySources): RelayStatus | null {
  const { read, settings, clockOffsetMs } = sources;
  if (read.kind === 'none' && !isWanted(settings)) return null;
  const { enrolled, url, from, subscription } = relayReply(sources);
  return { enrolled, url, from, subscription, clockOffsetMs };
}

/** The same as the page asks for it. */
export function relayReply({ read, settings, now }: RelaySources): RelayReply {
  if (read.kind !== 'enrolled') {
    return {
      enrolled: false,
      url: settings.relay?.url ?? null,
      from: null,
      replyTo: null,
      subscription: { state: 'unknown', expiresAt: null },
      checkedAt: null,
    };
  }
  const { from, replyTo, expiresAt, checkedAt } = read.enrolment;
  return {
    enrolled: true,
    url: serviceUrl(read.enrolment, settings),
    from,
    replyTo,
    subscription: { state: subscriptionState(expiresAt, now), expiresAt },
    checkedAt,
  };
}

/** The Web Service as a way out; empty where none is set and nothing asks for one. */
export function relayRouteStatus(sources: RelaySources): RouteStatus[] {
  const { read, settings, health, obstacle, clockOffsetMs } = sources;
  if (read.kind === 'none' && !isWanted(settings)) return [];
  const base = {
    route: 'relay',
    server: health?.server ?? null,
    since: health?.since ?? null,
    nextProbeAt: health?.nextProbeAt ?? null,
    lastAcceptedAt: health?.lastAcceptedAt ?? null,
    lastDurationMs: health?.lastDurationMs ?? null,
  } as const;
  if (read.kind !== 'enrolled') {
    const detail = `${capitalised(obstacle?.reason ?? NOT_ENROLLED)}; what goes through it is kept.`;
    return [{ ...base, state: 'not-set-up', code: 'relay_unreachable', detail }];
  }
  if (obstacle !== null) {
    const detail = `${capitalised(obstacle.reason)}. ${ERRORS[obstacle.code].mend}`;
    return [{ ...base, state: 'paused', code: obstacle.code, detail }];
  }
  const state = health?.state ?? 'unused';
  const code = health?.code ?? null;
  const said = code === null ? null : `${asSentence(health?.reply ?? '')} ${ERRORS[code].mend}`.trimStart();
  return [{ ...base, state, code, detail: said ?? clockWords(clockOffsetMs) }];
}

/** Whether anything in the settings asks for a Web Service. */
function isWanted(settings: Settings): boolean {
  return (
    settings.relay !== null ||
    [...settings.alerts, ...settings.reports].some((entry) => entry.emailProperties.smtpOverride)
  );
}

function clockWords(offsetMs: number | null): string | null {
  if (offsetMs === null || Math.abs(offsetMs) < CLOCK_OFF_MS) return null;
  const way = offsetMs > 0 ? 'behind' : 'ahead of';
  return `The clock of this computer is ${formatDuration(Math.abs(offsetMs))} ${way} the service's. ${ERRORS.relay_refused_clock_skew.mend}`;
}

function asSentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${capitalised(text)}.`;
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
