/** What the page Status Reports and its editor say. */
export const REPORTS = {
  create: 'New report',
  newTitle: 'New status report',
  newName: 'Status report',
  emptyTitle: 'No status reports yet.',
  empty:
    'A status report mails the whole state of this computer in one glance, each morning for instance, or when you ask for it.',
  first: 'Set one up',
  columns: {
    name: 'Report',
    schedule: 'Schedule',
    next: 'Next',
    last: 'Last outcome',
    recipients: 'Recipients',
    send: 'Send',
  },
  off: 'Off',
  onDemand: 'On demand',
  never: 'Not sent yet',
  sendNow: 'Send now',
  enabledNote: 'A report that is off is not sent by its schedule; “Send now” works all the same.',
  schedule: 'Schedule',
  kind: 'Sent',
  kinds: {
    'on-demand': 'On demand only',
    daily: 'Daily',
    weekdays: 'On weekdays, Monday to Friday',
    weekly: 'Weekly',
    monthly: 'Monthly',
    own: 'By a cron expression of your own',
  },
  at: 'At',
  atNote: 'Time of day of this computer, such as 08:00.',
  badTime: 'Type a time of day such as 08:00.',
  weekday: 'On',
  monthDay: 'On day',
  monthDayNote: 'A month without that day is passed over.',
  cron: 'Cron expression',
  cronNote: 'Minute, hour, day, month, weekday, such as 0 8 * * 1-5; with six fields, the first is seconds.',
  nextTimes: 'Next times, by your own clock',
  noNext: 'It is sent only when somebody asks for it.',
  neverDue: 'It never falls due again.',
  practice: 'the practice mailbox',
  webService: 'the Tocsin Web Service',
  unread: 'The next times show once the schedule can be read.',
  whenNone: 'Nobody is mailed this report as it stands.',
} as const;

/** "Accepted", "Failed for 1 of 3", "Waiting". */
export function outcomeText({ waiting, accepted, failed }: Counts): string {
  const total = waiting + accepted + failed;
  const some = (word: string, count: number) => (count === total ? word : `${word} for ${count} of ${total}`);
  if (failed > 0) return some('Failed', failed);
  return waiting > 0 ? some('Waiting', waiting) : 'Accepted';
}

/** What became of a report that was sent on demand; `by`: who took it. Null where there was nobody to send it to. */
export function sentText(name: string, outcome: Counts | null, by: string | null): string {
  if (outcome === null) return `“${name}” has no recipients, so nothing was sent.`;
  const { waiting, accepted, failed } = outcome;
  if (failed > 0)
    return `“${name}” failed for ${recipientsText(failed)}. The delivery log has the reason in the server’s words.`;
  if (waiting > 0)
    return `“${name}” waits for ${recipientsText(waiting)}: it is tried again until a server takes it. The delivery log says why.`;
  return `“${name}” was accepted${by === null ? '' : ` by ${by}`} for ${recipientsText(accepted)}.`;
}

function recipientsText(count: number): string {
  return count === 1 ? '1 recipient' : `${count} recipients`;
}

interface Counts {
  readonly waiting: number;
  readonly accepted: number;
  readonly failed: number;
}
