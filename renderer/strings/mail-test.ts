import type { MailboxTestReport, TestReport, TestStage } from '../../shared/contract/ipc.ts';
import { factRows } from '../../shared/fact-rows.ts';

/** What a test of the mail path says, wherever it is run. */
export const MAIL_TEST = {
  title: 'Test the mail path',
  to: 'Send a test message to',
  through: 'Through',
  send: 'Send test',
  sendAgain: 'Send test again',
  copy: 'Copy details',
  copied: 'The details were copied.',
  notCopied: 'The browser does not allow copying. Select the text and copy it by hand.',
  close: 'Close',
  cause: 'Why:',
  mend: 'What to do:',
  serverSaid: 'The server said:',
  facts: 'Details',
  trust: 'Trust this certificate',
  /** In front of the fingerprint that is to be compared. */
  fingerprint: 'Its SHA-256 fingerprint:',
  sender: 'About the sender',
  levels: { warning: 'Warning:', note: 'Note:' },
  mailboxTitle: 'Test the mailbox',
  mailboxTest: 'Test mailbox…',
  mailboxAgain: 'Test again',
  practice: 'Practice mailbox, inside Tocsin',
  relay: 'Tocsin Web Service',
  unsaved: 'Tests what stands in the form, whether saved or not.',
} as const;

const RUNNING: Readonly<Record<string, string>> = {
  dns: 'Looking up the name',
  connect: 'Connecting',
  tls: 'Setting up encryption',
  greeting: 'Waiting for the greeting',
  auth: 'Logging in',
  sender: 'Naming the sender',
  recipient: 'Naming the recipient',
  data: 'Handing over the message',
};

/** What is being tried after these stages; the order hangs on when encryption begins. */
export function runningText(
  stages: readonly TestStage[],
  security: 'none' | 'starttls' | 'tls' | null,
): string {
  if (security === null) return 'Asking the Web Service';
  const begin =
    security === 'starttls' ? ['dns', 'connect', 'greeting', 'tls'] : ['dns', 'connect', 'tls', 'greeting'];
  const next = [...begin, 'auth', 'sender', 'recipient', 'data'].find((name) =>
    stages.every(({ stage }) => stage !== name),
  );
  return RUNNING[next ?? 'data'] ?? 'Testing';
}

/** The same for a mailbox. */
export function mailboxRunningText(stages: readonly TestStage[]): string {
  const ended = new Set(stages.map(({ stage }) => stage));
  if (ended.has('auth')) return 'Counting the mails';
  if (ended.has('connect')) return RUNNING['auth'] ?? 'Testing';
  return RUNNING[ended.has('dns') ? 'connect' : 'dns'] ?? 'Testing';
}

export function trustedText(server: string): string {
  return `The certificate stands in the form as the one to trust at ${server}. Send the test again; it is in force once you save.`;
}

/** The whole test as text, for a mail to whoever runs the server. */
export function testDetails(to: string, report: TestReport): string {
  return [
    `Tocsin: test message to ${to} through ${report.server ?? report.via}`,
    report.sentence,
    '',
    ...report.stages.flatMap(stageLines),
    '',
  ].join('\n');
}

export function mailboxTestDetails({ server, sentence, stages }: MailboxTestReport): string {
  return [
    `Tocsin: test of the mailbox at ${server ?? 'no server'}`,
    sentence,
    '',
    ...stages.flatMap(stageLines),
    '',
  ].join('\n');
}

function stageLines(line: TestStage): string[] {
  const { title, outcome, detail, durationMs, reply, code, sentence, cause, mend, facts } = line;
  return [
    `[${outcome}] ${title}${detail === '' ? '' : `: ${detail}`}${outcome === 'skipped' ? '' : ` (${Math.round(durationMs)} ms)`}`,
    ...[reply, code, sentence, cause, mend].flatMap((text) => (text === null ? [] : [`    ${text}`])),
    ...(facts === null ? [] : factRows(facts).map(({ name, value }) => `    ${name}: ${value}`)),
  ];
}
