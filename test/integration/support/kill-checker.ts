import type { LogEntry } from './agent-log.ts';
import type { Acceptance } from './smtp-sink-journal.ts';

/** An alert whose cause was made, and the one address that it goes to. */
export interface ExpectedAlert {
  readonly name: string;
  readonly recipient: string;
}

/** One kill, and what the data folder said right after it, before the next start. */
export interface Kill {
  readonly at: number;
  /** When the agent was started again; everything it had sent had reached the sink by then. */
  readonly restartedAt: number;
  /** Message-IDs that the log showed as accepted. */
  readonly accepted: ReadonlySet<string>;
}

/** What an outside observer saw of a run with kills. */
export interface KillEvidence {
  readonly alerts: readonly ExpectedAlert[];
  readonly kills: readonly Kill[];
  readonly acceptances: readonly Acceptance[];
  /** The delivery log at the end, after a last start that was left in peace. */
  readonly finalLog: readonly LogEntry[];
}

export interface KillVerdict {
  /** Alerts whose cause was there and that never arrived. */
  readonly lost: readonly string[];
  /** Copies beyond the first of a message. */
  readonly doubled: number;
  /** The most copies that one kill brought about. */
  readonly mostDoubledByOneKill: number;
  /** Everything that no kill explains, in words. */
  readonly unexplained: readonly string[];
}

/** The agent opens no more connections than this, and a kill can cut one reply on each. */
const MOST_CONNECTIONS = 5;

/**
 * Compares what arrived with what should have: every alert at least once, always under one Message-ID, a second copy
 * only where a kill fell between the first one and its entry in the log.
 */
export function checkKillRun(evidence: KillEvidence): KillVerdict {
  const { alerts, kills, acceptances, finalLog } = evidence;
  const arrived = groupBy(acceptances, ({ recipients }) => recipients.join(' '));
  const copies = groupBy(acceptances, ({ messageId }) => messageId ?? '');
  const doubledBy = new Map<Kill, number>();
  const unexplained: string[] = [];

  for (const [messageId, list] of copies) {
    if (messageId === '') unexplained.push(`${list.length} mails came without a Message-ID`);
    list.forEach((copy, index) => {
      const before = list[index - 1];
      if (before === undefined) return;
      const kill = kills.find((one) => explains(one, before, copy));
      if (kill !== undefined) doubledBy.set(kill, (doubledBy.get(kill) ?? 0) + 1);
      else unexplained.push(`${messageId} came again (number ${copy.number}) with no kill to explain it`);
    });
  }
  kills.forEach((kill, index) => {
    const known = new Set(acceptances.filter(({ at }) => at <= kill.restartedAt).map((one) => one.messageId));
    for (const messageId of kill.accepted) {
      if (!known.has(messageId))
        unexplained.push(`${messageId} stood as accepted after kill ${index + 1}, but had not arrived`);
    }
    const again = acceptances.filter(
      (one) => one.at > kill.restartedAt && kill.accepted.has(one.messageId ?? ''),
    );
    for (const { messageId } of again) {
      unexplained.push(`${messageId} stood as accepted after kill ${index + 1}, and was sent again`);
    }
  });
  const mostDoubledByOneKill = Math.max(0, ...doubledBy.values());
  if (mostDoubledByOneKill > MOST_CONNECTIONS) {
    unexplained.push(`one kill doubled ${mostDoubledByOneKill} mails, more than there are connections`);
  }
  unexplained.push(...identityFaults(alerts, arrived), ...logFaults(alerts, copies, finalLog));
  return {
    lost: alerts.filter(({ recipient }) => !arrived.has(recipient)).map(({ name }) => name),
    doubled: [...copies.values()].reduce((sum, list) => sum + list.length - 1, 0),
    mostDoubledByOneKill,
    unexplained,
  };
}

/** A kill explains a copy if it came between the two and the log did not have the first one as accepted then. */
function explains(kill: Kill, before: Acceptance, copy: Acceptance): boolean {
  return before.at <= kill.restartedAt && copy.at >= kill.at && !kill.accepted.has(copy.messageId ?? '');
}

/** Copies of a message that came again with no kill of the sender between them, in words. */
export function unexplainedCopies(
  acceptances: readonly Acceptance[],
  kills: readonly Pick<Kill, 'at' | 'restartedAt'>[],
): string[] {
  const copies = groupBy(acceptances, ({ messageId }) => messageId ?? '');
  return [...copies].flatMap(([messageId, list]) =>
    list.slice(1).flatMap((copy, index) => {
      const before = list[index];
      const isExplained = kills.some(
        (kill) => before !== undefined && before.at <= kill.restartedAt && copy.at >= kill.at,
      );
      return isExplained
        ? []
        : [`${messageId} came again (number ${copy.number}) with no kill to explain it`];
    }),
  );
}

/** An alert fires once: whatever came to its address has one Message-ID. */
function identityFaults(
  alerts: readonly ExpectedAlert[],
  arrived: ReadonlyMap<string, readonly Acceptance[]>,
): string[] {
  const known = new Set(alerts.map(({ recipient }) => recipient));
  const several = [...arrived].flatMap(([recipient, list]) => {
    const ids = new Set(list.map(({ messageId }) => messageId));
    return ids.size > 1 ? [`${recipient} got ${ids.size} different messages about one alert`] : [];
  });
  const strange = [...arrived.keys()].filter((recipient) => !known.has(recipient));
  return [...several, ...strange.map((recipient) => `a mail came for “${recipient}”, whom no alert names`)];
}

/** In the end the log has one entry an alert, accepted, under the Message-ID that arrived. */
function logFaults(
  alerts: readonly ExpectedAlert[],
  copies: ReadonlyMap<string, readonly Acceptance[]>,
  finalLog: readonly LogEntry[],
): string[] {
  const entries = groupBy(
    finalLog.filter(({ kind }) => kind === 'alert'),
    ({ source }) => source.name,
  );
  return alerts.flatMap(({ name }) => {
    const own = entries.get(name) ?? [];
    if (own.length !== 1) return [`the log has ${own.length} entries about ${name}`];
    return own.flatMap(({ messageId, recipients }) => {
      const settled = recipients.every(({ status }) => status === 'accepted');
      if (!settled) return [`the log does not show ${name} as accepted`];
      return copies.has(messageId) ? [] : [`the log shows ${name} as accepted, but ${messageId} never came`];
    });
  });
}

function groupBy<T>(values: readonly T[], key: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group === undefined) groups.set(key(value), [value]);
    else group.push(value);
  }
  return groups;
}
