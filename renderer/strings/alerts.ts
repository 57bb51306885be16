import { formatDuration } from '../../shared/format.ts';

/** What the page Conditional Alerts and its editor say. */
export const ALERTS = {
  create: 'New alert',
  search: 'Search',
  searchPlaceholder: 'Name, what it watches, or address',
  nothingFound: 'No alert has all of these words.',
  emptyTitle: 'No conditional alerts yet.',
  empty:
    'A conditional alert watches something on this computer, such as a disk or a service, and mails people when it passes a limit and when it is over.',
  first: 'Start from a template',
  templatesTitle: 'New conditional alert',
  templates: 'Templates',
  emptyAlert: 'Empty alert',
  emptyAlertPurpose: 'Choose what is watched yourself.',
  never: 'Never',
  columns: {
    name: 'Alert',
    state: 'State',
    watches: 'Watches, and now',
    recipients: 'Recipients',
    lastFired: 'Last fired',
  },
  acknowledge: 'Acknowledge',
  test: 'Test…',
  snooze30: 'Snooze for 30 min',
  snooze120: 'Snooze for 2 h',
  snoozeTomorrow: 'Snooze until tomorrow, 08:00',
  newTitle: 'New conditional alert',
  conditions: 'Conditions',
  sms: 'SMS Text Messaging (Optional)',
  severity: 'Severity',
  severities: { info: 'Info', warning: 'Warning', critical: 'Critical' },
  enabledNote: 'An alert that is off measures nothing.',
  recovery: 'Say when it is over, and how long it lasted',
  remind: 'Remind while it keeps firing',
  remindEvery: 'Every',
  conversation: 'All mails about one incident stay one conversation in the reader’s mail program.',
  match: 'Fires when',
  matchAny: 'any of the conditions holds',
  matchAll: 'all of the conditions hold',
  addCondition: 'Add condition',
  metric: 'What is measured',
  side: 'Fires',
  above: 'above',
  below: 'below',
  limit: 'Limit',
  is: 'Fires when it is',
  clear: 'Clears at',
  clearNote: 'Empty: at the limit itself.',
  hold: 'For at least',
  unknownAfter: 'Unknown after',
  unknownAfterNote: 'Empty: as below.',
  unknownAfterAll: 'Tell the administrator when something could not be measured for',
  unknownAfterAllNote:
    'What cannot be measured never fires and never clears. The notification profile is told of it once.',
  missingLimit: 'Type the limit.',
  notComplete: 'Not complete yet.',
  measuring: 'Measuring …',
  whenNone:
    'Nobody is mailed about this alert as it stands. It still shows on the overview, and what stands under SMS is told.',
  smsLabel: 'SMS gateway addresses',
  smsNote: 'A text of at most 160 characters is mailed to each, such as 5551234567@sms.example.',
  smsOverride: 'With SMTP override, the Web Service sends these as well.',
  noCondition: 'There is no complete condition yet, so there is nothing to tell.',
  testButton: 'Test this alert…',
  testTitle: 'Test this alert',
  testTo: 'Test message to',
  testNote: 'Tocsin sends this alert’s mail, marked as a test, to this address alone.',
  sendTest: 'Send test',
  testing: 'Measuring and sending',
  close: 'Close',
} as const;

export function snoozedText(name: string, minutes: number): string {
  return `“${name}” is snoozed for ${formatDuration(minutes * 60_000)}: nobody is told of it meanwhile.`;
}

export function conditionNumberText(number: number): string {
  return `Condition ${number}`;
}

export function removeConditionText(number: number): string {
  return `Remove condition ${number}`;
}
