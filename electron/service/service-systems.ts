import { launchd } from './launchd.ts';
import type { ServiceSystem } from './service-system.ts';
import { systemd } from './systemd.ts';
import { windowsTask } from './windows-task.ts';

export interface ThisComputer {
  readonly platform: NodeJS.Platform;
  /** Null on Windows. */
  readonly userId: number | null;
  readonly homeDir: string;
  readonly dataDir: string;
}

/** How this operating system starts a program with the computer; null where that is not known. */
export function serviceSystemOf(computer: ThisComputer): ServiceSystem | null {
  const { platform, homeDir, dataDir } = computer;
  const userId = computer.userId ?? 0;
  switch (platform) {
    case 'linux':
      return systemd({ isRoot: userId === 0, homeDir });
    case 'darwin':
      return launchd({ isRoot: userId === 0, homeDir, userId });
    case 'win32':
      return windowsTask({ dataDir });
    default:
      return null;
  }
}
