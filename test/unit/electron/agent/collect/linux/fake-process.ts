/** What a test says of a process; the rest is ordinary. */
export interface FakeProcess {
  readonly comm?: string;
  readonly state?: string;
  readonly flags?: number;
  readonly user?: number;
  readonly system?: number;
  readonly start?: number;
  readonly pages?: number;
}

/** The text of /proc/PID/stat. */
export function statLine(pid: number, process: FakeProcess): string {
  const { comm = 'x', state = 'S', flags = 0, user = 0, system = 0, start = 100, pages = 1 } = process;
  return `${pid} (${comm}) ${state} 1 1 1 0 -1 ${flags} 5 5 5 5 ${user} ${system} 9 9 20 0 1 0 ${start} 4096 ${pages} 18446744073709551615 1 1\n`;
}
