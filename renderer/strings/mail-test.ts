import type { TestReport, TestStage } from '../../shared/contract/ipc.ts';
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

/** The whole test as text, for a mail to whoever runs the server. */
export function testDetails(to: string, report: TestReport): string {
  const lines = report.stages.flatMap(
    ({ title, outcome, detail, durationMs, reply, code, sentence, cause, mend, facts }) => [
      `[${outcome}] ${title}${detail === '' ? '' : `: ${detail}`}${outcome === 'skipped' ? '' : ` (${Math.round(durationMs)} ms)`}`,
      ...[reply, code, sentence, cause, mend].flatMap((line) => (line === null ? [] : [`    ${line}`])),
      ...(facts === null ? [] : factRows(facts).map(({ name, value }) => `    ${name}: ${value}`)),
    ],
  );
  return [
    `Tocsin: test message to ${to} through ${report.server ?? report.via}`,
    report.sentence,
    '',
    ...lines,
    '',
  ].join('\n');
}
