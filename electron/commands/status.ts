import { errorSentence } from '../../shared/errors.ts';
import { formatDuration } from '../../shared/format.ts';
import {
  type AgentStatus,
  type AlertStatus,
  checksAreLate,
  type HeldStatus,
  type MailboxStatus,
  type ProofOfArrival,
  type RelayStatus,
  type RouteStatus,
} from '../../shared/model/status.ts';
import type { DataDir } from '../agent/platform/data-dir.ts';
import { conditionCells, conditionJson } from './check.ts';
import { connect } from './connect.ts';
import { localTime } from './log.ts';
import { columns, isoTime, type Output, roundMs } from './output.ts';

export async function statusCommand(dataDir: DataDir, now: number, output: Output): Promise<void> {
  const connection = await connect(dataDir);
  try {
    const status = await connection.call('status.get', {});
    output.answer(statusJson(status), () => {
      for (const line of statusLines(status, now)) output.line(line);
    });
  } finally {
    await connection.close();
  }
}

/** The status for programs: times are ISO 8601 in UTC. */
function statusJson(status: AgentStatus) {
  const { pausedUntil, maintenance } = status;
  return {
    ...status,
    startedAt: isoTime(status.startedAt),
    lastCheckAt: isoTime(status.lastCheckAt),
    pausedUntil: typeof pausedUntil === 'number' ? isoTime(pausedUntil) : pausedUntil,
    maintenance: maintenance && { ...maintenance, until: isoTime(maintenance.until) },
    troubles: status.troubles.map((trouble) => ({ ...trouble, since: isoTime(trouble.since) })),
    alerts: status.alerts.map((alert) => ({
      ...alert,
      since: isoTime(alert.since),
      acknowledgedAt: isoTime(alert.acknowledgedAt),
      snoozedUntil: isoTime(alert.snoozedUntil),
      conditions: alert.conditions.map(conditionJson),
    })),
    routes: status.routes.map((route) => ({
      ...route,
      since: isoTime(route.since),
      nextProbeAt: isoTime(route.nextProbeAt),
      lastAcceptedAt: isoTime(route.lastAcceptedAt),
      lastDurationMs: roundMs(route.lastDurationMs),
    })),
    mailbox: status.mailbox && {
      ...status.mailbox,
      checkedAt: isoTime(status.mailbox.checkedAt),
      proof: status.mailbox.proof && {
        ...status.mailbox.proof,
        sentAt: isoTime(status.mailbox.proof.sentAt),
        arrivedAt: isoTime(status.mailbox.proof.arrivedAt),
      },
    },
    outbox: { ...status.outbox, oldestWaitingAt: isoTime(status.outbox.oldestWaitingAt) },
    held: status.held && { ...status.held, nextAt: isoTime(status.held.nextAt) },
    reports: status.reports.map((report) => ({ ...report, nextAt: isoTime(report.nextAt) })),
    relay: status.relay && {
      ...status.relay,
      subscription: {
        ...status.relay.subscription,
        expiresAt: isoTime(status.relay.subscription.expiresAt),
      },
    },
    subscription: status.relay?.enrolled
      ? {
          state: status.relay.subscription.state,
          expiresAt: isoTime(status.relay.subscription.expiresAt),
        }
      : null,
  };
}

/** The time since a moment, in words: "2 min 5 s". */
type LengthSince = (ms: number) => string;

function statusLines(status: AgentStatus, now: number): string[] {
  const length: LengthSince = (ms) => formatDuration(Math.max(0, now - ms));
  const lines = [`Tocsin ${status.version} · ${status.installation}`, headline(status, now), ''];
  const rows = [['Agent', agentText(status, length)]];
  if (status.running) {
    rows.push([
      'Last check',
      status.lastCheckAt === null
        ? 'none yet'
        : `${length(status.lastCheckAt)} ago, every ${status.intervalSeconds} s`,
    ]);
  }
  if (status.pausedUntil !== null) {
    const until =
      status.pausedUntil === 'forever'
        ? 'until you run "tocsin resume"'
        : `until ${localTime(status.pausedUntil)}`;
    rows.push(['Monitoring', `paused ${until}`]);
  }
  if (status.maintenance !== null) {
    const { name, until } = status.maintenance;
    rows.push(['Maintenance', `“${name}” until ${localTime(until)}; nobody is told of alerts before`]);
  }
  for (const { name, since, text } of status.troubles)
    rows.push(['Trouble', `${name}, ${length(since)} ago: ${text}`]);
  for (const route of status.routes) rows.push(['Mail path', routeLine(route, length)]);
  if (status.relay?.enrolled) rows.push(['Web Service', relayText(status.relay)]);
  rows.push(['Outbox', outboxText(status, length)]);
  if (status.held !== null) rows.push(['Held', heldText(status.held)]);
  if (status.mailbox !== null) {
    rows.push(['Mailbox', mailboxText(status.mailbox, length)]);
    if (status.mailbox.proof !== null) rows.push(['Proof of arrival', proofText(status.mailbox.proof)]);
  }
  for (const report of status.reports) {
    const next = report.nextAt === null ? 'on demand' : `next ${localTime(report.nextAt)}`;
    rows.push(['Report', status.running ? `${report.name}, ${next}` : report.name]);
  }
  rows.push(['Data folder', status.dataDir], ['Passwords', `kept by ${status.secretsProtection}`]);
  lines.push(...columns(rows));
  if (status.alerts.length === 0) {
    lines.push(
      '',
      'No conditional alerts yet. Write some into a settings file and run "tocsin import FILE".',
    );
  }
  worstFirst(status.alerts).forEach((alert, index) => {
    if (status.running || index === 0) lines.push('');
    lines.push(alertLine(alert, status.running, length));
    if (status.running && alert.enabled)
      lines.push(...columns(alert.conditions.map(conditionCells)).map((line) => `  ${line}`));
  });
  return lines;
}

function mailboxText(mailbox: MailboxStatus, length: LengthSince): string {
  const name = `${mailbox.user} at ${mailbox.server.host}:${mailbox.server.port}`;
  const checked = mailbox.checkedAt === null ? '' : `, ${length(mailbox.checkedAt)} ago`;
  switch (mailbox.state) {
    case 'unused':
      return `${name}, not read yet`;
    case 'ok':
      return `${name}, read${checked}`;
    case 'failed':
      return `${name}, could not be read${checked}: ${mailbox.detail ?? ''}`;
  }
}

/** "sent Mon 5 Jan 08:00:00, in the mailbox 08:00:07 (7 s later)". */
function proofText({ state, sentAt, arrivedAt }: ProofOfArrival): string {
  const sent = `sent ${localTime(sentAt)}`;
  if (arrivedAt !== null)
    return `${sent}, in the mailbox ${localTime(arrivedAt)} (${formatDuration(arrivedAt - sentAt)} later)`;
  return state === 'lost' ? `${sent}, has not arrived` : `${sent}, on its way`;
}

/** Firing before pending before ok, critical before warning before info; otherwise as in the settings. */
function worstFirst(alerts: readonly AlertStatus[]): readonly AlertStatus[] {
  const phases = { firing: 0, pending: 1, ok: 2 } as const;
  const severities = { critical: 0, warning: 1, info: 2 } as const;
  return alerts.toSorted(
    (a, b) => phases[a.phase] - phases[b.phase] || severities[a.severity] - severities[b.severity],
  );
}

function headline(status: AgentStatus, now: number): string {
  const firing = status.alerts.filter((alert) => alert.phase === 'firing').length;
  const broken = status.routes.filter((route) => route.state === 'down' || route.state === 'paused').length;
  if (!status.running) return '○ No agent runs: nothing is watched. Start it with "tocsin run".';
  if (checksAreLate(status, now))
    return '▲ The checks fail or do not come to an end, so nobody knows how things are. The log of the agent says why.';
  if (firing > 0) return `◆ ${firing === 1 ? '1 alert is' : `${firing} alerts are`} firing.`;
  if (status.troubles.length > 0)
    return '▲ No alert is firing, but something happened to Tocsin itself. See “Trouble”.';
  if (broken > 0) return '▲ No alert is firing, but mail cannot leave by every way it should.';
  if (status.pausedUntil !== null) return '∥ Monitoring is paused.';
  return '● Nothing is wrong.';
}

function agentText(status: AgentStatus, length: LengthSince): string {
  return status.startedAt === null
    ? 'not running'
    : `running for ${length(status.startedAt)}, process ${status.pid}`;
}

function outboxText({ outbox }: AgentStatus, length: LengthSince): string {
  const oldest = outbox.oldestWaitingAt === null ? '' : `, the oldest for ${length(outbox.oldestWaitingAt)}`;
  return `${outbox.waiting} waiting${oldest}; last 24 h: ${outbox.accepted24h} accepted, ${outbox.failed24h} failed`;
}

/** "2 alerts are to be told in the next mail, at Mon 5 Jan 08:00:30". */
function heldText({ alerts, nextAt }: HeldStatus): string {
  const count = alerts === 1 ? '1 alert is' : `${alerts} alerts are`;
  return nextAt === null
    ? `${count} to be told in the next mail, once an agent runs`
    : `${count} to be told in the next mail, at ${localTime(nextAt)}`;
}

function relayText({ url, from, subscription: { state, expiresAt } }: RelayStatus): string {
  const end = expiresAt === null ? 'without end' : `until ${localTime(expiresAt)}`;
  const words = {
    valid: `subscription ${end}`,
    'ends-soon': `the subscription ends soon: ${end}`,
    expired: `the subscription has ended${expiresAt === null ? '' : ` on ${localTime(expiresAt)}`}`,
    unknown: 'nothing is known of the subscription yet',
  }[state];
  return `enrolled with ${url ?? 'a service'}, mails from ${from ?? 'its own address'}; ${words}`;
}

function routeLine(route: RouteStatus, length: LengthSince): string {
  const server = route.server ? `${route.server.host}:${route.server.port}` : '';
  const name = { practice: 'practice mailbox', smtp: `SMTP ${server}`, relay: 'Tocsin Web Service' }[
    route.route
  ];
  const note = route.detail === null ? '' : `. ${route.detail}`;
  switch (route.state) {
    case 'unused':
      return `${name}, not used yet`;
    case 'ok':
      return route.lastAcceptedAt === null
        ? `${name}, answers${note}`
        : `${name}, accepted a mail ${length(route.lastAcceptedAt)} ago in ${Math.round(route.lastDurationMs ?? 0)} ms${note}`;
    case 'not-set-up':
      return `${name}: ${route.detail}`;
    case 'down':
    case 'paused': {
      const sentence = route.code === null ? 'does not answer.' : errorSentence(route.code, { server });
      return `${name}, ${route.state}${route.since === null ? '' : ` for ${length(route.since)}`}: ${sentence} ${route.detail ?? ''}`.trimEnd();
    }
  }
}

function alertLine(alert: AlertStatus, running: boolean, length: LengthSince): string {
  const since = alert.since === null ? '' : ` for ${length(alert.since)}`;
  const phase = { ok: 'ok', pending: `pending${since}`, firing: `FIRING${since}` }[alert.phase];
  const words = running ? phase : `not watched${alert.phase === 'firing' ? ', was FIRING' : ''}`;
  const marks = [
    alert.enabled ? '' : ', switched off',
    alert.flapping ? ', flapping' : '',
    alert.acknowledgedAt === null ? '' : ', acknowledged',
    alert.snoozedUntil === null ? '' : `, snoozed until ${localTime(alert.snoozedUntil)}`,
  ];
  return `${alert.name} (${alert.severity}): ${words}${marks.join('')}`;
}
