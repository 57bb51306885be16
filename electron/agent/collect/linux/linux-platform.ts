import type { Clock } from '../../../../shared/model/clock.ts';
import { createDnsSource } from '../dns.ts';
import { createFileSource } from '../file.ts';
import { createFolderSource } from '../folder.ts';
import { createHttpSource } from '../http.ts';
import { createProgramRunner } from '../run-program.ts';
import { SlowCalls } from '../slow-calls.ts';
import type { MeasureTime, Platform } from '../source.ts';
import { createTcpSource } from '../tcp.ts';
import { createTlsSource } from '../tls.ts';
import { createBatterySource } from './battery.ts';
import { createCpuSource } from './cpu.ts';
import { createCpuTemperatureSource } from './cpu-temperature.ts';
import { createDiskRatesSource } from './disk-rates.ts';
import { createDiskSpaceSource } from './disk-space.ts';
import { takeLinuxInventory } from './inventory.ts';
import { createMemorySource } from './memory.ts';
import { MountTable } from './mount-table.ts';
import { createNetworkSource } from './network.ts';
import { createProcessesSource } from './processes.ts';
import { createServicesSource } from './services.ts';
import { createUptimeSource } from './uptime.ts';

export interface LinuxPlatformOptions {
  readonly clock: Clock;
  readonly procDir?: string;
  readonly sysDir?: string;
  readonly osReleasePath?: string;
}

/** A Linux computer: /proc, /sys and statfs(2), read by ourselves without starting a process. */
export function createLinuxPlatform(options: LinuxPlatformOptions): Platform {
  const { clock, procDir = '/proc', sysDir = '/sys', osReleasePath = '/etc/os-release' } = options;
  const mounts = new MountTable(procDir);
  const slowCalls = new SlowCalls(clock);
  const diskSpace = createDiskSpaceSource(mounts, slowCalls);
  const isSlow = (path: string, time: MeasureTime) => mayHang(mounts, path, time);
  return {
    sources: [
      createCpuSource(procDir),
      createMemorySource(procDir),
      { ...diskSpace, close: () => mounts.close() },
      createDiskRatesSource(mounts, procDir),
      createNetworkSource(procDir, sysDir),
      createProcessesSource(procDir),
      createServicesSource({ run: createProgramRunner(clock), sysDir }),
      createUptimeSource(procDir),
      createBatterySource(sysDir),
      createCpuTemperatureSource(sysDir),
      createFileSource({ slowCalls, isSlow }),
      createFolderSource({ clock, isSlow }),
      createTcpSource({ clock }),
      createHttpSource({ clock }),
      createTlsSource({ clock }),
      createDnsSource({ clock }),
    ],
    inventory() {
      const time = { now: clock.now(), monotonic: clock.monotonic() };
      return takeLinuxInventory({ mounts, slowCalls, sysDir, osReleasePath }, time);
    },
  };
}

/** Where the mounts cannot be read, files are still measured. */
function mayHang(mounts: MountTable, path: string, time: MeasureTime): boolean {
  try {
    return mounts.mayHang(path, time);
  } catch {
    return false;
  }
}
