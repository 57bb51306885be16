import { formatBytes } from '../../../shared/format.ts';
import { cleanLine } from './clean-text.ts';
import type { ReportData } from './compose.ts';
import { diskUsages, fullestFirst } from './disk-usage.ts';
import { type ListItem, type Section, section } from './mail-document.ts';
import { readingText } from './report-readings.ts';
import { counted } from './report-state.ts';
import { compareTones, type Tone } from './tone.ts';
import { verdictCounts, verdictOver } from './watched-items.ts';

/** The first screen of a report: one line for each thing that people ask about, what is wrong first. */
export function glanceSection(data: ReportData): Section {
  const items = [
    cpuItem(data),
    memoryItem(data),
    diskItem(data),
    networkItem(data),
    ...watchedItem(data),
    mailItem(data),
  ];
  return section('At a glance', { kind: 'list', items: items.toSorted(troubleFirst) });
}

/** What is wrong moves up; the rest keeps its order, so that one report reads like the next. */
function troubleFirst(left: ListItem, right: ListItem): number {
  const wrong = ({ tone }: ListItem): Tone => (tone === 'plain' || tone === 'info' ? 'ok' : tone);
  return compareTones(wrong(left), wrong(right));
}

function cpuItem(data: ReportData): ListItem {
  const { tone, words } = verdictOver(data.watched, (metric) => /^(cpu|temperature)\./.test(metric));
  return { tone, title: 'CPU', value: `${readingText(data, 'cpu.usedPercent')} used`, note: words };
}

function memoryItem(data: ReportData): ListItem {
  const { tone, words } = verdictOver(data.watched, (metric) => /^(memory|swap)\./.test(metric));
  const total = formatBytes(data.inventory.memoryTotalBytes);
  return {
    tone,
    title: 'Memory',
    value: `${readingText(data, 'memory.usedPercent')} used`,
    note: `${words}; ${total} in all`,
  };
}

function diskItem(data: ReportData): ListItem {
  const { tone, words } = verdictOver(data.watched, (metric) => metric.startsWith('disk.'));
  const fullest = fullestFirst(diskUsages(data))[0];
  if (fullest === undefined) return { tone, title: 'Disks', value: 'none found', note: words };
  const which =
    data.inventory.disks.length === 1
      ? `; the only disk is ${cleanLine(fullest.disk.mount)}`
      : `; ${cleanLine(fullest.disk.mount)} is the fullest of ${data.inventory.disks.length}`;
  return { tone, title: 'Disks', value: `${fullest.text} used`, note: `${words}${which}` };
}

function networkItem(data: ReportData): ListItem {
  const { tone, words } = verdictOver(data.watched, (metric) => metric.startsWith('network.'));
  const { interfaces } = data.inventory;
  const up = interfaces.filter((entry) => entry.state === 'up').length;
  return { tone, title: 'Network', value: `${up} of ${interfaces.length} up`, note: words };
}

function watchedItem(data: ReportData): ListItem[] {
  const all = verdictOver(data.watched, () => true);
  if (data.watched.length === 0) {
    return [{ tone: 'plain', title: 'Watched items', value: 'none', note: 'No conditional alert is set up' }];
  }
  const note = verdictCounts(data.watched);
  return [{ tone: all.tone, title: 'Watched items', value: counted(data.watched.length, 'item'), note }];
}

function mailItem(data: ReportData): ListItem {
  const { delivery } = data;
  const down = delivery.routes.some((route) => route.state === 'down');
  const words = down ? 'A route is down' : delivery.failed > 0 ? 'Some mails failed' : 'All right';
  const tone = down ? 'critical' : delivery.failed > 0 ? 'warning' : 'ok';
  const note = `${words}; ${delivery.failed} failed in the last ${delivery.windowHours} h, ${delivery.waiting} waiting now`;
  return { tone, title: 'Mail', value: `${delivery.accepted} accepted`, note };
}
