import type { RunProgram } from '../run-program.ts';

/** What systemd says of a unit; see org.freedesktop.systemd1(5), "Unit objects". */
export interface UnitState {
  /** Its own name and its aliases. */
  readonly names: readonly string[];
  /** loaded, not-found, masked, bad-setting, error */
  readonly loadState: string;
  /** active, reloading, activating, refreshing, inactive, failed, deactivating, maintenance */
  readonly activeState: string;
  /** Finer, and different for each type of unit: running, exited, dead, auto-restart … */
  readonly subState: string;
  /** Where its processes are, such as /system.slice/ssh.service; empty while it has none. */
  readonly controlGroup: string;
}

const PROPERTIES = 'Id,Names,LoadState,ActiveState,SubState,ControlGroup';

/**
 * Asks systemd for many units by one call of systemctl, which needs no special rights. By name as asked for; what systemd
 * does not know comes with the load state "not-found".
 */
export async function askSystemctl(
  run: RunProgram,
  units: readonly string[],
): Promise<ReadonlyMap<string, UnitState>> {
  const args = ['show', '--no-pager', `--property=${PROPERTIES}`, '--', ...units];
  const { stdout, stderr } = await run('systemctl', args);
  const found = new Map(parseSystemctlShow(stdout).flatMap((unit) => unit.names.map((name) => [name, unit])));
  if (found.size === 0) {
    throw new Error(`systemctl says: ${stderr.trim().split('\n')[0] || 'nothing'}`);
  }
  return found;
}

/** The output of `systemctl show`: one block of `Property=value` lines for each unit, an empty line between two. */
export function parseSystemctlShow(text: string): UnitState[] {
  return text.split(/\n\s*\n/).flatMap((block) => {
    const values = new Map<string, string>();
    for (const line of block.split('\n')) {
      const equals = line.indexOf('=');
      if (equals > 0) values.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
    }
    const activeState = values.get('ActiveState');
    const names = [values.get('Id') ?? '', ...(values.get('Names') ?? '').split(' ')].filter(Boolean);
    if (activeState === undefined || names.length === 0) return [];
    return [
      {
        names: [...new Set(names)],
        loadState: values.get('LoadState') ?? '',
        activeState,
        subState: values.get('SubState') ?? '',
        controlGroup: values.get('ControlGroup') ?? '',
      },
    ];
  });
}

const UNIT_TYPES = /\.(?:service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;

/** The unit that a name stands for, as systemctl takes it: "nginx" is nginx.service. Null where it can be none (systemd.unit(5)). */
export function unitName(target: string): string | null {
  const name = UNIT_TYPES.test(target) ? target : `${target}.service`;
  return /^[A-Za-z0-9:_.\\@][A-Za-z0-9:_.\\@-]*$/.test(name) && name.length <= 255 && target !== ''
    ? name
    : null;
}
