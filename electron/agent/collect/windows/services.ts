import { unknown } from '../../../../shared/model/sample.ts';
import { failureText } from '../failure.ts';
import type { RunProgram } from '../run-program.ts';
import { type MetricSource, MINUTE_MS } from '../source.ts';

/**
 * service.state of Windows services, by their name ("Spooler") or display name ("Print Spooler"), whatever their case. One
 * sc.exe a minute lists them all, in 20 ms where PowerShell takes a second. A service that is starting or continuing
 * is running; one that is paused or ending is stopped.
 */
export function createWindowsServicesSource(run: RunProgram): MetricSource {
  return {
    metrics: ['service.state'],
    everyMs: MINUTE_MS,
    measure(requests) {
      const listing = listServices(run);
      return requests.map(({ target }) =>
        listing.then(
          (services) => {
            const state = services.get((target ?? '').toLowerCase());
            if (state === undefined) return unknown(`Windows knows no service named ${target}`);
            return { value: RUNNING.has(state) ? 'running' : 'stopped', detail: state };
          },
          (error: unknown) => unknown(failureText(error)),
        ),
      );
    },
  };
}

/** 256 KiB is the most that sc.exe takes; it asks several times where that is not enough. */
export const LIST_ALL = ['query', 'type=', 'service', 'state=', 'all', 'bufsize=', '262144'];

async function listServices(run: RunProgram): Promise<ReadonlyMap<string, string>> {
  const { status, stdout } = await run('sc.exe', LIST_ALL);
  const services = parseScQuery(stdout);
  if (services.size === 0) throw new Error(`sc.exe listed no services and ended with ${status}`);
  return services;
}

/** The states of SERVICE_STATUS (learn.microsoft.com, winsvc.h); sc.exe does not translate them. */
const STATE =
  /^\s+[^:]*:\s*\d\s+(STOPPED|START_PENDING|STOP_PENDING|RUNNING|CONTINUE_PENDING|PAUSE_PENDING|PAUSED)\b/;

const RUNNING: ReadonlySet<string> = new Set(['running', 'start pending', 'continue pending']);

/**
 * The states, such as "start pending", by name and by display name in lower case. sc.exe translates its labels (DIENSTNAME,
 * STATUS, ÉTAT), so a block is told by its shape: two lines at the margin, name and display name, then indented
 * ones, of which the one with a state's word is the state.
 */
export function parseScQuery(text: string): ReadonlyMap<string, string> {
  const services = new Map<string, string>();
  let names: string[] = [];
  let inside = false;
  for (const line of text.split(/\r?\n/)) {
    const state = STATE.exec(line)?.[1];
    if (state !== undefined) {
      for (const name of names) services.set(name, services.get(name) ?? words(state));
    } else if (/^[^\s:]+: ?\S/.test(line)) {
      if (inside) names = [];
      inside = false;
      names.push(
        line
          .slice(line.indexOf(':') + 1)
          .trim()
          .toLowerCase(),
      );
    } else if (/^\s+\S/.test(line)) {
      inside = true;
    }
  }
  return services;
}

function words(state: string): string {
  return state.toLowerCase().replace('_', ' ');
}

/** The names of all services as sc.exe lists them, in their own case: of each block's two lines at the margin the first. */
export function parseScNames(text: string): string[] {
  let inBlock = false;
  return text.split(/\r?\n/).flatMap((line) => {
    const atMargin = /^[^\s:]+: ?(\S.*)$/.exec(line)?.[1];
    const isFirst = atMargin !== undefined && !inBlock;
    inBlock = atMargin !== undefined;
    return isFirst ? [atMargin.trim()] : [];
  });
}
