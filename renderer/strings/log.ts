import type { MessageKind, MessageSource } from '../../shared/model/message.ts';
import type { AttemptRoute, NewsState, Stage } from '../../shared/model/delivery.ts';

/** What the delivery log says. */
export const LOG = {
  title: 'Delivery Log',
  table: 'Messages, newest first',
  search: 'Search',
  searchHint: 'Subject, recipient or alert',
  status: 'State',
  route: 'Way',
  nothing: 'Nothing has been sent yet.',
  nothingWhy:
    'Every mail that Tocsin decides to send stands here from that moment on: to whom, which way, every attempt, and the server’s own words. A test mail is the first step.',
  toEmail: 'Send a test mail',
  noMatch: 'No message matches.',
  noMatchWhy: 'The log holds others. Take a word away, or show all states and ways.',
  showAll: 'Show all',
  open: 'Show details',
  resend: 'Send again…',
  gone: 'There is no such message.',
  goneWhy: 'It is not in the delivery log of this computer, or not any more.',
  back: 'Back to the log',
  what: 'What happened',
  mail: 'The mail',
  facts: 'Message',
  recipients: 'Recipients',
  attempts: 'Attempts',
  noAttempts: 'None yet. It is tried as soon as its turn comes.',
  copy: 'Copy details',
  copied: 'Copied',
  close: 'Close',
  cancel: 'Cancel',
  confirmResend: 'Send again',
  plainOnly: 'This mail is plain text only.',
  view: 'Show as',
  html: 'HTML',
  text: 'Plain text',
} as const;

export const STATUS_OPTIONS = [
  { value: 'all', label: 'All' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'failed', label: 'Failed' },
  { value: 'accepted', label: 'Accepted' },
] as const;

export const ROUTES: Readonly<Record<AttemptRoute, string>> = {
  smtp: 'SMTP',
  relay: 'Web Service',
  practice: 'Practice',
};

export const ROUTE_OPTIONS = [
  { value: 'all', label: 'All' },
  { value: 'smtp', label: ROUTES.smtp },
  { value: 'relay', label: ROUTES.relay },
  { value: 'practice', label: ROUTES.practice },
] as const;

export const KINDS: Readonly<Record<MessageKind, string>> = {
  alert: 'Alert',
  resolved: 'Resolved',
  reminder: 'Reminder',
  group: 'Several alerts in one mail',
  report: 'Status report',
  'file-alert': 'File alert',
  notice: 'Notice about Tocsin itself',
  test: 'Test message',
};

export const SOURCES: Readonly<Record<MessageSource['type'], string>> = {
  alert: 'conditional alert',
  report: 'status report',
  'file-alert': 'file alert',
  'smtp-event': 'SMTP event',
  system: 'Tocsin itself',
};

/** Where an attempt ended, as it stands behind its server. */
export const STAGES: Readonly<Record<Stage, string>> = {
  route: 'choosing a way',
  dns: 'looking up the name',
  connect: 'connecting',
  tls: 'encrypting',
  greeting: 'waiting for the greeting',
  auth: 'logging in',
  sender: 'naming the sender',
  recipient: 'naming the recipients',
  data: 'handing over the mail',
  accepted: 'accepted',
};

/** What was heard after a server had accepted. */
export const NEWS: Readonly<Record<NewsState, string>> = {
  accepted: 'Then accepted by the recipient’s mail server',
  failed: 'Then failed for good',
  bounced: 'Then came back',
  arrived: 'Seen in the mailbox',
};

export function countText(count: number, isAll: boolean): string {
  const messages = count === 1 ? '1 message' : `${count.toLocaleString('en')} messages`;
  return isAll ? messages : `The newest ${messages}`;
}

/** What "send again" does, before it is done. */
export function resendText(addresses: readonly string[], all: number): string {
  const [first = '', ...others] = addresses;
  const whom = others.length === 0 ? first : `${first} and ${others.length} more`;
  const spared =
    addresses.length === all ? '' : ' Whose server has accepted it already is not mailed a second time.';
  return `The same mail, under the same Message-ID, goes to ${whom} at once, and is tried for five more days.${spared}`;
}

export const NOTHING_TO_RESEND =
  'Every recipient’s server has accepted it, so there is nobody to send it to again.';
export const RESENT = 'It is on its way again. What becomes of it shows here.';
