import { type Reading, unknown } from '../../../../shared/model/sample.ts';
import { failureText } from '../failure.ts';
import type { ProgramOutput, RunProgram } from '../run-program.ts';
import { type MetricSource, MINUTE_MS } from '../source.ts';

/** How many launchctl run beside each other. */
const AT_ONCE = 4;

/**
 * service.state of launchd's system services, by label ("com.openssh.sshd"), by one `launchctl print system/LABEL` for each
 * a minute; anybody may ask (launchctl(1)). A service that starts when it is needed and has no process now is
 * stopped. A label that launchd does not know is unknown.
 */
export function createLaunchdServicesSource(run: RunProgram): MetricSource {
  return {
    metrics: ['service.state'],
    everyMs: MINUTE_MS,
    measure(requests) {
      const lanes = Array.from({ length: AT_ONCE }, () => Promise.resolve());
      return requests.map(({ target }, position) => {
        const label = target ?? '';
        if (!/^[\w.-]+$/.test(label)) return unknown(`${label} cannot be the label of a service`);
        const lane = position % AT_ONCE;
        const reading = (lanes[lane] ?? Promise.resolve())
          .then(() => run('/bin/launchctl', ['print', `system/${label}`]))
          .then(
            (output) => parseLaunchctlPrint(label, output),
            (error: unknown) => unknown(failureText(error)),
          );
        lanes[lane] = reading.then(() => undefined);
        return reading;
      });
    },
  };
}

/** `launchctl print` ends with 113 where it finds no such service. */
const NOT_FOUND = 113;

/**
 * Reads the state of the service itself, which stands one tab deep; those of its endpoints stand deeper. The layout is no
 * promise (launchctl(1)), so what cannot be found is unknown.
 */
export function parseLaunchctlPrint(label: string, { status, stdout, stderr }: ProgramOutput): Reading {
  if (status === NOT_FOUND) return unknown(`launchd knows no system service ${label}`);
  const state = /^\tstate = (.+)$/m.exec(stdout)?.[1]?.trim();
  if (state === undefined) {
    return unknown(`launchctl says: ${stderr.trim().split('\n')[0] || `nothing of ${label}`}`);
  }
  const exit = /^\tlast exit code = (.+)$/m.exec(stdout)?.[1]?.trim();
  // Between the start of a process and its program, launchd calls the state "xpcproxy" or "spawning".
  if (/^(?:running|xpcproxy|spawning)$/.test(state)) return { value: 'running', detail: state };
  return { value: 'stopped', detail: exit === undefined ? state : `${state}, last exit code ${exit}` };
}
