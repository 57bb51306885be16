import { type MetricDefinition, METRICS, type MetricName, type TargetKind } from '../model/metrics.ts';
import { relayUrlFault } from './relay-url.ts';
import { CREDENTIALS_FAULT, holdsCredentials, type Settings, settingsSchema } from './settings.ts';

/** One thing that is wrong with a settings file. */
export interface SettingsFault {
  /** Where, such as `alerts[0].conditions[1].metric`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong, to be read after the path. */
  readonly message: string;
}

export type SettingsParse =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly faults: readonly SettingsFault[] };

/** What the rules need that `shared/` cannot know: whether a cron expression can be understood. */
export interface SettingsRulesOptions {
  /** Says what is wrong with a cron expression, or null. */
  readonly cronFault: (expression: string) => string | null;
}

/**
 * Checks a settings document as a whole: every fault is found and named, not only the first. Nothing is guessed
 * and nothing is taken in parts.
 */
export function parseSettings(document: unknown, options: SettingsRulesOptions): SettingsParse {
  const parsed = settingsSchema.safeParse(document, { error: faultMessage, reportInput: true });
  const faults = [
    ...(parsed.success ? [] : parsed.error.issues.flatMap(issueFaults)),
    ...ruleFaults(document, options),
  ];
  if (!parsed.success || faults.length > 0) return { ok: false, faults: distinct(faults) };
  return { ok: true, settings: parsed.data };
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

/** One fault for each unknown key; one for any other issue. */
export function issueFaults(issue: Issue): SettingsFault[] {
  if (issue.code === 'unrecognized_keys' && issue.keys) {
    return issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: 'is not a known key' }));
  }
  return [{ path: pathText(issue.path), message: issue.message }];
}

interface RawIssue {
  readonly code?: string | undefined;
  readonly expected?: unknown;
  readonly values?: unknown;
  readonly input?: unknown;
  readonly message?: string | undefined;
  readonly options?: unknown;
  readonly note?: unknown;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

/** Says in words for people what zod found. */
export function faultMessage(issue: RawIssue): string | undefined {
  if (issue.message) return issue.message;
  const missing = issue.input === undefined;
  if (issue.code === 'invalid_type') {
    const wanted = TYPE_WORDS[String(issue.expected)] ?? String(issue.expected);
    return missing ? `is missing; it must be ${wanted}` : `must be ${wanted}, not ${typeWord(issue.input)}`;
  }
  if (issue.code === 'invalid_value' && Array.isArray(issue.values)) {
    const wanted =
      issue.values.length === 1 ? JSON.stringify(issue.values[0]) : `one of ${shortList(issue.values)}`;
    return missing ? `is missing; it must be ${wanted}` : `must be ${wanted}, not ${short(issue.input)}`;
  }
  if (issue.code === 'invalid_union') {
    const wanted = Array.isArray(issue.options)
      ? `one of ${shortList(issue.options)}`
      : 'one of the known kinds';
    return missing ? `is missing; it must be ${wanted}` : `must be ${wanted}`;
  }
  return undefined;
}

function shortList(values: readonly unknown[]): string {
  return values.map(String).join(', ');
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function typeWord(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return TYPE_WORDS[typeof value] ?? typeof value;
}

/** `alerts[0].conditions[1].metric`; keys that are no plain words are quoted. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(String(part))) text += text === '' ? String(part) : `.${String(part)}`;
    else text += `[${JSON.stringify(String(part).slice(0, 80))}]`;
  }
  return text;
}

function distinct(faults: readonly SettingsFault[]): SettingsFault[] {
  const seen = new Set<string>();
  return faults.filter(({ path, message }) => {
    const key = `${path}\n${message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

type Raw = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(document: Raw, key: string): readonly unknown[] {
  const value = document[key];
  return Array.isArray(value) ? value : [];
}

/** Rules between keys. They read the raw document, so that a wrong type in one place hides no fault in another. */
function ruleFaults(document: unknown, options: SettingsRulesOptions): SettingsFault[] {
  if (!isRecord(document)) return [];
  const faults: SettingsFault[] = [];
  for (const section of ['alerts', 'reports', 'fileAlerts', 'smtpEvents', 'maintenance']) {
    faults.push(...duplicateNames(section, list(document, section)));
  }
  for (const section of ['reports', 'maintenance']) {
    faults.push(...cronFaults(section, list(document, section), options));
  }
  list(document, 'alerts').forEach((alert, index) => {
    if (!isRecord(alert)) return;
    list(alert, 'conditions').forEach((condition, position) => {
      if (isRecord(condition))
        faults.push(...conditionFaults(`alerts[${index}].conditions[${position}]`, condition));
    });
    for (const key of ['recipients', 'sms']) {
      faults.push(...duplicateAddresses(`alerts[${index}].${key}`, list(alert, key)));
    }
  });
  list(document, 'smtpEvents').forEach((rule, index) => {
    if (!isRecord(rule)) return;
    list(rule, 'actions').forEach((action, position) => {
      if (isRecord(action)) faults.push(...headerFaults(`smtpEvents[${index}].actions[${position}]`, action));
    });
  });
  if (isRecord(document['relay'])) faults.push(...relayFaults(document['relay']));
  return faults;
}

/** A token (RFC 9110 5.6.2). `__proto__` is one, and no header that anybody means: schemas pass over it without a word. */
const HEADER_NAME = /^(?!__proto__$)[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/;

function headerFaults(path: string, action: Raw): SettingsFault[] {
  const headers = action['headers'];
  if (!isRecord(headers)) return [];
  const wrong = Object.keys(headers).filter((name) => !HEADER_NAME.test(name));
  return wrong.map((name) => ({
    path: `${path}.${pathText(['headers', name])}`,
    message: 'is not the name of a header: letters, digits and - , such as Content-Type',
  }));
}

function duplicateNames(section: string, entries: readonly unknown[]): SettingsFault[] {
  const first = new Map<string, number>();
  const faults: SettingsFault[] = [];
  entries.forEach((entry, index) => {
    if (!isRecord(entry) || typeof entry['name'] !== 'string') return;
    const key = entry['name'].trim().toLowerCase();
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, index);
    else {
      const message = `“${entry['name'].trim()}” is also the name of ${section}[${earlier}]; names must differ`;
      faults.push({ path: `${section}[${index}].name`, message });
    }
  });
  return faults;
}

function duplicateAddresses(path: string, entries: readonly unknown[]): SettingsFault[] {
  const first = new Map<string, number>();
  const faults: SettingsFault[] = [];
  entries.forEach((entry, index) => {
    if (typeof entry !== 'string') return;
    const earlier = first.get(entry.toLowerCase());
    if (earlier === undefined) first.set(entry.toLowerCase(), index);
    else faults.push({ path: `${path}[${index}]`, message: `“${entry}” stands in the list already` });
  });
  return faults;
}

function cronFaults(
  section: string,
  entries: readonly unknown[],
  options: SettingsRulesOptions,
): SettingsFault[] {
  return entries.flatMap((entry, index) => {
    if (!isRecord(entry) || typeof entry['cron'] !== 'string' || entry['cron'] === '') return [];
    const fault = options.cronFault(entry['cron']);
    return fault === null ? [] : [{ path: `${section}[${index}].cron`, message: fault }];
  });
}

function relayFaults(relay: Raw): SettingsFault[] {
  const url = relay['url'];
  // What is no address at all is said by the schema.
  if (typeof url !== 'string' || !/^https?:\/\/[^\s/?#]+/i.test(url)) return [];
  const message = relayUrlFault(url);
  return message === null ? [] : [{ path: 'relay.url', message }];
}

function conditionFaults(path: string, condition: Raw): SettingsFault[] {
  const metric = condition['metric'];
  if (typeof metric !== 'string' || !Object.hasOwn(METRICS, metric)) return [];
  const definition: MetricDefinition = METRICS[metric as MetricName];
  const faults = [...targetFaults(path, metric, definition.target, condition)];
  if (definition.kind === 'state') faults.push(...stateFaults(path, metric, definition.states, condition));
  else faults.push(...thresholdFaults(path, metric, condition));
  return faults;
}

const TARGET_WORDS: Readonly<Record<TargetKind, string>> = {
  mount: 'a mount point or drive such as / or C:',
  interface: 'a network interface such as eth0',
  process: 'the name of a process',
  service: 'the name of a service',
  'host:port': 'host:port, such as mail.contoso.example:25',
  url: 'an address that begins with https:// or http://',
  name: 'a DNS name',
  path: 'the full path of a file or folder',
};

function targetFaults(
  path: string,
  metric: string,
  kind: TargetKind | null,
  condition: Raw,
): SettingsFault[] {
  const target = condition['target'];
  if (kind === null) {
    return target === undefined
      ? []
      : [{ path: `${path}.target`, message: `${metric} takes no target; remove the key` }];
  }
  const wanted = TARGET_WORDS[kind];
  if (target === undefined)
    return [{ path: `${path}.target`, message: `is missing; ${metric} needs ${wanted}` }];
  if (typeof target !== 'string' || target === '') return [];
  if (!targetFits(metric, kind, target))
    return [{ path: `${path}.target`, message: `must be ${wanted}, not “${target}”` }];
  // What is watched stands in every mail about it.
  return holdsCredentials(target) ? [{ path: `${path}.target`, message: CREDENTIALS_FAULT }] : [];
}

function targetFits(metric: string, kind: TargetKind, target: string): boolean {
  switch (kind) {
    case 'host:port':
      return isHostPort(target) || (metric === 'tls.expiresInDays' && /^https:\/\/[^\s/]+/i.test(target));
    case 'url':
      return /^https?:\/\/[^\s/]+/i.test(target);
    case 'path':
      return target.startsWith('/') || /^[A-Za-z]:[\\/]/.test(target) || target.startsWith('\\\\');
    case 'mount':
      return target.startsWith('/') || /^[A-Za-z]:[\\/]?/.test(target) || target.startsWith('\\\\');
    case 'name':
    case 'process':
    case 'service':
    case 'interface':
      return target.trim() !== '';
  }
}

function isHostPort(target: string): boolean {
  const match = /^(?:\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/.exec(target);
  const port = Number(match?.[1]);
  return port >= 1 && port <= 65535;
}

function stateFaults(
  path: string,
  metric: string,
  states: readonly string[],
  condition: Raw,
): SettingsFault[] {
  const faults: SettingsFault[] = ['above', 'below', 'clear']
    .filter((key) => condition[key] !== undefined)
    .map((key) => ({
      path: `${path}.${key}`,
      message: `does not go with ${metric}, which is a state; use "is"`,
    }));
  const wanted = states.join(' or ');
  const is = condition['is'];
  if (is === undefined) faults.push({ path: `${path}.is`, message: `is missing; ${metric} is ${wanted}` });
  else if (typeof is === 'string' && !states.includes(is)) {
    faults.push({ path: `${path}.is`, message: `must be ${wanted}, not “${is}”` });
  }
  return faults;
}

function thresholdFaults(path: string, metric: string, condition: Raw): SettingsFault[] {
  const { above, below, clear, is } = condition;
  const faults: SettingsFault[] = [];
  if (is !== undefined) {
    faults.push({
      path: `${path}.is`,
      message: `does not go with ${metric}, which is a number; use "above" or "below"`,
    });
  }
  if (above === undefined && below === undefined) {
    if (is === undefined) faults.push({ path, message: `needs a limit: "above" or "below"` });
  } else if (above !== undefined && below !== undefined) {
    faults.push({
      path: `${path}.below`,
      message: 'does not go with "above" in the same condition; write two conditions',
    });
  } else if (typeof clear === 'number') {
    if (typeof above === 'number' && clear > above) {
      faults.push({ path: `${path}.clear`, message: `must not be greater than "above" (${above})` });
    }
    if (typeof below === 'number' && clear < below) {
      faults.push({ path: `${path}.clear`, message: `must not be less than "below" (${below})` });
    }
  }
  return faults;
}
