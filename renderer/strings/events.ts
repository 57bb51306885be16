import type { SmtpEventAction, SmtpEventRule } from '../../shared/contract/settings.ts';
import type { SmtpEventType } from '../../shared/model/smtp-event.ts';

/** What the page SMTP Events and its editor say. */
export const EVENTS = {
  create: 'New rule',
  newTitle: 'New rule for an SMTP event',
  newName: 'Tell me when mail fails',
  rules: 'Rules',
  happened: 'What happened',
  emptyTitle: 'No rules for SMTP events yet.',
  empty:
    'A rule says what happens when mail itself gets into trouble: when a server cannot be reached, refuses a mail, or a mail is given up. It can mail or text you, call a web page, run a program or write to a file.',
  first: 'Make a rule',
  forAdministrators:
    'For administrators: what is done when mail itself gets into trouble. Recipients of alerts see nothing of it.',
  nothingHappened: 'Nothing has gone wrong with mail in the last 30 days.',
  columns: {
    name: 'Rule',
    event: 'When',
    actions: 'Does',
    state: 'State',
    time: 'Time',
    what: 'What',
    done: 'Done',
  },
  on: 'On',
  off: 'Off',
  more: 'Show more',
  event: 'Event',
  conditions: 'Conditions (Optional)',
  actions: 'Actions',
  enabledNote: 'A rule that is not enabled is kept, and does nothing.',
  noMailbox: 'Needs the mailbox that Tocsin reads; none is set yet. It is set on the page E-mail.',
  conditionsNote: 'Everything that is filled in must hold. What is left empty is not asked for.',
  timeOfDay: 'Time of Day',
  from: 'From',
  to: 'To',
  timeNote: 'Both minutes count, by this computer’s clock. 22:00 to 06:00 runs over midnight.',
  badTime: 'Type a time of day, such as 08:00.',
  daysOfWeek: 'Day of Week',
  daysNote: 'No day ticked means any day.',
  server: 'SMTP Server',
  mailboxServer: 'Mailbox Server',
  serverNote: 'As it is named on the page E-mail.',
  port: 'Server Port',
  emailAddress: 'Email Address',
  emailAddressNote: 'The address that mail leaves from.',
  mailboxUser: 'Email Address',
  mailboxUserNote: 'The user of the mailbox, if it is an address.',
  ssl: 'SSL',
  requiresAuthentication: 'Requires Authentication',
  customerEmail: 'Customer Email',
  customerEmailNote: 'One of the recipients whom the event concerns.',
  any: 'Any',
  yes: 'Yes',
  no: 'No',
  addAction: 'Add action',
  noActions: 'This rule does nothing yet. Add at least one action.',
  removeAction: 'Remove action',
  file: 'File',
  fileNote: 'A plain name. The file lies in “logs” in the data folder; one line of JSON for each event.',
  url: 'Address',
  urlNote:
    'http or https. May hold {{event}}, {{server}}, {{code}}, {{recipients}} and others; redirects are not followed.',
  method: 'Method',
  headers: 'Headers',
  headersNote: 'One a line, such as “Content-Type: application/json”.',
  body: 'Body',
  bodyNote: 'Left empty, POST, PUT and PATCH send everything about the event as JSON.',
  allowedAddresses: 'Addresses within this network that may be called',
  allowedAddressesNote:
    'A page on this computer or the local network is called only if its IP address or range stands here, such as 192.168.1.0/24.',
  command: 'Program',
  commandNote:
    'The name of a program in “providers” in the data folder. It gets the event as JSON on its input.',
  recipients: 'Recipients',
  profileNote: 'Mails the addresses, and texts the SMS addresses, of your notification profile.',
  profileEmpty: 'Your notification profile has no address yet, so nobody would be told.',
  toProfile: 'Fill it in on the page E-mail',
  maxFrequency: 'At most once in',
  maxFrequencyNote: 'However often the event occurs. What was held back is counted, and said the next time.',
  everyTime: 'Done each time the event occurs.',
  close: 'Close',
  tryButton: 'Try this rule…',
  tryTitle: 'Try this rule',
  tryNow: 'Try now',
  tryNote:
    'Everything this rule does is done once, for real, on a made-up event that it is about. What leaves says that it is a test. Nothing is saved, and it may take half a minute.',
  trying: 'The actions are being done …',
  madeUp: 'The made-up event:',
  notNow: 'Its conditions leave out this time of day or week: by itself the rule would do nothing now.',
  actionDone: 'Done',
  actionFailed: 'Failed',
  facts: {
    time: 'Time',
    server: 'Server',
    way: 'Way',
    message: 'Mail',
    recipients: 'Recipients',
    code: 'Code',
  },
  inLog: 'Show in the delivery log',
  words: 'The server’s words',
  done: 'What was done',
  nothingDone: 'No rule asked for anything.',
  missing: { recipients: 'Add at least one address.', actions: 'Add at least one action.' },
} as const;

/** When each event occurs. */
export const EVENT_NOTES: Readonly<Record<SmtpEventType, string>> = {
  'connection-failed':
    'No session with a mail server came about: name, connection, encryption, greeting or login.',
  'delivery-failed': 'One attempt left a recipient without the mail. It may be tried again.',
  'final-delivery-failed': 'A recipient was given up for good, or a mail came back.',
  'pop-login-failed': 'The mailbox that Tocsin reads refused the login.',
};

export const ACTION_TITLES: Readonly<Record<SmtpEventAction['type'], string>> = {
  'notification-profile': 'Use My Notification Profile',
  'send-email': 'Send Email',
  'call-web-page': 'Call Web Page',
  'log-to-file': 'Log to File',
  'external-provider': 'Notify External Provider',
};

type Weekday = NonNullable<SmtpEventRule['conditions']['daysOfWeek']>[number];

export const WEEKDAYS: readonly { readonly value: Weekday; readonly label: string }[] = [
  { value: 'mon', label: 'Mon' },
  { value: 'tue', label: 'Tue' },
  { value: 'wed', label: 'Wed' },
  { value: 'thu', label: 'Thu' },
  { value: 'fri', label: 'Fri' },
  { value: 'sat', label: 'Sat' },
  { value: 'sun', label: 'Sun' },
];

export const ACTION_STATUS = {
  queued: 'To be done',
  done: 'Done',
  failed: 'Failed',
} as const;

export function actionNumberText(number: number): string {
  return `Action ${number}`;
}

/** "3 held back before" */
export function suppressedText(count: number): string {
  return `${count} before this held back`;
}

/** What an action is called; one that this page does not know, by its name in the settings. */
export function actionTitle(type: string): string {
  return Object.hasOwn(ACTION_TITLES, type) ? ACTION_TITLES[type as keyof typeof ACTION_TITLES] : type;
}

/** What came of trying a rule, in one sentence. */
export function triedText(done: number, all: number): string {
  if (done === all) return all === 1 ? 'The action was done.' : `All ${all} actions were done.`;
  return all === 1 ? 'The action failed.' : `${all - done} of ${all} actions failed.`;
}
