import { statSync } from 'node:fs';
import type { Clock } from '../../../shared/model/clock.ts';
import { createCollector } from './collector.ts';
import { ProcessTable } from './linux/process-table.ts';
import { createPlatform } from './platform.ts';
import { createProgramRunner, type RunProgram } from './run-program.ts';
import { LIST_ALL, parseScNames } from './windows/services.ts';

/** Names of what there is on this computer, for people to choose from what they want watched. Each sorted, each once. */
export interface TargetNames {
  readonly mounts: readonly string[];
  readonly interfaces: readonly string[];
  readonly processes: readonly string[];
  readonly services: readonly string[];
  /** Whether it has a battery. */
  readonly batteries: boolean;
}

/** So many names of each: a list of more is none that anybody chooses from. */
const NAMES_MAX = 500;

export interface TargetNamesOptions {
  readonly clock: Clock;
  /** As `process.platform` names it. */
  readonly system: NodeJS.Platform;
  readonly run?: RunProgram;
}

/** Looks once. What cannot be listed here, such as services without systemd, is an empty list. Takes seconds on Windows. */
export async function listTargetNames(options: TargetNamesOptions): Promise<TargetNames> {
  const { clock, system } = options;
  const platform = createPlatform({ clock, system });
  const collector = createCollector({ platform, clock, system });
  try {
    const { ready, pending } = collector.measure([{ metric: 'battery.percent', target: null }]);
    const [inventory, processes, services, battery] = await Promise.all([
      platform.inventory(),
      orNone(() => processNames(clock, system)),
      orNone(() => serviceNames(system, options.run ?? createProgramRunner(clock))),
      Promise.all(pending).then((late) => [...ready, ...late][0]),
    ]);
    return {
      mounts: distinct(inventory.disks.map(({ mount }) => mount)),
      interfaces: distinct(inventory.interfaces.map(({ name }) => name)),
      processes: distinct(processes),
      services: distinct(services),
      batteries: typeof battery?.reading.value === 'number',
    };
  } finally {
    collector.close();
  }
}

function distinct(names: readonly string[]): string[] {
  const sorted = [...new Set(names.filter((name) => name !== ''))];
  return sorted.sort((left, right) => left.localeCompare(right, 'en')).slice(0, NAMES_MAX);
}

async function orNone(list: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await list();
  } catch {
    return [];
  }
}

async function processNames(clock: Clock, system: NodeJS.Platform): Promise<string[]> {
  if (system === 'linux') {
    const table = new ProcessTable();
    try {
      // Kernel threads have no name on a command line, and nobody waits for them to stop.
      return table.look(clock.monotonic()).running.flatMap(({ fullName }) => fullName ?? []);
    } finally {
      table.close();
    }
  }
  const { Library } = await import('./systeminformation/library.ts');
  const library = new Library(system);
  try {
    return (await library.ask((si) => si.processes())).list.map(({ name }) => name);
  } finally {
    library.close();
  }
}

async function serviceNames(system: NodeJS.Platform, run: RunProgram): Promise<string[]> {
  switch (system) {
    case 'linux':
      return systemdServices(run);
    case 'darwin':
      return launchdServices(run);
    case 'win32':
      return parseScNames((await run('sc.exe', LIST_ALL)).stdout);
    default:
      return [];
  }
}

/** systemctl(1): one unit file a line, its name first; templates cannot be watched as they stand. */
async function systemdServices(run: RunProgram): Promise<string[]> {
  if (statSync('/run/systemd/system', { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const { stdout } = await run('systemctl', [
    'list-unit-files',
    '--type=service',
    '--no-legend',
    '--no-pager',
    '--plain',
  ]);
  return parseUnitFiles(stdout);
}

/** The names of services as people write them, without the type. */
export function parseUnitFiles(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const name = /^(\S+)\.service\s/.exec(line)?.[1];
    return name === undefined || name.endsWith('@') ? [] : [name];
  });
}

/** launchctl(1): process, status and label, apart by tabs, under a heading. */
async function launchdServices(run: RunProgram): Promise<string[]> {
  const { stdout } = await run('/bin/launchctl', ['list']);
  return stdout
    .split('\n')
    .slice(1)
    .flatMap((line) => line.split('\t')[2]?.trim() ?? []);
}
