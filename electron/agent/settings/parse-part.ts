import type {
  AlertSettings,
  MailboxSettings,
  ReportSettings,
  Settings,
  SmtpEventRule,
  SmtpServerSettings,
} from '../../../shared/contract/settings.ts';
import { parseSettings, type SettingsFault } from '../../../shared/contract/settings-rules.ts';
import { cronFault } from './cron.ts';

/** One entry of the settings, or every fault of it, its paths beginning within the entry. */
export type PartParse<Part> =
  | { readonly ok: true; readonly part: Part }
  | { readonly ok: false; readonly faults: readonly SettingsFault[] };

/** An alert as an editor holds it, by the rules of the settings file. */
export function parseAlert(alert: unknown): PartParse<AlertSettings> {
  return parsePart({ alerts: [alert] }, 'alerts[0]', (settings) => settings.alerts[0]);
}

export function parseReport(report: unknown): PartParse<ReportSettings> {
  return parsePart({ reports: [report] }, 'reports[0]', (settings) => settings.reports[0]);
}

export function parseServer(server: unknown): PartParse<SmtpServerSettings> {
  return parsePart({ smtp: { servers: [server] } }, 'smtp.servers[0]', ({ smtp }) => smtp.servers[0]);
}

export function parseMailbox(mailbox: unknown): PartParse<MailboxSettings> {
  return parsePart({ mailbox }, 'mailbox', (settings) => settings.mailbox ?? undefined);
}

export function parseRule(rule: unknown): PartParse<SmtpEventRule> {
  return parsePart({ smtpEvents: [rule] }, 'smtpEvents[0]', ({ smtpEvents }) => smtpEvents[0]);
}

function parsePart<Part>(
  document: object,
  path: string,
  pick: (settings: Settings) => Part | undefined,
): PartParse<Part> {
  const read = parseSettings({ version: 1, ...document }, { cronFault });
  if (!read.ok) {
    const faults = read.faults.map((fault) => ({ ...fault, path: within(fault.path, path) }));
    return { ok: false, faults };
  }
  const part = pick(read.settings);
  return part === undefined
    ? { ok: false, faults: [{ path: '', message: 'is missing' }] }
    : { ok: true, part };
}

function within(path: string, outer: string): string {
  return path.startsWith(outer) ? path.slice(outer.length).replace(/^\./, '') : path;
}

/** All faults in one sentence. */
export function faultsText(faults: readonly SettingsFault[]): string {
  return faults.map(({ path, message }) => `${path} ${message}`.trim()).join('; ');
}
