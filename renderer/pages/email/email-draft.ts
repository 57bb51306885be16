import type { Settings } from '../../../shared/contract/settings.ts';
import { changeSection, isSame, type SettingsChange } from '../../model/settings-change.ts';
import { type MailboxDraft, mailboxDraftOf, mailboxOf } from './mailbox-draft.ts';
import { type ServerDraft, serverDraftOf, serverOf } from './server-draft.ts';
import { textOrNull } from './text-or-null.ts';

/** Everything that can be changed on the page, as it stands in its fields. */
export interface EmailDraft {
  readonly name: string;
  readonly organisation: string;
  readonly alertFormat: Settings['installation']['alertFormat'];
  readonly servers: readonly ServerDraft[];
  readonly fromName: string;
  readonly fromAddress: string;
  readonly timeoutSeconds: number | null;
  readonly useWhenSmtpFails: boolean;
  readonly mailbox: MailboxDraft;
  readonly emails: readonly string[];
  readonly sms: readonly string[];
}

export function emailDraftOf(settings: Settings): EmailDraft {
  const { installation, smtp, relay, mailbox, profile } = settings;
  return {
    name: installation.name ?? '',
    organisation: installation.organisation ?? '',
    alertFormat: installation.alertFormat,
    servers: smtp.servers.map((server, index) => serverDraftOf(server, `stored ${index}`)),
    fromName: smtp.from?.name ?? '',
    fromAddress: smtp.from?.address ?? '',
    timeoutSeconds: smtp.timeoutSeconds,
    useWhenSmtpFails: relay?.useWhenSmtpFails ?? false,
    mailbox: mailboxDraftOf(mailbox),
    emails: profile.emails,
    sms: profile.sms,
  };
}

export function fromOf({ fromName, fromAddress }: Pick<EmailDraft, 'fromName' | 'fromAddress'>) {
  const address = fromAddress.trim();
  const name = textOrNull(fromName);
  return address === '' && name === null ? null : { name, address };
}

/** The whole settings with the form's values in place. */
export function applyEmailDraft(draft: EmailDraft, settings: Settings): Settings {
  const { mailbox } = draft;
  return {
    ...settings,
    installation: {
      ...settings.installation,
      name: textOrNull(draft.name),
      organisation: textOrNull(draft.organisation),
      alertFormat: draft.alertFormat,
    },
    smtp: {
      servers: draft.servers.map(serverOf),
      from: fromOf(draft),
      timeoutSeconds: draft.timeoutSeconds ?? 0,
    },
    relay: settings.relay === null ? null : { ...settings.relay, useWhenSmtpFails: draft.useWhenSmtpFails },
    mailbox: mailbox.isOn ? mailboxOf(mailbox) : null,
    profile: { emails: [...draft.emails], sms: [...draft.sms] },
  };
}

const SECTIONS = ['installation', 'smtp', 'relay', 'mailbox', 'profile'] as const;

/** Changes those of the page's sections, and of `others`, that are no longer as they were. */
export function emailChange(
  before: Settings,
  after: Settings,
  others: readonly (keyof Settings)[] = [],
): SettingsChange {
  const changes = [...SECTIONS, ...others]
    .filter((key) => !isSame(before[key], after[key]))
    .map((key) => changeSection(key, before[key], after[key]));
  return (current) =>
    changes.reduce<Settings | null>((changed, change) => changed && change(changed), current);
}
