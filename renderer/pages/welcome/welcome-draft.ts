import type { AlertSettings, Settings } from '../../../shared/contract/settings.ts';
import { METRICS, type TargetKind } from '../../../shared/model/metrics.ts';
import { ALERT_TEMPLATES, alertFromTemplate, type AlertTemplate } from '../../../shared/templates.ts';
import { newServer, type ServerDraft, serverOf } from '../email/server-draft.ts';

/** What is entered in the three steps. */
export interface WelcomeDraft {
  readonly name: string;
  readonly organisation: string;
  /** `keep`: the servers that are set already. */
  readonly where: 'keep' | 'server' | 'practice';
  readonly server: ServerDraft;
  readonly fromAddress: string;
  readonly people: readonly string[];
  /** Ids of templates. */
  readonly chosen: readonly string[];
  /** What is entered in the blanks of templates, by id. */
  readonly targets: Readonly<Record<string, readonly string[]>>;
  /** The disks that “Disk nearly full” is about. */
  readonly mounts: readonly string[];
}

/** More disks than this are no help to somebody who has a minute. */
const MOUNTS_MAX = 8;

export function firstWelcomeDraft(
  settings: Settings,
  computer: string,
  mounts: readonly string[],
): WelcomeDraft {
  const { installation, smtp, profile } = settings;
  return {
    name: installation.name ?? computer,
    organisation: installation.organisation ?? '',
    where: smtp.servers.length > 0 ? 'keep' : 'server',
    server: newServer('first'),
    fromAddress: smtp.from?.address ?? '',
    people: profile.emails,
    chosen: ALERT_TEMPLATES.filter(
      (template) => template.preselected && !isThere(template, settings.alerts),
    ).map(({ id }) => id),
    targets: {},
    mounts: mounts.slice(0, MOUNTS_MAX),
  };
}

/** Whether an alert of that name is there already: two must not have the same. */
export function isThere(template: AlertTemplate, alerts: readonly AlertSettings[]): boolean {
  return alerts.some(({ name }) => name.toLowerCase() === template.alert.name.toLowerCase());
}

/** The kind of thing a blank asks for, to offer names of; null where none can be offered. */
export function blankKind(template: AlertTemplate, blank: number): TargetKind | null {
  const [position] = template.blanks[blank]?.conditions ?? [];
  const condition = position === undefined ? undefined : template.alert.conditions[position];
  return condition === undefined ? null : METRICS[condition.metric].target;
}

/** Whether it is about disks, of which several may be chosen at once. */
export function isAboutMounts(template: AlertTemplate): boolean {
  return template.blanks.length === 1 && blankKind(template, 0) === 'mount';
}

/** The alert as it would be saved; null while something that only the user knows is missing. */
export function draftAlert(
  template: AlertTemplate,
  { targets, mounts, people }: Pick<WelcomeDraft, 'targets' | 'mounts' | 'people'>,
): AlertSettings | null {
  if (isAboutMounts(template)) {
    if (mounts.length === 0) return null;
    const alert = alertFromTemplate(template, mounts.slice(0, 1), people);
    const conditions = mounts.flatMap((target) =>
      alert.conditions.map((condition) => ({ ...condition, target })),
    );
    return { ...alert, match: 'any', conditions };
  }
  const given = template.blanks.map((_blank, at) => targets[template.id]?.[at]?.trim() ?? '');
  return given.includes('') ? null : alertFromTemplate(template, given, people);
}

/** The chosen templates that are not complete. */
export function incomplete(draft: WelcomeDraft): readonly AlertTemplate[] {
  return chosenTemplates(draft).filter((template) => draftAlert(template, draft) === null);
}

function chosenTemplates({ chosen }: WelcomeDraft): readonly AlertTemplate[] {
  return ALERT_TEMPLATES.filter(({ id }) => chosen.includes(id));
}

export function welcomeFrom({ fromAddress, organisation }: WelcomeDraft): Settings['smtp']['from'] {
  const address = fromAddress.trim();
  const bare = organisation.trim();
  return address === '' ? null : { name: bare === '' ? 'Tocsin' : `Tocsin at ${bare}`, address };
}

/** The settings with the first `steps` steps carried out. */
export function applyWelcome(draft: WelcomeDraft, settings: Settings, steps: 1 | 2 | 3): Settings {
  const bare = (text: string) => (text.trim() === '' ? null : text.trim());
  const own = draft.where === 'server';
  const others = draft.people.filter((address) => !settings.profile.emails.includes(address));
  const alerts = chosenTemplates(draft).flatMap((template) => draftAlert(template, draft) ?? []);
  return {
    ...settings,
    installation: {
      ...settings.installation,
      name: bare(draft.name),
      organisation: bare(draft.organisation),
    },
    smtp: own
      ? { ...settings.smtp, servers: [serverOf(draft.server)], from: welcomeFrom(draft) }
      : settings.smtp,
    profile:
      steps < 2 ? settings.profile : { ...settings.profile, emails: [...settings.profile.emails, ...others] },
    alerts: steps < 3 ? settings.alerts : [...settings.alerts, ...alerts],
  };
}
