import type { Clock } from '../../../shared/model/clock.ts';
import { createLinuxPlatform } from './linux/linux-platform.ts';
import type { Platform } from './source.ts';
import { createLibraryPlatform } from './systeminformation/library-platform.ts';

export interface PlatformOptions {
  readonly clock: Clock;
  /** As `process.platform` names it. */
  readonly system: NodeJS.Platform;
}

/** The sources for an operating system. Linux is read directly; the others through systeminformation. */
export function createPlatform({ clock, system }: PlatformOptions): Platform {
  return system === 'linux' ? createLinuxPlatform({ clock }) : createLibraryPlatform({ clock, system });
}
