import type { Settings } from '../../shared/contract/settings.ts';

/**
 * Whether all that may use the Web Service does so. Null where there is nothing to choose: this computer is not enrolled,
 * or has neither alerts nor reports. File alerts never use it (their attachments are not sent through it).
 */
export function overridesAll(settings: Settings, isEnrolled: boolean): boolean | null {
  const all = [...settings.alerts, ...settings.reports];
  if (!isEnrolled || all.length === 0) return null;
  return all.every((entry) => entry.emailProperties.smtpOverride);
}

/** The settings with SMTP override on every alert and report, or on none. */
export function withOverride(settings: Settings, smtpOverride: boolean): Settings {
  return {
    ...settings,
    alerts: settings.alerts.map((alert) => ({
      ...alert,
      emailProperties: { ...alert.emailProperties, smtpOverride },
    })),
    reports: settings.reports.map((report) => ({
      ...report,
      emailProperties: { ...report.emailProperties, smtpOverride },
    })),
  };
}
