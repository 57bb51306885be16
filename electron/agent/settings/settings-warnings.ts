import type { MailboxSettings, Settings, SmtpServerSettings } from '../../../shared/contract/settings.ts';
import type { SettingsFault } from '../../../shared/contract/settings-rules.ts';
import { smsGatewayWarning } from '../../../shared/sms-gateways.ts';
import { missingForSignIn } from '../oauth/provider.ts';

/**
 * What is allowed, and will not do what people expect until something is added: said at each import, in the order of the
 * settings file.
 */
export function settingsWarnings(
  settings: Settings,
  hasPassword: (server: SmtpServerSettings) => boolean,
  hasMailboxPassword: (mailbox: MailboxSettings) => boolean,
  isEnrolled: boolean,
): SettingsFault[] {
  return [
    ...settings.smtp.servers.flatMap((server, index) => serverWarnings(server, index, hasPassword)),
    ...settings.smtp.servers.flatMap(trustWarnings),
    ...mailboxWarnings(settings.mailbox, hasMailboxPassword),
    ...senderWarnings(settings),
    ...overrideWarnings(settings, isEnrolled),
    ...smsWarnings(settings),
    ...nobodyToTell(settings),
  ];
}

function serverWarnings(
  server: SmtpServerSettings,
  index: number,
  hasPassword: (server: SmtpServerSettings) => boolean,
): SettingsFault[] {
  const path = `smtp.servers[${index}].auth`;
  const warnings: SettingsFault[] = [];
  if (server.auth.method === 'none') return warnings;
  if (server.auth.method === 'oauth2') {
    const missing = missingForSignIn(server.auth);
    warnings.push(...missing.map(({ key, message }) => ({ path: `${path}.${key}`, message })));
    if (missing.length === 0 && !hasPassword(server)) {
      const message = 'waits for somebody to sign in; this server is not used until then (“tocsin sign-in”)';
      warnings.push({ path, message });
    }
  } else if (!hasPassword(server)) {
    warnings.push({ path: `${path}.password`, message: 'is not set; this server is not used until it is' });
  }
  if (server.security === 'none') {
    const what = server.auth.method === 'password' ? 'the password' : 'access tokens';
    const message = `sends ${what} unencrypted; set "security" to starttls or tls if the server can`;
    warnings.push({ path, message });
  }
  return warnings;
}

/** A trusted certificate that is not looked at. */
function trustWarnings({ security, certificateSha256 }: SmtpServerSettings, index: number): SettingsFault[] {
  if (certificateSha256 === null || security !== 'none') return [];
  const path = `smtp.servers[${index}].certificateSha256`;
  return [{ path, message: 'has no effect while "security" is none; set that to starttls or tls' }];
}

function mailboxWarnings(
  mailbox: MailboxSettings | null,
  hasPassword: (mailbox: MailboxSettings) => boolean,
): SettingsFault[] {
  if (mailbox === null) return [];
  const path = 'mailbox.password';
  if (!hasPassword(mailbox)) return [{ path, message: 'is not set; the mailbox is not read until it is' }];
  if (mailbox.security !== 'none') return [];
  const message = 'is sent unencrypted; set "security" to starttls or tls if the server can';
  return [{ path, message }];
}

function senderWarnings({ smtp }: Settings): SettingsFault[] {
  if (smtp.servers.length === 0 || smtp.from !== null) return [];
  const message = 'is not set; many servers refuse mail without a sender address they know';
  return [{ path: 'smtp.from', message }];
}

/** Mail with SMTP override leaves by the Web Service only. */
function overrideWarnings(settings: Settings, isEnrolled: boolean): SettingsFault[] {
  const overrides = [...settings.alerts, ...settings.reports].filter(
    (entry) => entry.emailProperties.smtpOverride,
  );
  if (isEnrolled || overrides.length === 0) return [];
  const names = overrides.map(({ name }) => `“${name}”`).join(', ');
  const message = `mail of ${names} is kept until this computer is enrolled with "tocsin enroll"`;
  return [{ path: 'emailProperties.smtpOverride', message }];
}

function smsWarnings(settings: Settings): SettingsFault[] {
  const addresses = [
    ...settings.profile.sms.map((address, index) => ({ path: `profile.sms[${index}]`, address })),
    ...settings.alerts.flatMap((alert, index) =>
      alert.sms.map((address, position) => ({ path: `alerts[${index}].sms[${position}]`, address })),
    ),
  ];
  return addresses.flatMap(({ path, address }) => {
    const message = smsGatewayWarning(address);
    return message === null ? [] : [{ path, message }];
  });
}

function nobodyToTell(settings: Settings): SettingsFault[] {
  const empty = (
    section: string,
    entries: readonly { name: string; recipients: readonly string[] }[],
    sms: boolean[],
  ) =>
    entries.flatMap(({ name, recipients }, index) =>
      recipients.length > 0 || sms[index]
        ? []
        : [{ path: `${section}[${index}].recipients`, message: `is empty; “${name}” will tell nobody` }],
    );
  return [
    ...empty(
      'alerts',
      settings.alerts,
      settings.alerts.map((alert) => alert.sms.length > 0),
    ),
    ...empty('reports', settings.reports, []),
    ...empty('fileAlerts', settings.fileAlerts, []),
  ];
}
