import type { z } from 'zod';
import { type AlertSettings, settingsSchema } from './contract/settings.ts';

/** The operating systems for which examples are given, as Node names them. */
export const TEMPLATE_SYSTEMS = ['linux', 'win32', 'darwin'] as const;
export type TemplateSystem = (typeof TEMPLATE_SYSTEMS)[number];

/** An alert as a settings file may write it: what has a default may be left out. */
type AlertInput = NonNullable<z.input<typeof settingsSchema>['alerts']>[number];

/** Something that only the user knows, such as which service is meant. */
export interface TemplateBlank {
  readonly label: string;
  /** Positions of the conditions whose `target` it is. */
  readonly conditions: readonly number[];
  readonly examples: Readonly<Record<TemplateSystem, string>>;
  /** Whether the example is right on nearly every computer, so that it may stand as it is. */
  readonly usable: boolean;
}

/** A ready alert to start from. */
export interface AlertTemplate {
  /** Stays the same for ever; the title may change. */
  readonly id: string;
  readonly title: string;
  /** What it is for, in one sentence. */
  readonly purpose: string;
  /** Whether a new installation starts with it. Such a template has no blank but one that is usable. */
  readonly preselected: boolean;
  readonly blanks: readonly TemplateBlank[];
  /** Without recipients; conditions that have a blank are without their target. */
  readonly alert: Omit<AlertInput, 'recipients' | 'sms'>;
}

function blank(
  label: string,
  [linux, win32, darwin]: readonly [linux: string, win32: string, darwin: string],
  options: { readonly conditions?: readonly number[]; readonly usable?: boolean } = {},
): TemplateBlank {
  const { conditions = [0], usable = false } = options;
  return { label, conditions, examples: { linux, win32, darwin }, usable };
}

/**
 * Ready alerts, in the order in which they are offered. Limits clear a step away from where they fire, so that a value on
 * the edge does not flap: disks ten points lower (Netdata's health.d), others five.
 */
export const ALERT_TEMPLATES: readonly AlertTemplate[] = [
  {
    id: 'disk-nearly-full',
    title: 'Disk nearly full',
    purpose: 'Tells you while there is still room to tidy up, before programs fail to write.',
    preselected: true,
    blanks: [blank('Mount point or drive', ['/', 'C:', '/'], { usable: true })],
    alert: {
      name: 'Disk nearly full',
      severity: 'critical',
      conditions: [{ metric: 'disk.usedPercent', above: 90, clear: 80, forSeconds: 60 }],
    },
  },
  {
    id: 'memory-short',
    title: 'Memory short',
    purpose: 'Tells you that memory has been nearly used up for 5 minutes, before programs are ended for it.',
    preselected: true,
    blanks: [],
    alert: {
      name: 'Memory short',
      severity: 'warning',
      conditions: [{ metric: 'memory.usedPercent', above: 95, clear: 90, forSeconds: 300 }],
    },
  },
  {
    id: 'computer-restarted',
    title: 'Computer restarted',
    purpose: 'Tells you once after each start of the computer: a power cut, a crash, or updates.',
    preselected: true,
    blanks: [],
    alert: {
      name: 'Computer restarted',
      severity: 'info',
      conditions: [{ metric: 'system.uptimeSeconds', below: 600 }],
      // Neither "still restarted" nor "no longer restarted" is news.
      notifyOnRecovery: false,
      repeatMinutes: 0,
    },
  },
  {
    id: 'service-stopped',
    title: 'Service stopped',
    purpose: 'Tells you that a service is not running; a quick restart of it is passed over.',
    preselected: false,
    blanks: [blank('Service', ['nginx', 'Spooler', 'com.openssh.sshd'])],
    alert: {
      name: 'Service stopped',
      severity: 'critical',
      conditions: [{ metric: 'service.state', is: 'stopped', forSeconds: 30 }],
    },
  },
  {
    id: 'process-missing',
    title: 'Process missing',
    purpose: 'Tells you that no process of that name runs, for programs that are not services.',
    preselected: false,
    blanks: [blank('Name of the process', ['postgres', 'sqlservr.exe', 'postgres'])],
    alert: {
      name: 'Process missing',
      severity: 'critical',
      conditions: [{ metric: 'process.state', is: 'stopped', forSeconds: 30 }],
    },
  },
  {
    id: 'backup-too-old',
    title: 'Backup too old',
    purpose: 'Tells you that the file of a daily backup is older than 26 hours, or is not there.',
    preselected: false,
    blanks: [
      blank(
        'File that the backup writes',
        ['/var/backups/nightly.tar', 'D:\\Backup\\nightly.zip', '/Volumes/Backup/nightly.zip'],
        { conditions: [0, 1] },
      ),
    ],
    alert: {
      name: 'Backup too old',
      severity: 'critical',
      match: 'any',
      conditions: [
        { metric: 'file.ageSeconds', above: 93_600 },
        // The age of a file that is not there is unknown, which never fires. A backup may replace its file.
        { metric: 'file.state', is: 'missing', forSeconds: 300 },
      ],
      repeatMinutes: 1440,
    },
  },
  {
    id: 'web-page-down',
    title: 'Web page down',
    purpose: 'Tells you that a page has not answered for 2 minutes, or answers with an error.',
    preselected: false,
    blanks: [
      blank(
        'Address of the page',
        ['https://www.contoso.example/', 'https://www.contoso.example/', 'https://www.contoso.example/'],
        { conditions: [0, 1] },
      ),
    ],
    alert: {
      name: 'Web page down',
      severity: 'critical',
      match: 'any',
      conditions: [
        { metric: 'http.status', above: 399, forSeconds: 120 },
        // 0 is no answer at all.
        { metric: 'http.status', below: 200, forSeconds: 120 },
      ],
    },
  },
  {
    id: 'certificate-expires',
    title: 'Certificate expires',
    purpose:
      'Tells you two weeks before the certificate of a server ends, and every day until it is renewed.',
    preselected: false,
    blanks: [
      blank('Server', ['www.contoso.example:443', 'www.contoso.example:443', 'www.contoso.example:443']),
    ],
    alert: {
      name: 'Certificate expires',
      severity: 'warning',
      conditions: [{ metric: 'tls.expiresInDays', below: 14 }],
      repeatMinutes: 1440,
    },
  },
  {
    id: 'cpu-busy',
    title: 'CPU busy',
    purpose: 'Tells you that all CPUs together have been busy for 10 minutes; short peaks are passed over.',
    preselected: false,
    blanks: [],
    alert: {
      name: 'CPU busy',
      severity: 'warning',
      conditions: [{ metric: 'cpu.usedPercent', above: 90, clear: 85, forSeconds: 600 }],
    },
  },
  {
    id: 'cpu-hot',
    title: 'CPU hot',
    purpose: 'Tells you that the CPU has been hot for 2 minutes: a fan that stands still, or dust.',
    preselected: false,
    blanks: [],
    alert: {
      name: 'CPU hot',
      severity: 'warning',
      conditions: [{ metric: 'temperature.cpuCelsius', above: 85, clear: 80, forSeconds: 120 }],
    },
  },
];

/** The examples of a template's blanks for one operating system, in their order. */
export function exampleTargets(template: AlertTemplate, system: TemplateSystem): string[] {
  return template.blanks.map(({ examples }) => examples[system]);
}

/** A template's alert as a settings file writes it, with `targets` in its blanks, by their order. */
export function alertInput(template: AlertTemplate, targets: readonly string[]): AlertInput {
  const conditions = template.alert.conditions.map((condition, position) => {
    const at = template.blanks.findIndex((blank) => blank.conditions.includes(position));
    return at < 0 ? condition : withTarget(condition, targets[at] ?? '');
  });
  return { ...template.alert, conditions };
}

/** The target behind the metric, where people look for it. */
function withTarget(condition: AlertInput['conditions'][number], target: string) {
  const { metric, ...rest } = condition;
  return { metric, target, ...rest };
}

/**
 * An alert made from a template, with every default filled in. A blank for which there is no target yet is left empty: the
 * alert is then a draft, which `parseSettings` refuses with the place named.
 */
export function alertFromTemplate(
  template: AlertTemplate,
  targets: readonly string[] = [],
  recipients: readonly string[] = [],
): AlertSettings {
  const complete = alertInput(template, exampleTargets(template, 'linux'));
  const [alert] = settingsSchema.parse({ version: 1, alerts: [complete] }).alerts;
  if (alert === undefined) throw new Error(`The template ${template.id} has no alert`);
  const conditions = alert.conditions.map((condition, position) => {
    const at = template.blanks.findIndex((blank) => blank.conditions.includes(position));
    return at < 0 ? condition : { ...condition, target: targets[at] ?? '' };
  });
  return { ...alert, conditions, recipients: [...recipients] };
}
