import type { Clock } from '../../../../shared/model/clock.ts';
import { createDnsSource } from '../dns.ts';
import { createFileSource } from '../file.ts';
import { createFolderSource } from '../folder.ts';
import { createHttpSource } from '../http.ts';
import { createLaunchdServicesSource } from '../macos/services.ts';
import { createProgramRunner } from '../run-program.ts';
import { SlowCalls } from '../slow-calls.ts';
import type { MetricSource, Platform } from '../source.ts';
import { createTcpSource } from '../tcp.ts';
import { createTlsSource } from '../tls.ts';
import { createWindowsServicesSource } from '../windows/services.ts';
import { createLibraryBatterySource } from './battery.ts';
import { createOsCpuSource } from './cpu.ts';
import { createLibraryCpuTemperatureSource } from './cpu-temperature.ts';
import { createLibraryDiskSource } from './disk.ts';
import { createNoDiskRatesSource } from './disk-rates.ts';
import { takeLibraryInventory } from './inventory.ts';
import { Library, type LoadLibrary } from './library.ts';
import { createLibraryMemorySource } from './memory.ts';
import { createLibraryNetworkSource } from './network.ts';
import { createLibraryProcessesSource } from './processes.ts';
import { createOsUptimeSource } from './uptime.ts';

export interface LibraryPlatformOptions {
  readonly clock: Clock;
  readonly system: NodeJS.Platform;
  /** How the library is loaded; tests give their own. */
  readonly load?: LoadLibrary;
}

/** A computer that is not Linux: Node where it knows enough, the library systeminformation for the rest. */
export function createLibraryPlatform({ clock, system, load }: LibraryPlatformOptions): Platform {
  const library = new Library(system, load);
  const isSlow = system === 'win32' ? isNetworkShare : isVolume;
  return {
    sources: [
      createOsCpuSource(system),
      createOsUptimeSource(),
      createLibraryMemorySource(library, clock),
      createLibraryDiskSource(library, clock, system),
      createNoDiskRatesSource(system),
      createLibraryNetworkSource(library, clock, system),
      createLibraryProcessesSource(library, clock, system),
      createLibraryBatterySource(library, clock),
      createLibraryCpuTemperatureSource(library, clock),
      ...serviceSources(clock, system),
      createFileSource({ slowCalls: new SlowCalls(clock), isSlow }),
      createFolderSource({ clock, isSlow }),
      createTcpSource({ clock }),
      createHttpSource({ clock }),
      createTlsSource({ clock }),
      createDnsSource({ clock }),
    ],
    inventory: () => takeLibraryInventory(library),
  };
}

function serviceSources(clock: Clock, system: NodeJS.Platform): MetricSource[] {
  const run = createProgramRunner(clock);
  if (system === 'win32') return [createWindowsServicesSource(run)];
  return system === 'darwin' ? [createLaunchdServicesSource(run)] : [];
}

/** `\\server\share\…`. A drive letter may stand for a share as well, which its name does not tell. */
function isNetworkShare(path: string): boolean {
  return /^[\\/]{2}/.test(path);
}

/** Where macOS mounts everything but its own disk. */
function isVolume(path: string): boolean {
  return path.startsWith('/Volumes/') || path.startsWith('/net/');
}
