import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Reading, unknown } from '../../../../shared/model/sample.ts';
import { failureText } from '../failure.ts';
import type { RunProgram } from '../run-program.ts';
import { type MeasureTime, type MetricSource, MINUTE_MS } from '../source.ts';
import { ControlGroups } from './control-groups.ts';
import { askSystemctl, type UnitState, unitName } from './systemctl.ts';

export interface ServicesSourceOptions {
  readonly run: RunProgram;
  readonly runDir?: string;
  readonly sysDir?: string;
}

/** A service that starts and ends all the time shall not make systemctl run in every cycle. */
const AGAIN_AFTER_MS = 5_000;

interface Answer {
  readonly askedAtMs: number;
  readonly reading: Reading;
  /** Its control group, and whether processes were in it when systemd was asked. */
  readonly group: string;
  readonly populated: boolean;
}

/**
 * service.state of systemd's units. systemd is asked once a minute, by one systemctl for all of them; in between, each cycle looks
 * whether the processes of a service have come or gone, and asks at once when they have. A service that is starting or
 * reloading is running. A name that systemd does not know is unknown, not stopped: a slip of the pen must not fire.
 */
export function createServicesSource(options: ServicesSourceOptions): MetricSource {
  const { run, runDir = '/run', sysDir = '/sys' } = options;
  const groups = new ControlGroups(sysDir);
  const answers = new Map<string, Answer>();
  let asking: Promise<void> | null = null;

  function isDue(unit: string, time: MeasureTime): boolean {
    const answer = answers.get(unit);
    if (answer === undefined) return true;
    const ageMs = time.monotonic - answer.askedAtMs;
    if (ageMs >= MINUTE_MS) return true;
    return ageMs >= AGAIN_AFTER_MS && groups.isPopulated(answer.group) !== answer.populated;
  }

  async function ask(units: readonly string[], time: MeasureTime): Promise<void> {
    // Looked at before systemd is asked: what changes in between is then seen by the next cycle, not missed.
    const looks = new Map(units.map((unit) => [unit, groups.isPopulated(groupOf(unit, answers))]));
    const askedAtMs = time.monotonic;
    let states: ReadonlyMap<string, UnitState> = new Map();
    let failure: Reading | null = null;
    try {
      states = await askSystemctl(run, units);
    } catch (error) {
      failure = unknown(failureText(error));
    }
    for (const unit of units) {
      const state = states.get(unit);
      const group = state?.controlGroup || groupOf(unit, answers);
      const reading = failure ?? unitReading(unit, state);
      const populated =
        group === groupOf(unit, answers) ? looks.get(unit) === true : groups.isPopulated(group);
      answers.set(unit, { askedAtMs, reading, group, populated });
    }
  }

  return {
    metrics: ['service.state'],
    measure(requests, time) {
      if (!isSystemdRunning(runDir)) return requests.map(() => NO_SYSTEMD);
      const units = requests.map(({ target }) => unitName(target ?? ''));
      const wanted = new Set(units.filter((unit) => unit !== null));
      for (const unit of answers.keys()) if (!wanted.has(unit)) answers.delete(unit);
      const due = [...wanted].some((unit) => isDue(unit, time));
      if (due) asking ??= ask([...wanted], time).finally(() => (asking = null));
      const asked = asking;
      return units.map((unit, position) => {
        if (unit === null) return unknown(`${requests[position]?.target} cannot be the name of a service`);
        const read = () => answers.get(unit)?.reading ?? unknown('is being asked for');
        return asked === null ? read() : asked.then(read);
      });
    },
  };
}

const NO_SYSTEMD = unknown('systemd does not run on this computer');

/** As sd_booted(3) finds out. */
function isSystemdRunning(runDir: string): boolean {
  return statSync(join(runDir, 'systemd/system'), { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Where its processes are or will be: as systemd said, else where services are unless they are told otherwise. */
function groupOf(unit: string, answers: ReadonlyMap<string, Answer>): string {
  return answers.get(unit)?.group ?? `/system.slice/${unit}`;
}

const RUNNING: ReadonlySet<string> = new Set(['active', 'reloading', 'activating', 'refreshing']);

function unitReading(unit: string, state: UnitState | undefined): Reading {
  if (state === undefined) return unknown(`systemd said nothing of ${unit}`);
  const { activeState, subState, loadState } = state;
  const running = RUNNING.has(activeState);
  if (!running && loadState === 'not-found') return unknown(`systemd knows no ${unit}`);
  const load = loadState === 'loaded' ? '' : `, ${loadState}`;
  return { value: running ? 'running' : 'stopped', detail: `${activeState} (${subState}${load})` };
}
