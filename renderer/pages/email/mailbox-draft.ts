import type { Settings } from '../../../shared/contract/settings.ts';
import type { Security } from './server-draft.ts';
import { textOrNull } from './text-or-null.ts';

type Mailbox = NonNullable<Settings['mailbox']>;

export interface MailboxDraft {
  readonly isOn: boolean;
  readonly protocol: Mailbox['protocol'];
  readonly host: string;
  readonly port: number | null;
  readonly security: Security;
  readonly user: string;
  readonly password: string;
  readonly checkEveryMinutes: number | null;
  /** Empty: the sender's. */
  readonly address: string;
  readonly roundTripHours: number | null;
}

const MAILBOX_PORTS: Readonly<Record<Mailbox['protocol'], Readonly<Record<Security, number>>>> = {
  pop3: { none: 110, starttls: 110, tls: 995 },
  imap: { none: 143, starttls: 143, tls: 993 },
};

/** The port follows security and protocol for as long as it is the usual one. */
export function withMailbox(
  mailbox: MailboxDraft,
  change: Partial<Pick<MailboxDraft, 'protocol' | 'security'>>,
): MailboxDraft {
  const next = { ...mailbox, ...change };
  const follows = mailbox.port === null || mailbox.port === MAILBOX_PORTS[mailbox.protocol][mailbox.security];
  return { ...next, port: follows ? MAILBOX_PORTS[next.protocol][next.security] : mailbox.port };
}

export function mailboxDraftOf(mailbox: Settings['mailbox']): MailboxDraft {
  return {
    isOn: mailbox !== null,
    protocol: mailbox?.protocol ?? 'pop3',
    host: mailbox?.host ?? '',
    port: mailbox?.port ?? MAILBOX_PORTS.pop3.tls,
    security: mailbox?.security ?? 'tls',
    user: mailbox?.user ?? '',
    password: '',
    checkEveryMinutes: mailbox?.checkEveryMinutes ?? 5,
    address: mailbox?.address ?? '',
    roundTripHours: mailbox?.roundTripHours ?? 6,
  };
}

/** The mailbox as it stands in its fields. */
export function mailboxOf({ isOn: _on, password, ...mailbox }: MailboxDraft): Mailbox {
  return {
    ...mailbox,
    host: mailbox.host.trim(),
    user: mailbox.user.trim(),
    port: mailbox.port ?? 0,
    checkEveryMinutes: mailbox.checkEveryMinutes ?? 0,
    address: textOrNull(mailbox.address),
    // No fault is as plain as the one of a number that is out of range.
    roundTripHours: mailbox.roundTripHours ?? -1,
    ...(password === '' ? {} : { password }),
  };
}

export function hasStoredMailboxPassword(draft: MailboxDraft, stored: Settings['mailbox']): boolean {
  return (
    stored !== null &&
    stored.protocol === draft.protocol &&
    stored.host.toLowerCase() === draft.host.trim().toLowerCase() &&
    stored.port === draft.port &&
    stored.user === draft.user.trim()
  );
}
