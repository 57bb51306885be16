import { z } from 'zod';
import { addressFault } from '../address.ts';
import { SEVERITIES } from '../model/alert.ts';
import { METRIC_NAMES, type MetricName } from '../model/metrics.ts';
import { SMTP_EVENT_TYPES } from '../model/smtp-event.ts';
import { endpointFault } from './relay-url.ts';

// A page with a strict Content-Security-Policy reports zod's probe for `eval`; without it nothing is probed.
z.config({ jitless: true });

/** What stands on pages and in exports where a password is set. Never a password itself. */
const PASSWORD_PLACEHOLDER = '****';

/** Largest settings file that is read at all, in bytes. */
export const SETTINGS_MAX_BYTES = 4 * 1024 * 1024;

/**
 * No control characters of either set (ASCII and ISO 6429), no line separators, and no marks that turn or set apart the
 * reading direction (UAX 9): they make one name look like another, and terminals do what they say.
 */
const PRINTABLE = /^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]*$/;

/** One line of text for people: no control characters, so that it can stand in a header or a log line. */
function line(max: number) {
  return z
    .string()
    .max(max, `must have at most ${max} characters`)
    .regex(PRINTABLE, 'contains a line break or another control character');
}

const name = line(100).trim().min(1, 'must not be empty');
const address = z.string().superRefine((value, context) => {
  const fault = addressFault(value);
  if (fault !== null) context.addIssue({ code: 'custom', message: `“${printable(value)}” ${fault}` });
});
const addresses = z.array(address).max(200, 'must list at most 200 addresses');
const host = line(253)
  .min(1, 'must not be empty')
  .regex(/^[A-Za-z0-9._:%[\]-]+$/, 'must be a host name or an IP address, without spaces, port or protocol');
const port = z.int().min(1, 'must be from 1 to 65535').max(65535, 'must be from 1 to 65535');
const security = z.enum(['none', 'starttls', 'tls']);
const secret = z
  .string()
  .min(1, 'must not be empty; leave the key out where no password is set')
  .max(4096, 'must have at most 4096 characters')
  .refine((value) => value !== PASSWORD_PLACEHOLDER, {
    message: `“${PASSWORD_PLACEHOLDER}” is what Tocsin shows in place of a password; write the password itself, or leave the key out to keep the stored one`,
  })
  .optional();
const minutes = (max: number) =>
  z.int().min(1, `must be from 1 to ${max}`).max(max, `must be from 1 to ${max}`);
const seconds = (max: number) =>
  z.int().min(0, `must be from 0 to ${max}`).max(max, `must be from 0 to ${max}`);
const WEEK_SECONDS = 7 * 24 * 3600;
const cron = line(200).min(1, 'must not be empty');

const httpUrl = line(2000).superRefine((value, context) => {
  const fault = httpUrlFault(value);
  if (fault !== null) context.addIssue({ code: 'custom', message: fault });
});

/** Where tokens are asked for. */
const endpoint = line(2000)
  .superRefine((value, context) => {
    const fault = endpointFault(value);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  })
  .nullable()
  .default(null);

function httpUrlFault(value: string): string | null {
  if (!/^https?:\/\/[^\s/?#]+/i.test(value)) return 'must be an address that begins with https:// or http://';
  return holdsCredentials(value) ? CREDENTIALS_FAULT : null;
}

/** A part of the address that is shown wherever the address is, as in mails and in the log. */
export const CREDENTIALS_FAULT =
  'must not hold a user name or password: the address is shown and logged as it stands';

/** Whether a user name or password stands in front of the host of a web address (RFC 3986 3.2.1). */
export function holdsCredentials(url: string): boolean {
  return /^https?:[\\/]*[^\\/?#]*@/i.test(url);
}

function printable(value: string): string {
  return JSON.stringify(value.slice(0, 80)).slice(1, -1);
}

/** SHA-256 of a certificate as browsers, OpenSSL and Tocsin's own test show it; the colons may be left out. */
const certificateSha256 = z
  .string()
  .regex(
    /^(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){31})$/,
    'must be the SHA-256 fingerprint of a certificate: 64 hexadecimal digits, with or without colons between pairs',
  );

const smtpAuth = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('none') }),
  z.strictObject({
    method: z.literal('password'),
    user: line(320).min(1, 'must not be empty'),
    password: secret,
  }),
  z.strictObject({
    method: z.literal('oauth2'),
    user: line(320).min(1, 'must not be empty'),
    provider: z.enum(['microsoft', 'google', 'custom']).default('microsoft'),
    clientId: line(200).nullable().default(null),
    tenant: line(200).nullable().default(null),
    // Some providers give one even to programs on people's own computers, where it is no secret to them (RFC 8252 8.5).
    clientSecret: secret,
    authorizationEndpoint: endpoint,
    tokenEndpoint: endpoint,
    deviceEndpoint: endpoint,
    revocationEndpoint: endpoint,
    scope: line(500).nullable().default(null),
  }),
]);

const smtpServer = z.strictObject({
  host,
  port: port.default(25),
  security: security.default('none'),
  auth: smtpAuth.default({ method: 'none' }),
  caFile: line(4096).min(1, 'must not be empty').nullable().default(null),
  // The one certificate that is trusted, whoever signed it. The authorities are then not asked.
  certificateSha256: certificateSha256.nullable().default(null),
});

const smtp = z.strictObject({
  servers: z.array(smtpServer).max(10, 'must list at most 10 servers').default([]),
  from: z
    .strictObject({ name: line(200).nullable().default(null), address })
    .nullable()
    .default(null),
  timeoutSeconds: z.int().min(1, 'must be from 1 to 120').max(120, 'must be from 1 to 120').default(20),
});

const installation = z.strictObject({
  name: name.nullable().default(null),
  organisation: line(200).nullable().default(null),
  alertFormat: z.enum(['html', 'text']).default('html'),
  intervalSeconds: z.int().min(1, 'must be from 1 to 3600').max(3600, 'must be from 1 to 3600').default(10),
  language: z.enum(['en']).default('en'),
});

const relay = z.strictObject({ url: httpUrl, useWhenSmtpFails: z.boolean().default(false) });

const mailbox = z.strictObject({
  protocol: z.enum(['pop3', 'imap']),
  host,
  port,
  security: security.default('tls'),
  user: line(320).min(1, 'must not be empty'),
  password: secret,
  checkEveryMinutes: minutes(1440).default(5),
  // Whose mail arrives there. Null: the sender's, to whom what cannot be handed over is returned.
  address: address.nullable().default(null),
  roundTripHours: z
    .int()
    .min(0, 'must be from 0 (never) to 168')
    .max(168, 'must be from 0 (never) to 168')
    .default(6),
});

const profile = z.strictObject({ emails: addresses.default([]), sms: addresses.default([]) });

const emailProperties = z.strictObject({
  smtpOverride: z.boolean().default(false),
  subject: line(200).nullable().default(null),
  format: z.enum(['installation', 'html', 'text']).default('installation'),
  priority: z.enum(['low', 'normal', 'high']).default('normal'),
});

// Row W1: there is no such key here, and writing one gets the reason instead of "unknown key".
const fileAlertEmailProperties = emailProperties.omit({ smtpOverride: true }).extend({
  smtpOverride: z
    .never({
      error:
        'is not available for file alerts: they may contain attachments, which are never sent through the Tocsin Web Service. Remove the key',
    })
    .optional(),
});

/** Says which metrics there are of the kind that was meant, or all kinds where that cannot be told. */
function metricFault(metric: unknown): string {
  if (typeof metric !== 'string') return 'must name what is measured, such as disk.usedPercent';
  // Of what is far too long no more is looked at than is shown.
  const shown = metric.length > 60 ? `${metric.slice(0, 57)}…` : metric;
  const [meant] = shown.split('.', 1);
  const family = METRIC_NAMES.filter((known) => known.split('.')[0] === meant);
  const hint =
    family.length > 0
      ? family.join(', ')
      : [...new Set(METRIC_NAMES.map((known) => `${known.split('.')[0]}.…`))].join(', ');
  return `“${printable(shown)}” is not a metric Tocsin knows; there are ${hint}`;
}

// Which of these keys belong together depends on the metric: see settings-rules.ts.
const condition = z.strictObject({
  metric: z.enum(METRIC_NAMES as readonly [MetricName, ...MetricName[]], {
    error: (issue) => metricFault(issue.input),
  }),
  target: line(1024).min(1, 'must not be empty').optional(),
  above: z.number().optional(),
  below: z.number().optional(),
  clear: z.number().optional(),
  is: z.string().optional(),
  forSeconds: seconds(WEEK_SECONDS).default(0),
  unknownAfterSeconds: seconds(WEEK_SECONDS).optional(),
});

const alert = z.strictObject({
  name,
  enabled: z.boolean().default(true),
  severity: z.enum(SEVERITIES).default('warning'),
  match: z.enum(['any', 'all']).default('any'),
  conditions: z
    .array(condition)
    .min(1, 'must list at least one condition')
    .max(50, 'must list at most 50 conditions'),
  recipients: addresses.default([]),
  sms: addresses.default([]),
  notifyOnRecovery: z.boolean().default(true),
  repeatMinutes: z
    .int()
    .min(0, 'must be from 0 (never) to 10080')
    .max(10080, 'must be from 0 (never) to 10080')
    .default(240),
  unknownAfterSeconds: seconds(WEEK_SECONDS).default(600),
  emailProperties: emailProperties.prefault({}),
});

const report = z.strictObject({
  name,
  enabled: z.boolean().default(true),
  cron: cron.nullable().default(null),
  recipients: addresses.default([]),
  emailProperties: emailProperties.prefault({}),
});

const fileAlert = z.strictObject({
  name,
  enabled: z.boolean().default(true),
  folder: line(4096).min(1, 'must not be empty'),
  recipients: addresses.default([]),
  emailProperties: fileAlertEmailProperties.prefault({}),
});

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 08:00');
const maxFrequencyMinutes = minutes(10080).default(60);
/** Log files and programs of rules lie in one folder each and nowhere else. */
const plainName = line(200)
  .min(1, 'must not be empty')
  .regex(/^[^/\\:*?"<>|]+$/, 'must be a plain file name, without a path or special characters')
  .regex(/^[^.\s](?:.*[^.\s])?$/, 'must not begin or end with a dot or a space')
  .regex(/^(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))/i, 'is a name that Windows keeps for devices');
const ipRange = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'must be an IP address, or a range such as 192.168.1.0/24',
});

const smtpEvent = z.strictObject({
  name,
  enabled: z.boolean().default(true),
  event: z.enum(SMTP_EVENT_TYPES),
  conditions: z
    .strictObject({
      timeOfDay: z.strictObject({ from: clockTime, to: clockTime }).nullable().default(null),
      daysOfWeek: z
        .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
        .nullable()
        .default(null),
      server: host.nullable().default(null),
      port: port.nullable().default(null),
      emailAddress: address.nullable().default(null),
      ssl: z.boolean().nullable().default(null),
      requiresAuthentication: z.boolean().nullable().default(null),
      customerEmail: address.nullable().default(null),
    })
    .prefault({}),
  actions: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({
          type: z.literal('log-to-file'),
          file: plainName,
          maxFrequencyMinutes,
        }),
        z.strictObject({
          type: z.literal('call-web-page'),
          url: httpUrl,
          method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
          headers: z.record(z.string(), line(4096)).default({}),
          body: z.string().max(65536, 'must have at most 65536 characters').nullable().default(null),
          // This computer, the local network and a cloud's metadata service are called only where they are listed.
          allowedAddresses: z.array(ipRange).max(50, 'must list at most 50 addresses').default([]),
        }),
        z.strictObject({
          type: z.literal('external-provider'),
          command: plainName,
          maxFrequencyMinutes,
        }),
        z.strictObject({
          type: z.literal('send-email'),
          recipients: addresses.min(1, 'must list at least one address'),
          maxFrequencyMinutes,
        }),
        z.strictObject({ type: z.literal('notification-profile'), maxFrequencyMinutes }),
      ]),
    )
    .min(1, 'must list at least one action')
    .max(20, 'must list at most 20 actions'),
});

const maintenance = z.strictObject({ name, cron, minutes: minutes(10080) });

/** The settings file, version 1, as the contract defines it. Parsing fills in every default. */
export const settingsSchema = z.strictObject({
  version: z.literal(1),
  installation: installation.prefault({}),
  smtp: smtp.prefault({}),
  relay: relay.nullable().default(null),
  mailbox: mailbox.nullable().default(null),
  profile: profile.prefault({}),
  alerts: z.array(alert).max(1000, 'must list at most 1000 alerts').default([]),
  reports: z.array(report).max(100, 'must list at most 100 reports').default([]),
  fileAlerts: z.array(fileAlert).max(100, 'must list at most 100 file alerts').default([]),
  smtpEvents: z.array(smtpEvent).max(100, 'must list at most 100 rules').default([]),
  maintenance: z.array(maintenance).max(100, 'must list at most 100 windows').default([]),
});

/** Settings with every default filled in. Passwords are present only on their way to the secret store. */
export type Settings = z.infer<typeof settingsSchema>;
export type AlertSettings = Settings['alerts'][number];
export type ConditionSettings = AlertSettings['conditions'][number];
export type FileAlertSettings = Settings['fileAlerts'][number];
export type ReportSettings = Settings['reports'][number];
export type EmailProperties = AlertSettings['emailProperties'];
export type MailboxSettings = NonNullable<Settings['mailbox']>;
export type SmtpEventRule = Settings['smtpEvents'][number];
export type SmtpEventAction = SmtpEventRule['actions'][number];
export type SmtpServerSettings = Settings['smtp']['servers'][number];

/** What a fresh installation works with: nothing watched, mail goes to the practice mailbox. */
export function defaultSettings(): Settings {
  return settingsSchema.parse({ version: 1 });
}
