import { conditionTitle, formatDuration, formatValue } from '../../../shared/format.ts';
import {
  type AgentStatus,
  type AlertStatus,
  checksAreLate,
  type RouteStatus,
} from '../../../shared/model/status.ts';
import { routeText } from '../compose/report-data.ts';

/** The web console as it stands: the status, to read. The window with its editors takes this place. */
export function statusPage(status: AgentStatus, now: number): string {
  const ago = (ms: number) => `${formatDuration(Math.max(0, now - ms))} ago`;
  const firing = status.alerts.filter((alert) => alert.phase === 'firing').length;
  const late = checksAreLate(status, now);
  const state = late
    ? '▲ The checks fail'
    : firing > 0
      ? `◆ ${firing} firing`
      : status.pausedUntil !== null
        ? '∥ Paused'
        : '● All right';
  const checked =
    status.lastCheckAt === null ? 'Not checked yet.' : `Last checked ${ago(status.lastCheckAt)}.`;
  const outbox = `${status.outbox.waiting} waiting; last 24 h: ${status.outbox.accepted24h} accepted, ${status.outbox.failed24h} failed`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="10">
<meta name="viewport" content="width=device-width"><title>Tocsin · ${escape(status.installation)}</title>
<style>${STYLE}</style></head><body>
<h1>Tocsin · ${escape(status.installation)}</h1>
<p><strong>${escape(state)}</strong> ${escape(checked)}</p>
<h2>Alerts</h2>${status.alerts.length === 0 ? '<p>No conditional alerts yet. Take in a settings file with "tocsin import".</p>' : table(['Alert', 'State', 'What', 'Now', 'Fires when'], status.alerts.flatMap(alertRows))}
<h2>Mail path</h2>${table(
    ['Way', 'State', 'Last accepted'],
    status.routes.map((route) => routeRow(route, ago)),
  )}
<p>Outbox: ${escape(outbox)}</p>
<p class="small">Version ${escape(status.version)} · ${escape(status.dataDir)}</p>
</body></html>`;
}

function alertRows(alert: AlertStatus): string[][] {
  return alert.conditions.map((condition, position) => {
    const { metric, target, reading } = condition;
    const value = reading.value === null ? `unknown: ${reading.unknown}` : formatValue(metric, reading.value);
    const title = conditionTitle(target === null ? { metric } : { metric, target });
    return [
      position === 0 ? alert.name : '',
      position === 0 ? alert.phase : '',
      title,
      value,
      condition.limit,
    ];
  });
}

function routeRow(route: RouteStatus, ago: (ms: number) => string): string[] {
  const accepted = route.lastAcceptedAt === null ? '' : ago(route.lastAcceptedAt);
  return [
    routeText(route),
    route.detail === null ? route.state : `${route.state}: ${route.detail}`,
    accepted,
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: string) =>
    row.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('');
  return `<table><tr>${cells(head, 'th')}</tr>${rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('')}</table>`;
}

function escape(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

const STYLE = `
:root { color-scheme: light dark; font: 13px/1.5 system-ui, sans-serif; }
body { margin: 24px; max-width: 960px; }
h1 { font-size: 20px; } h2 { font-size: 15px; margin: 16px 0 8px; }
table { border-collapse: collapse; } th, td { text-align: left; padding: 4px 16px 4px 0; vertical-align: top; }
th { font-weight: 600; border-bottom: 1px solid GrayText; } td { font-variant-numeric: tabular-nums; }
.small { font-size: 12px; color: GrayText; }`;
