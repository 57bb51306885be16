import type { AgentStatus, AlertStatus } from '../../shared/model/status.ts';
import { mailPath } from './mail-path.ts';

/** One drawing each, readable at 16 px (LOOK.md, "Tray"). */
export const TRAY_SHAPES = ['all-right', 'warning', 'critical', 'paused', 'mail-path-dead'] as const;
export type TrayShape = (typeof TRAY_SHAPES)[number];

export interface TrayState {
  readonly shape: TrayShape;
  /** At most 127 characters: more is cut off by Windows (NOTIFYICONDATA.szTip). */
  readonly tooltip: string;
}

const TOOLTIP_MAX = 127;

/**
 * What the tray shows. A pause is shown before all else, for somebody chose it and may have forgotten; a critical alert
 * before a dead mail path, which the tooltip tells as well.
 */
export function trayState(status: AgentStatus | null): TrayState {
  if (status === null) return { shape: 'mail-path-dead', tooltip: 'Tocsin is not answering' };
  const path = mailPath(status);
  const firing = firingAlerts(status);
  const how = path.isDead ? `mail does not leave: ${path.sentence}` : lowerFirst(path.sentence);
  const tooltip = cut(`Tocsin: ${stateWords(status, firing.length)}, ${how}`);
  return { shape: shapeOf(status, firing, path.isDead), tooltip };
}

function shapeOf(status: AgentStatus, firing: readonly AlertStatus[], pathIsDead: boolean): TrayShape {
  if (status.pausedUntil !== null) return 'paused';
  if (firing.some((alert) => alert.severity === 'critical')) return 'critical';
  if (pathIsDead) return 'mail-path-dead';
  return firing.length > 0 || status.troubles.length > 0 ? 'warning' : 'all-right';
}

/** Those that fire now, the worst first and the oldest first among equals. */
export function firingAlerts(status: AgentStatus): AlertStatus[] {
  const rank = { critical: 0, warning: 1, info: 2 };
  return status.alerts
    .filter((alert) => alert.enabled && alert.phase === 'firing')
    .toSorted((a, b) => rank[a.severity] - rank[b.severity] || (a.since ?? 0) - (b.since ?? 0));
}

/** "2 alerts", "paused", "nothing is wrong". */
export function stateWords(status: AgentStatus, firing: number): string {
  if (status.pausedUntil !== null) return 'paused';
  if (firing === 0) return status.troubles.length > 0 ? 'look at the window' : 'nothing is wrong';
  return firing === 1 ? '1 alert' : `${firing} alerts`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function cut(text: string): string {
  return text.length <= TOOLTIP_MAX ? text : `${text.slice(0, TOOLTIP_MAX - 1)}…`;
}
