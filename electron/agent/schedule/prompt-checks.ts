import type { Settings } from '../../../shared/contract/settings.ts';
import type { CancelTimer, Clock } from '../../../shared/model/clock.ts';
import { type MetricDefinition, METRICS } from '../../../shared/model/metrics.ts';
import type { MetricRequest } from '../../../shared/model/sample.ts';
import type { PathWatcher } from '../platform/path-watcher.ts';

export interface PromptChecksOptions {
  readonly settings: () => Settings;
  readonly clock: Clock;
  /** Makes the watcher that calls back when a path has changed. */
  readonly createWatcher: (onChange: (path: string) => void) => PathWatcher;
  /** Measures these at once and acts on them. */
  readonly check: (requests: readonly MetricRequest[]) => Promise<void>;
  /** Something was dropped into the folder of a file alert. */
  readonly takeIn: () => Promise<void>;
  readonly onFault: (error: unknown) => void;
}

/** Checks a watched file the moment the system says that it changed, instead of at the next regular check. */
export interface PromptChecks {
  /** Takes up the paths of the settings as they are now. Called after each regular check: folders come and go. */
  refresh(): void;
  close(): void;
}

/** A file that changes all the time is checked at once and then this often, not with every write to it. */
const AGAIN_AFTER_MS = 250;

export function createPromptChecks(options: PromptChecksOptions): PromptChecks {
  const { clock } = options;
  const resting = new Map<string, { changed: boolean; cancel: CancelTimer }>();
  let requests = new Map<string, MetricRequest[]>();
  let watchedSettings: Settings | null = null;

  const changed = (path: string) => {
    const rest = resting.get(path);
    if (rest) {
      rest.changed = true;
      return;
    }
    const cancel = clock.after(AGAIN_AFTER_MS, () => {
      const again = resting.get(path)?.changed ?? false;
      resting.delete(path);
      if (again) changed(path);
    });
    resting.set(path, { changed: false, cancel });
    const asked = requests.get(path);
    (asked ? options.check(asked) : options.takeIn()).catch(options.onFault);
  };

  const watcher = options.createWatcher(changed);

  return {
    refresh() {
      const settings = options.settings();
      if (settings !== watchedSettings) requests = pathRequests(settings);
      watchedSettings = settings;
      const folders = settings.fileAlerts.filter((entry) => entry.enabled).map((entry) => entry.folder);
      watcher.setPaths([...requests.keys()], folders);
    },
    close() {
      watcher.close();
      for (const { cancel } of resting.values()) cancel();
    },
  };
}

/** What is measured on each path that some alert watches. Folders are not watched: their contents lie deeper. */
function pathRequests(settings: Settings): Map<string, MetricRequest[]> {
  const requests = new Map<string, MetricRequest[]>();
  for (const { metric, target } of settings.alerts
    .filter((alert) => alert.enabled)
    .flatMap((alert) => alert.conditions)) {
    const definition: MetricDefinition = METRICS[metric];
    if (definition.target !== 'path' || target === undefined || metric.startsWith('folder.')) continue;
    const known = requests.get(target) ?? [];
    if (!known.some((request) => request.metric === metric)) known.push({ metric, target });
    requests.set(target, known);
  }
  return requests;
}
