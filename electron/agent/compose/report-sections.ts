import { formatBytes } from '../../../shared/format.ts';
import type { MetricName } from '../../../shared/model/metrics.ts';
import { cleanLine, cleanName } from './clean-text.ts';
import type { ReportData } from './compose.ts';
import { diskUsages, fullestFirst } from './disk-usage.ts';
import {
  type Bar,
  type Block,
  facts,
  type ListItem,
  paragraphs,
  type Section,
  section,
} from './mail-document.ts';
import { fractionOf, knownText, readingRemark, readingText } from './report-readings.ts';
import { capitalised, type Tone } from './tone.ts';
import { verdictOver } from './watched-items.ts';

/** So many disks or interfaces are listed; a computer full of containers has hundreds. */
const LISTED_MAX = 20;

/** What computer this is. */
export function systemSection(data: ReportData): Section {
  const { inventory } = data;
  const battery = [knownText(data, 'battery.percent'), knownText(data, 'battery.state')].filter(
    (text) => text !== null,
  );
  return section(
    'System',
    facts(
      ['Host', cleanLine(inventory.hostName)],
      ['OS', cleanLine(inventory.operatingSystem)],
      ['Kernel', cleanLine(`${inventory.kernel} (${inventory.architecture})`)],
      ['Running for', readingText(data, 'system.uptimeSeconds')],
      ['CPU', cleanLine(inventory.cpuModel)],
      ['Cores', String(inventory.cpuCores)],
      ['Battery', battery.length === 0 ? null : battery.join(', ')],
    ),
  );
}

/** How busy the processor is. */
export function cpuSection(data: ReportData): Section {
  return section(
    'CPU',
    { kind: 'bars', bars: [percentBar(data, 'cpu.usedPercent', 'Used', null)] },
    facts(
      ['Load per core', knownText(data, 'cpu.loadPerCore')],
      ['Temperature', knownText(data, 'temperature.cpuCelsius')],
    ),
  );
}

/** How full memory and swap are. */
export function memorySection(data: ReportData): Section {
  const available = knownText(data, 'memory.availableBytes');
  const total = formatBytes(data.inventory.memoryTotalBytes);
  const note = available === null ? `${total} in all` : `${available} available of ${total}`;
  return section('Memory and swap', {
    kind: 'bars',
    bars: [
      percentBar(data, 'memory.usedPercent', 'Memory', note),
      percentBar(data, 'swap.usedPercent', 'Swap', null),
    ],
  });
}

function percentBar(data: ReportData, metric: MetricName, title: string, note: string | null): Bar {
  const remark = readingRemark(data, metric);
  return {
    tone: barTone(data, metric, undefined),
    title,
    fraction: fractionOf(data, metric),
    value: readingText(data, metric),
    note: [note, remark].filter((text) => text !== null).join('. ') || null,
  };
}

/** A bar is coloured only where an alert speaks of the same thing. */
function barTone(data: ReportData, metric: MetricName, target: string | undefined): Tone {
  const family = metric.slice(0, metric.indexOf('.') + 1);
  return verdictOver(data.watched, (name, on) => name.startsWith(family) && on === target).tone;
}

/** Every disk as a bar, the fullest first. */
export function diskSection(data: ReportData): Section {
  const usages = fullestFirst(diskUsages(data));
  if (usages.length === 0) return section('Disks', paragraphs('No disk was found.'));
  const bars = usages.slice(0, LISTED_MAX).map(({ disk, fraction, text }): Bar => {
    const used = `${formatBytes(disk.usedBytes)} used of ${formatBytes(disk.sizeBytes)}`;
    return {
      tone: barTone(data, 'disk.usedPercent', disk.mount),
      title: cleanName(disk.mount),
      fraction,
      value: text,
      note: `${used}, ${formatBytes(disk.freeBytes)} free, ${cleanName(disk.fileSystem)}`,
    };
  });
  return section('Disks', { kind: 'bars', bars }, ...moreBlocks(usages.length));
}

/** Every network interface with its traffic and addresses. */
export function networkSection(data: ReportData): Section {
  const { interfaces } = data.inventory;
  if (interfaces.length === 0) return section('Network', paragraphs('No network interface was found.'));
  const items = interfaces.slice(0, LISTED_MAX).map((entry): ListItem => {
    const received = knownText(data, 'network.receivedBytesPerSecond', entry.name);
    const sent = knownText(data, 'network.sentBytesPerSecond', entry.name);
    const addresses = entry.addresses.slice(0, LISTED_MAX).map(cleanLine).join(', ');
    const parts = [
      received === null ? null : `receives ${received}`,
      sent === null ? null : `sends ${sent}`,
      addresses === '' ? 'no address' : addresses,
    ];
    const { tone } = verdictOver(
      data.watched,
      (metric, on) => metric.startsWith('network.') && on === entry.name,
    );
    const note = capitalised(parts.filter((part) => part !== null).join('; '));
    return { tone, title: cleanName(entry.name), value: entry.state, note };
  });
  return section('Network', { kind: 'list', items }, ...moreBlocks(interfaces.length));
}

function moreBlocks(count: number): Block[] {
  return count > LISTED_MAX ? [paragraphs(`And ${count - LISTED_MAX} more.`)] : [];
}
