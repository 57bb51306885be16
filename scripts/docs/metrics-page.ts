import {
  CATALOGUE,
  type CatalogueEntry,
  type CatalogueGroup,
} from '../../electron/agent/collect/catalogue.ts';
import { createPlatform } from '../../electron/agent/collect/platform.ts';
import { systemClock } from '../../mail/platform/clock.ts';
import { metricDefinition, type MetricName, type TargetKind, type Unit } from '../../shared/model/metrics.ts';

const SYSTEMS = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' } as const;
type System = keyof typeof SYSTEMS;
const SYSTEM_KEYS = Object.keys(SYSTEMS) as System[];

const UNITS: Readonly<Record<Unit, string>> = {
  percent: 'percent',
  ratio: 'ratio',
  bytes: 'bytes',
  bytesPerSecond: 'bytes per second',
  count: 'number',
  milliseconds: 'milliseconds',
  seconds: 'seconds',
  days: 'days',
  celsius: '°C',
  status: 'status code',
};

const TARGETS: Readonly<Record<TargetKind, string>> = {
  mount: 'mount point or drive: `/`, `C:`',
  interface: 'interface: `eth0`',
  process: 'name of a program: `postgres`',
  service: 'service: `nginx`',
  'host:port': '`host:port`',
  url: '`https://host/path`',
  name: 'name: `example.com`',
  path: 'path from the root',
};

/** `docs/metrics.md`: the catalogue of everything that can be watched, from the definitions, the catalogue and the sources. */
export function metricsPage(): string {
  const costs = readCosts();
  return `${[INTRODUCTION, ...CATALOGUE.map((group) => groupText(group, costs))].join('\n\n')}\n`;
}

const INTRODUCTION = `# Everything that can be watched

<!-- Written by \`npm run docs\` from electron/agent/collect/catalogue.ts, shared/model/metrics.ts and the sources. -->

Each metric is a condition's \`metric\` in the settings file; where it has a target, the condition names one. A number is
compared by \`above\` or \`below\` and, if you like, \`clear\`; a state by \`is\`.

**How often**: “every cycle” is the interval of the settings (10 s unless they say otherwise). “Once a minute” is for
what is slow or changes slowly: the last value stands until then. A new condition is measured at once in any case.

**Unknown**: what cannot be measured never fires and never clears. It shows as unknown with the reason, and after ten
minutes (\`unknownAfterSeconds\`) the administrator is told once. Every metric is unknown when its source cannot be read,
and one with a target when the target is not of the right form.`;

function groupText({ title, entries }: CatalogueGroup, costs: Costs): string {
  return [`## ${title}`, ...entries.map((entry) => entryText(entry, costs))].join('\n\n');
}

function entryText(entry: CatalogueEntry, costs: Costs): string {
  const { metrics, means, from, unknownWhen } = entry;
  const rows = metrics.map((metric) => {
    const definition = metricDefinition(metric);
    const values = definition.kind === 'number' ? UNITS[definition.unit] : definition.states.join(', ');
    const target = definition.target === null ? '–' : TARGETS[definition.target];
    return `| \`${metric}\` | ${values} | ${target} |`;
  });
  const sources =
    typeof from === 'string'
      ? [`- Source: ${from}.`]
      : ['- Source:', ...SYSTEM_KEYS.map((system) => `  - ${SYSTEMS[system]}: ${from[system]}`)];
  const unknown = unknownWhen.length > 0 ? [`- Unknown when ${unknownWhen.join('; ')}.`] : [];
  return [
    `### ${metrics.map((metric) => `\`${metric}\``).join(', ')}`,
    '',
    means,
    '',
    '| metric | unit or states | target |',
    '| --- | --- | --- |',
    ...rows,
    '',
    `- How often: ${costText(metrics, costs)}.`,
    ...sources,
    ...unknown,
  ].join('\n');
}

/** By metric and system, how often the source is asked; undefined for every cycle. */
type Costs = ReadonlyMap<string, number | undefined>;

/** Taken from the sources themselves, so that the page cannot say what they do not do. */
function readCosts(): Costs {
  const costs = new Map<string, number | undefined>();
  for (const system of SYSTEM_KEYS) {
    for (const source of createPlatform({ clock: systemClock, system }).sources) {
      for (const metric of source.metrics) costs.set(`${system} ${metric}`, source.everyMs);
    }
  }
  return costs;
}

function costText(metrics: readonly MetricName[], costs: Costs): string {
  const texts = SYSTEM_KEYS.map((system) => {
    const everyMs = costs.get(`${system} ${metrics[0]}`);
    if (everyMs === undefined) return 'every cycle';
    return everyMs === 60_000 ? 'once a minute' : `every ${everyMs / 1000} s`;
  });
  if (new Set(texts).size === 1) return texts[0] ?? '';
  return SYSTEM_KEYS.map((system, position) => `${SYSTEMS[system]} ${texts[position]}`).join('; ');
}
