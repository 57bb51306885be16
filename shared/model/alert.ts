/** How bad it is. Always said in a word, never by colour alone. */
export type Severity = 'info' | 'warning' | 'critical';

export const SEVERITIES = ['info', 'warning', 'critical'] as const satisfies readonly Severity[];

/** Whether one condition is met now: `holding` once it was met for its whole hold time. */
export type ConditionPhase = 'clear' | 'met' | 'holding';

/** What is remembered about one condition between two checks. */
export interface ConditionState {
  readonly phase: ConditionPhase;
  /** For how long it has been met, counted in checked time: sleep and clock jumps add nothing. */
  readonly heldMs: number;
  /** Wall-clock time at which it was first met; null while clear. */
  readonly metSince: number | null;
  /** For how long it could not be measured, counted like `heldMs`; 0 while it can. */
  readonly unknownMs: number;
  /** Whether the administrator has been told that it cannot be measured. */
  readonly unknownTold: boolean;
}

export type AlertPhase = 'ok' | 'pending' | 'firing';

/** What is remembered about one alert between two checks, and kept over restarts. */
export interface AlertState {
  readonly phase: AlertPhase;
  /** Wall-clock time at which this phase began. */
  readonly since: number;
  /** Names the incident from its firing to its end; null while nothing fires. One that flaps is one incident. */
  readonly incidentId: string | null;
  /** Message-ID of the incident's first mail, to which the later ones refer (B15); null while none was made. */
  readonly rootMessageId: string | null;
  /** When a mail about this incident was last decided; null while none was. */
  readonly lastNotifiedAt: number | null;
  /** Mails about this incident so far. */
  readonly notifications: number;
  /** Set by "acknowledge": no repeats for this incident. */
  readonly acknowledgedAt: number | null;
  /** Set by "snooze": no mail before this time. */
  readonly snoozedUntil: number | null;
  /** By position, as the alert's conditions. */
  readonly conditions: readonly ConditionState[];
  /** Wall-clock time at which the latest incident began, also after it has ended; null where none is known. */
  readonly lastFiredAt: number | null;
  /** Wall-clock time of the last check. */
  readonly checkedAt: number;
  /** Changes between firing and not firing within the last checks, oldest first. */
  readonly changes: readonly StateChange[];
  /** Wall-clock time of the first change of a flapping alert; null while it does not flap. */
  readonly flappingSince: number | null;
  /** Whether people have been told that it flaps. */
  readonly flappingTold: boolean;
}

/** One change between firing and not firing. */
export interface StateChange {
  /** Wall-clock time. */
  readonly at: number;
  /** Checks since; 0 for the last one. */
  readonly checksAgo: number;
}
