import { formatDuration } from '../../shared/format.ts';
import type { SubscriptionState } from '../../shared/model/status.ts';

/** What the page E-mail says. */
export const EMAIL = {
  title: 'E-mail',
  tabs: 'E-mail settings',
  smtpTab: 'SMTP Server',
  relayTab: 'Web Service',
  mailboxTab: 'Mailbox',
  profileTab: 'Notification Profile',
  test: 'Test…',
  save: 'Save',
  discard: 'Discard changes',
  saved: 'Saved. Every mail from now on uses these settings.',
  faults: 'Nothing was saved. Mend what is marked, and save again.',
  checking: 'Saved. Asking whether the mail server lets this computer in…',
  setUp: 'Set up in three steps',
} as const;

/** The tab "SMTP Server". */
export const SMTP = {
  first: 'Mail server',
  primary: 'Primary server',
  preset: 'Provider',
  otherServer: 'Other mail server',
  host: 'Server',
  hostExample: 'mail.contoso.example',
  port: 'Port',
  security: 'Connection security',
  securities: [
    { value: 'none', label: 'None' },
    { value: 'starttls', label: 'STARTTLS' },
    { value: 'tls', label: 'TLS' },
  ],
  authentication: 'Requires authentication',
  unencrypted: 'The password is sent unencrypted. Choose STARTTLS or TLS if the server can do it.',
  user: 'User name',
  password: 'Password',
  caFile: 'CA certificate',
  caNote:
    'Only for a private certificate authority: the full path of its certificate, or of the server’s own, in PEM form. Tocsin keeps a copy.',
  certificate: 'Trusted certificate (SHA-256)',
  certificateExample: 'AB:CD:EF:…',
  certificateNote:
    'Instead of an authority: the fingerprint of the one certificate to trust. A test shows it. When the server gets a new certificate, it has to be trusted anew.',
  addFirst: 'Add a mail server',
  addBackup: 'Add a backup server',
  emptyTitle: 'No mail server yet.',
  empty:
    'Mail goes to the practice mailbox inside Tocsin, where you can read it, and nothing leaves this computer. Enter the server that is to send it.',
  toPractice: 'Open the practice mailbox',
  sender: 'Sender',
  fromName: 'From name',
  fromNameExample: 'Tocsin at Contoso',
  fromAddress: 'From address',
  fromAddressExample: 'tocsin@contoso.example',
  fromNote: 'Optional, but advised: many servers refuse mail from an address they do not know.',
  format: 'Alert Format',
  formats: [
    { value: 'html', label: 'HTML' },
    { value: 'text', label: 'Plain text' },
  ],
  formatNote: 'For every mail whose own settings do not say otherwise.',
  timeout: 'Give up on an answer after',
  timeoutNote: 'For each step: connecting, encryption, login, message.',
  installation: 'This installation',
  name: 'Name',
  nameNote: 'Stands in every subject. Left empty, the name of the computer.',
  organisation: 'Organisation',
  fallback: 'When no server takes it',
  fallbackBox: 'When the SMTP server cannot be used, send through the Tocsin Web Service',
  /** S5. */
  fallbackNote:
    'Mail to administrators only (the notification profile, or addresses at the From domain) takes this way only when no server can be reached; other mail also when the server rejects it. Unticked, what the server rejects has failed, and what it cannot be reached for waits.',
  notEnrolled: 'This computer is not enrolled with a Web Service.',
  toRelay: 'Enrol it',
  /** K7, word for word. */
  notResolved: 'The IP address of the specified SMTP server cannot be resolved',
} as const;

export function serverTitle(index: number, count: number): string {
  if (count === 1) return SMTP.first;
  if (index === 0) return SMTP.primary;
  return count === 2 ? 'Backup server' : `Backup server ${index}`;
}

/** Both causes (K7), then which of them it is. */
export function notResolvedText(host: string, state: 'not-found' | 'no-answer'): string {
  const now =
    state === 'not-found'
      ? 'DNS answered just now that it does not know the name.'
      : 'DNS did not answer just now.';
  return `Either the name “${host}” does not exist, or DNS does not answer. ${now} Check the spelling and the network, or enter the IP address.`;
}

export function fromDiffers(login: string): string {
  return `This differs from the login ${login}; many servers take mail only from the address that logs in.`;
}

export function removedText(label: string): string {
  return `${label} was taken out. It is gone once you save.`;
}

export function reachedText(servers: readonly string[]): string {
  return `Saved. ${servers.join(' and ')} ${servers.length === 1 ? 'lets' : 'let'} this computer in.`;
}

export function notReachedText(server: string): string {
  return `Saved, but ${server} does not let this computer in as it stands.`;
}

/** The tab "Web Service". */
export const RELAY = {
  what: 'What it is for',
  lastResort:
    'A last resort, for computers whose own SMTP cannot be made to work. A provider’s Tocsin Web Service mails on behalf of this computer, over HTTPS.',
  benefit:
    'Benefit: no local SMTP server is needed, which suits locked-down computers. Alerts and reports with “Override SMTP” take this way, and so does what your own servers fail to take, if you allow it.',
  risk: 'Risk: nothing that goes this way is delivered while the Web Service is offline. Tocsin keeps it and sends it when the service is back. Mail comes from the service’s own address, always as HTML, without attachments.',
  independent: 'Everything else works without it, for any length of time.',
  state: 'Enrolment',
  service: 'Service',
  from: 'Mail comes from',
  replyTo: 'Answers go to',
  subscription: 'Subscription',
  clock: 'Clock',
  asked: 'Last asked',
  never: 'not yet',
  enrol: 'Enrol this computer',
  enrolAgain: 'Enrol again',
  enrolAgainWhy: 'With a new code, for instance after the service has moved or this computer was revoked.',
  enrolWhy:
    'The provider gives out a one-time code, valid for a few minutes, and the address of the service.',
  url: 'Address of the service',
  urlExample: 'https://relay.provider.example',
  code: 'Enrolment code',
  ca: 'Certificate of a private authority (optional)',
  caNote: 'In PEM form, where the service’s certificate is not signed by a public authority.',
  enrolButton: 'Enrol',
  enrolled: 'This computer is enrolled.',
} as const;

export function subscriptionText(
  { state, expiresAt }: { readonly state: SubscriptionState; readonly expiresAt: number | null },
  now: number,
): string {
  if (expiresAt === null) return state === 'unknown' ? 'not known yet' : 'valid, without an end';
  const days = Math.floor((expiresAt - now) / 86_400_000);
  switch (state) {
    case 'valid':
    case 'ends-soon':
      return days <= 0 ? 'ends today' : `${days} ${days === 1 ? 'day' : 'days'} left`;
    case 'expired':
      return 'has ended: nothing goes through the service until it is extended';
    case 'unknown':
      return 'not known yet';
  }
}

export function clockText(offsetMs: number | null): string {
  if (offsetMs === null) return 'not compared yet';
  const off = Math.abs(offsetMs);
  if (off < 1000) return 'agrees with the service’s';
  const by = `${formatDuration(off, 1)} ${offsetMs > 0 ? 'behind' : 'ahead of'} the service’s`;
  return off > 300_000 ? `${by}: the service refuses calls at more than 5 min` : by;
}

/** The tab "Mailbox". */
export const MAILBOX = {
  title: 'Mailbox that Tocsin reads',
  what: 'Acceptance by a mail server proves no receipt. In the mailbox of the sender address Tocsin finds mails that come back, notes them in the delivery log, and sees that a mail of its own has really arrived. It leaves the other mails as they are.',
  isOn: 'Read a mailbox',
  protocol: 'Protocol',
  protocols: [
    { value: 'pop3', label: 'POP3' },
    { value: 'imap', label: 'IMAP' },
  ],
  every: 'Look into it every',
  address: 'Address of the mailbox',
  addressNote: 'Whose mail arrives there. Left empty, the From address.',
  roundTrip: 'Prove arrival every',
  roundTripNote: 'By a mail to this mailbox, which Tocsin takes out again. 0: never.',
  state: 'State',
  read: 'Read',
  notRead: 'Not read yet',
  failed: 'Cannot be read',
  proof: 'Proof of arrival',
  noProof: 'none yet',
  arrived: 'Arrived',
  onItsWay: 'On its way',
  lost: 'Not arrived',
  unencrypted: 'The password is sent unencrypted. Choose STARTTLS or TLS if the server can do it.',
} as const;

/** The tab "Notification Profile". */
export const PROFILE = {
  title: 'The administrator’s own addresses',
  what: 'Whom Tocsin tells about itself: a mail path that is dead, damage to its data, values that cannot be measured. Rules for SMTP events can use them too.',
  emails: 'E-mail addresses',
  emailsNote: 'Enter adds one; a pasted list is taken apart.',
  sms: 'SMS gateway addresses',
  smsNote:
    'Addresses at a mobile carrier that turn a mail into a text message, such as 5551234567@sms.example.',
  example: 'admin@provider.example',
  empty: 'Nobody is told about Tocsin itself yet. Enter at least one address.',
} as const;
