import { conditionTitle } from '../../../shared/format.ts';
import type { Handlers } from '../../../shared/contract/ipc.ts';
import { listTargetNames } from '../collect/target-names.ts';
import type { HandlerParts } from './parts.ts';

type ComputerHandlers = Pick<Handlers, 'inventory.get' | 'history.series' | 'history.charts'>;

/** What there is on this computer, and what was measured on it. */
export function computerHandlers({ clock, history }: HandlerParts): ComputerHandlers {
  return {
    'inventory.get': () => listTargetNames({ clock, system: process.platform }),
    'history.series': ({ items, from, to, points }) =>
      items.map((item) => ({ points: history.read(item, from, to, points) })),
    'history.charts': () =>
      history.series().map(({ request: { metric, target } }) => ({
        metric,
        target,
        title: conditionTitle(target === null ? { metric } : { metric, target }),
      })),
  };
}
