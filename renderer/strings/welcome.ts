import { formatNumber } from '../../shared/format-number.ts';

/** What the set-up says. */
export const WELCOME = {
  title: 'Set up Tocsin',
  steps: ['Where mail goes', 'Who gets it', 'What to watch'],
  progress: 'Steps',
  next: 'Next',
  back: 'Back',
  skip: 'Skip for now',
  finish: 'Start watching',
  intro:
    'Tocsin watches this computer and mails those who should know when something is wrong. Three steps, about a minute.',
  name: 'Name of this installation',
  nameNote: 'Stands in the subject of every mail, so that its reader knows which computer it is about.',
  organisation: 'Organisation (optional)',
  where: 'Mail is sent by',
  keep: 'The mail server that is set',
  server: 'A mail server',
  serverNote: 'The one this organisation uses, or the one of its provider.',
  practice: 'Nobody yet: practise first',
  practiceNote:
    'Every mail ends in the practice mailbox inside Tocsin, where you can read it. Nothing leaves this computer, and nobody would hear of an alert.',
  from: 'From address',
  people: 'Mail alerts to',
  peopleNote:
    'One address or several. They also become the notification profile, whom Tocsin tells about itself.',
  nobody: 'Enter at least one address.',
  testTitle: 'Try it',
  testWhy: 'One test message to the first address shows whether mail gets out.',
  testSend: 'Send test',
  testAgain: 'Send test again',
  watchWhy: 'Ready alerts to start from; each can be changed later. What is measured now stands beside it.',
  mounts: 'Disks',
  alreadyThere: 'An alert of this name is there already.',
  noTarget: 'Choose one, or untick this.',
  measuring: 'measuring…',
  doneTitle: 'Tocsin is watching.',
  toOverview: 'To the overview',
  toAlerts: 'Change alerts',
  toPractice: 'Open the practice mailbox',
  faults: 'Nothing was saved. Mend what is marked.',
} as const;

export function doneText(alerts: number, people: readonly string[], practises: boolean): string {
  const told = people.length === 1 ? people[0] : `${formatNumber(people.length)} addresses`;
  const watched = `${formatNumber(alerts)} ${alerts === 1 ? 'alert is' : 'alerts are'} set up`;
  return practises
    ? `${watched}. Mail goes to the practice mailbox; enter a mail server on the page E-mail before you rely on it.`
    : `${watched}, and ${told} will be mailed.`;
}
