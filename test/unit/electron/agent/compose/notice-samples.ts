import type {
  ComposeContext,
  FileAlert,
  SystemNotice,
} from '../../../../../electron/agent/compose/compose.ts';
import { unknownNotice } from '../../../../../electron/agent/compose/notices.ts';
import type { PathFacts } from '../../../../../electron/agent/compose/path-notice.ts';
import { settingsSchema } from '../../../../../shared/contract/settings.ts';
import { unknown } from '../../../../../shared/model/sample.ts';
import { HOUR, NOW, sampleContext } from './samples.ts';

export function sampleNotice(changes: Partial<SystemNotice> = {}): SystemNotice {
  return {
    subject: 'Mail server does not answer',
    headline: 'The mail server mail.contoso.example does not answer',
    paragraphs: [
      'The last 3 messages could not be handed over: mail.contoso.example did not answer within 20 s. They are kept and tried again.',
      'Check the name and port, or whether a firewall blocks port 25.',
      'This notice is repeated at most once in 24 h.',
    ],
    severity: 'warning',
    recipients: ['admin@provider.example'],
    ...changes,
  };
}

/** What the administrator is told once about something that cannot be measured. */
export function sampleUnknown(context: ComposeContext = sampleContext()): SystemNotice {
  const conditions = [
    { metric: 'disk.usedPercent', target: '/mnt/backup', above: 90 },
    { metric: 'file.ageSeconds', target: '/mnt/backup/nightly.tar', above: 93_600 },
  ];
  const [alert] = settingsSchema.parse({
    version: 1,
    alerts: [{ name: 'Backup too old', conditions }],
  }).alerts;
  if (alert === undefined) throw new Error('no alert');
  const readings = [unknown('/mnt/backup is not mounted'), unknown('the file is not there')];
  return unknownNotice(alert, [0, 1], readings, ['admin@provider.example'], context);
}

/** What another program asked to be mailed, with a file. */
export function sampleFileAlert(changes: Partial<FileAlert> = {}): FileAlert {
  return {
    name: 'Backup tool',
    severity: 'critical',
    subject: 'Backup failed',
    message: [
      'Job "nightly" ended with status 2 after 41 min.',
      '',
      '  tape 3   full   400 GB',
      '  tape 4   not in the drive',
      '',
      'Put in tape 4 and start the job again.',
    ].join('\n'),
    attachments: [{ name: 'backup.log', sizeBytes: 18_432 }],
    recipients: ['it@contoso.example'],
    emailProperties: { subject: null, format: 'installation', priority: 'normal' },
    ...changes,
  };
}

/** The mail server has been dead for two hours; the Web Service carries the news. */
export function samplePathFacts(changes: Partial<PathFacts> = {}): PathFacts {
  return {
    route: 'smtp',
    servers: ['mail.contoso.example:25'],
    deadSince: NOW - 2 * HOUR,
    code: 'smtp_connection_refused',
    reply: null,
    waiting: 4,
    oldestWaitingAt: NOW - 2 * HOUR,
    by: 'relay',
    emails: ['admin@provider.example'],
    sms: [],
    ...changes,
  };
}
