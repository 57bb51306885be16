import { connectAny } from '../../../mail/connect.ts';
import { withDeadline } from '../../../mail/deadline.ts';
import { STAGE_WORDS } from '../../../mail/diagnosis-words.ts';
import { createResolver } from '../../../mail/resolve.ts';
import { judgeFailure } from '../../../mail/smtp-reply.ts';
import type { MailboxTestReport, TestStage } from '../../../shared/contract/ipc.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { Stage } from '../../../shared/model/delivery.ts';
import { CONNECT_MS, type MailboxFailure, type MailboxServer, MailboxTrouble } from './mailbox-session.ts';
import { mailboxWords } from './mailbox-words.ts';
import { openMailbox } from './open-mailbox.ts';

/** The whole test takes no longer than this. */
const TEST_MS = 60_000;

type TestStageName = 'dns' | 'connect' | 'tls' | 'greeting' | 'auth' | 'data';

/** In the order in which they happen; STARTTLS comes after the greeting, TLS before it. */
function stagesOf({ security }: MailboxServer): readonly TestStageName[] {
  return security === 'starttls'
    ? ['dns', 'connect', 'greeting', 'tls', 'auth', 'data']
    : ['dns', 'connect', 'tls', 'greeting', 'auth', 'data'];
}

const TITLES: Readonly<Record<TestStageName, { neutral: string; ok: string; failed: string }>> = {
  ...STAGE_WORDS,
  data: { neutral: 'Mailbox', ok: 'Mailbox opened', failed: 'Mailbox not opened' },
};

/**
 * Opens a mailbox and counts its mails, and tells stage by stage how that went. No mail is looked at. Never rejects for
 * what servers or networks do, and never shows a password.
 */
export async function testMailbox(
  server: MailboxServer,
  clock: Clock,
  onStage: (stage: TestStage) => void = () => {},
): Promise<MailboxTestReport> {
  const deadline = new AbortController();
  const cancel = clock.after(TEST_MS, () => deadline.abort());
  const lines = new Lines(server, onStage);
  try {
    const reached = await reach(server, clock, deadline.signal, lines);
    if (reached) await look(server, clock, deadline.signal, lines);
  } finally {
    cancel();
  }
  return lines.report();
}

/** Name and connection, tried apart from the rest so that people see where it ends. */
async function reach(
  server: MailboxServer,
  clock: Clock,
  signal: AbortSignal,
  lines: Lines,
): Promise<boolean> {
  const { host, port } = server;
  let began = clock.monotonic();
  const looked = await withDeadline(clock, CONNECT_MS, signal, createResolver()(host));
  const found = 'ended' in looked ? { nodeCode: null } : looked.done;
  if ('nodeCode' in found) {
    lines.fail(failureAt('dns', found.nodeCode), clock.monotonic() - began);
    return false;
  }
  lines.pass('dns', clock.monotonic() - began, found.addresses.slice(0, 5).join(', '));
  began = clock.monotonic();
  const stop = new AbortController();
  const cancel = clock.after(CONNECT_MS, () => stop.abort());
  const connected = await connectAny(found.addresses, port, clock, AbortSignal.any([stop.signal, signal]));
  cancel();
  if ('nodeCode' in connected) {
    lines.fail(failureAt('connect', connected.nodeCode), clock.monotonic() - began);
    return false;
  }
  connected.socket.destroy();
  lines.pass('connect', clock.monotonic() - began, `${connected.address}, port ${port}`);
  return true;
}

function failureAt(stage: Stage, nodeCode: string | null): MailboxFailure {
  const { code } = judgeFailure(stage, nodeCode === null ? 'timeout' : 'system', nodeCode);
  return { stage, code, reply: null };
}

/** The rest is one conversation; its time stands at the login. */
async function look(server: MailboxServer, clock: Clock, signal: AbortSignal, lines: Lines): Promise<void> {
  let began = clock.monotonic();
  try {
    const session = await openMailbox(server, clock, signal);
    try {
      lines.pass('auth', clock.monotonic() - began, `as ${server.user}`);
      began = clock.monotonic();
      const mails = (await session.list()).length;
      lines.pass('data', clock.monotonic() - began, mailsText(server, mails));
    } finally {
      await session.close().catch(() => {});
    }
  } catch (error) {
    if (!(error instanceof MailboxTrouble)) throw error;
    lines.fail(error.failure, clock.monotonic() - began);
  }
}

function mailsText({ protocol }: MailboxServer, mails: number): string {
  const count = mails === 1 ? '1 mail' : `${mails} mails`;
  return protocol === 'imap' ? `${count} of the last eight days in INBOX` : count;
}

/** The lines of a test as they come to be. */
class Lines {
  readonly #server: MailboxServer;
  readonly #onStage: (stage: TestStage) => void;
  readonly #lines: TestStage[] = [];

  constructor(server: MailboxServer, onStage: (stage: TestStage) => void) {
    this.#server = server;
    this.#onStage = onStage;
  }

  pass(stage: TestStageName, durationMs: number, detail: string): void {
    this.#passUpTo(stage);
    this.#add({ ...EMPTY, stage, title: TITLES[stage].ok, outcome: 'ok', detail, durationMs });
  }

  fail({ stage: given, code, reply }: MailboxFailure, durationMs: number): void {
    const { sentence, cause, mend } = mailboxWords(code, this.#server);
    const stage = this.#stageOf(given);
    this.#passUpTo(stage);
    const told = { detail: '', durationMs, reply, code, sentence, cause, mend, facts: null };
    this.#add({ stage, title: TITLES[stage].failed, outcome: 'failed', ...told });
  }

  report(): MailboxTestReport {
    const { host, port, user } = this.#server;
    const fault = this.#lines.find(({ outcome }) => outcome === 'failed');
    for (const stage of this.#following())
      this.#add({ ...EMPTY, stage, title: TITLES[stage].neutral, outcome: 'skipped' });
    return {
      opened: fault === undefined,
      sentence:
        fault?.sentence ??
        `The mailbox of ${user} at ${host}:${port} can be read. Whether mail arrives in it is what the proof of arrival shows.`,
      server: `${host}:${port}`,
      stages: this.#lines,
    };
  }

  /** Where the connection as such fails after one came about, the server did not greet. */
  #stageOf(stage: Stage): TestStageName {
    const following = this.#following();
    return (
      following.find((name) => name === stage) ?? following.find((name) => name === 'greeting') ?? 'data'
    );
  }

  #following(): TestStageName[] {
    return stagesOf(this.#server).filter((name) => this.#lines.every(({ stage }) => stage !== name));
  }

  /** Stages of one conversation that lie before one that was reached have been passed. */
  #passUpTo(stage: TestStageName): void {
    const following = this.#following();
    for (const name of following.slice(0, following.indexOf(stage))) {
      const isUnset = name === 'tls' && this.#server.security === 'none';
      if (isUnset) {
        const detail = 'connection security is set to none';
        this.#add({ ...EMPTY, stage: name, title: TITLES[name].neutral, outcome: 'skipped', detail });
      } else this.#add({ ...EMPTY, stage: name, title: TITLES[name].ok, outcome: 'ok' });
    }
  }

  #add(line: TestStage): void {
    this.#lines.push(line);
    this.#onStage(line);
  }
}

const EMPTY = {
  detail: '',
  durationMs: 0,
  reply: null,
  code: null,
  sentence: null,
  cause: null,
  mend: null,
  facts: null,
} as const;
