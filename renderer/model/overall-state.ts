import {
  type AgentStatus,
  type AlertStatus,
  checksAreLate,
  type RouteStatus,
} from '../../shared/model/status.ts';
import type { State } from './state.ts';

/** The one-second answer: is everything all right, and would I hear if it were not? */
export interface Overall {
  readonly state: State;
  /** Two or three words, for the navigation and the tray. */
  readonly word: string;
  /** What wants attention, the worst first; never empty. */
  readonly findings: readonly Finding[];
}

/** One thing that wants attention. */
export interface Finding {
  readonly state: State;
  readonly word: string;
  readonly sentence: string;
  /** The overview has a notice of its own for it, with what can be done. */
  readonly hasNotice?: true;
}

/** What wants attention most comes first, and gives the state and its word. */
export function overallState(status: AgentStatus | null, isConnected: boolean, now: number): Overall {
  if (!isConnected) {
    return overall([
      {
        state: 'unknown',
        word: 'Not answering',
        sentence:
          status === null
            ? 'Tocsin has not answered yet.'
            : 'What stands here is as it was when Tocsin last answered.',
      },
    ]);
  }
  if (status === null)
    return overall([{ state: 'unknown', word: 'Loading', sentence: 'Tocsin is being asked.' }]);
  const findings = [
    ...alertFindings(status),
    ...pathFindings(status),
    ...checkFindings(status, now),
    ...quietFindings(status),
    ...troubleFindings(status),
  ];
  return overall(findings);
}

const ALL_RIGHT: Finding = { state: 'ok', word: 'All right', sentence: 'Nothing is wrong.' };

function overall(findings: readonly Finding[]): Overall {
  const sorted = findings.toSorted((a, b) => RANK[a.state] - RANK[b.state]);
  const { state, word } = sorted[0] ?? ALL_RIGHT;
  return { state, word, findings: sorted.length > 0 ? sorted : [ALL_RIGHT] };
}

const RANK: Readonly<Record<State, number>> = { critical: 0, warning: 1, paused: 2, unknown: 3, ok: 4 };

/** Alerts that fire now, the worst first. */
export function firingAlerts(status: AgentStatus): readonly AlertStatus[] {
  const rank = { critical: 0, warning: 1, info: 2 } as const;
  return status.alerts
    .filter((alert) => alert.enabled && alert.phase === 'firing')
    .toSorted((a, b) => rank[a.severity] - rank[b.severity] || (a.since ?? 0) - (b.since ?? 0));
}

/** How a mail server or the Web Service fares, with the word for it. */
export function routeState(route: RouteStatus): { readonly state: State; readonly word: string } {
  switch (route.state) {
    case 'ok':
      return { state: 'ok', word: 'All right' };
    case 'unused':
      return { state: 'unknown', word: 'Not used yet' };
    case 'down':
      return { state: 'critical', word: 'Down' };
    case 'paused':
      return { state: 'critical', word: 'Login refused' };
    case 'not-set-up':
      return { state: 'warning', word: 'Not set up' };
  }
}

function alertFindings(status: AgentStatus): Finding[] {
  const firing = firingAlerts(status);
  const open = firing.filter((alert) => alert.acknowledgedAt === null);
  const [worst] = open.length > 0 ? open : firing;
  if (worst === undefined) return [];
  const names =
    firing.length === 1 ? `“${worst.name}” fires.` : `${firing.length} alerts fire, first “${worst.name}”.`;
  return [
    {
      state: open.length > 0 && worst.severity === 'critical' ? 'critical' : 'warning',
      word: firing.length === 1 ? '1 alert' : `${firing.length} alerts`,
      sentence: open.length > 0 ? names : `${names} All of them have been acknowledged.`,
    },
  ];
}

function pathFindings(status: AgentStatus): Finding[] {
  const smtp = status.routes.filter((route) => route.route === 'smtp');
  const dead = smtp.filter((route) => routeState(route).state === 'critical');
  const found: Finding[] = [];
  if (status.routes.some((route) => route.route === 'practice')) {
    found.push({
      state: 'warning',
      word: 'No mail server',
      sentence: 'No mail server is set: nobody would hear of an alert.',
      hasNotice: true,
    });
  } else if (dead.length > 0 && dead.length === smtp.length) {
    found.push({
      state: 'critical',
      word: 'Mail path down',
      sentence:
        'No mail server takes mail now. Tocsin keeps what is to be sent and tries again for five days.',
    });
  } else if (dead.length > 0) {
    const names = dead.map((route) => route.server?.host ?? 'a mail server').join(', ');
    found.push({
      state: 'warning',
      word: 'A server is down',
      sentence: `${names} takes no mail now; another server stands in.`,
    });
  }
  if (status.outbox.failed24h > 0) {
    const some =
      status.outbox.failed24h === 1 ? '1 recipient was' : `${status.outbox.failed24h} recipients were`;
    found.push({
      state: 'warning',
      word: 'Mail failed',
      sentence: `${some} not reached in the last 24 hours; the delivery log says why.`,
    });
  }
  return found;
}

function checkFindings(status: AgentStatus, now: number): Finding[] {
  if (!status.running) {
    return [
      {
        state: 'critical',
        word: 'Not running',
        sentence: 'Tocsin does not run, so nothing is watched and no mail leaves.',
      },
    ];
  }
  if (checksAreLate(status, now)) {
    return [
      {
        state: 'critical',
        word: 'Checks fail',
        sentence: 'Tocsin runs, and its checks do not come round. Its log says why.',
      },
    ];
  }
  const blind = status.alerts.filter(
    // What fires has been measured: where a file is missing, nobody asks for its age.
    (alert) =>
      alert.enabled &&
      alert.phase !== 'firing' &&
      alert.conditions.some((condition) => condition.verdict === 'unknown'),
  );
  const [first] = blind;
  if (first === undefined || status.lastCheckAt === null) return [];
  return [
    {
      state: 'unknown',
      word: 'Not all measured',
      sentence:
        blind.length === 1
          ? `Not everything that “${first.name}” watches can be measured.`
          : `Not everything that ${blind.length} alerts watch can be measured.`,
    },
  ];
}

function quietFindings(status: AgentStatus): Finding[] {
  if (status.pausedUntil !== null)
    return [{ state: 'paused', word: 'Paused', sentence: 'Monitoring is paused.', hasNotice: true }];
  if (status.maintenance !== null) {
    return [
      {
        state: 'paused',
        word: 'Maintenance',
        sentence: `The maintenance window “${status.maintenance.name}” is open: nobody is told of alerts until it closes.`,
        hasNotice: true,
      },
    ];
  }
  return [];
}

function troubleFindings(status: AgentStatus): Finding[] {
  const [first] = status.troubles;
  return first === undefined
    ? []
    : [
        {
          state: 'warning',
          word: 'Trouble',
          sentence: 'Something happened to Tocsin itself; it stands below.',
          hasNotice: true,
        },
      ];
}
