import { addressFault } from '../shared/address.ts';
import { errorSentence, type ErrorCode } from '../shared/errors.ts';
import type { Clock } from '../shared/model/clock.ts';
import type { ServerName } from '../shared/model/delivery.ts';
import type { StageFacts } from '../shared/model/stage-facts.ts';
import { adviceOn } from '../shared/smtp-sentences.ts';
import type { FaultWords } from './access-token.ts';
import { STAGE_WORDS, stagesInOrder, type DiagnosisStageName } from './diagnosis-words.ts';
import type { MailFrom } from './mime.ts';
import { openSession, type StageReport } from './open-session.ts';
import { createResolver, type Lookup } from './resolve.ts';
import { cleanReply } from './smtp-reply.ts';
import { serverName, type SmtpServerOptions } from './smtp-server-options.ts';
import { smtpLimits, type SmtpLimits } from './smtp-limits.ts';
import type { SmtpSession } from './smtp-session.ts';
import type { TransactionResult } from './smtp-transaction.ts';
import { peerTrust, type TlsFacts } from './tls.ts';

export interface DiagnoseOptions {
  readonly server: SmtpServerOptions;
  readonly from: MailFrom;
  readonly recipient: string;
  /** Makes the test mail; called only when the server is ready for it. */
  readonly mime: () => Promise<string>;
  readonly timeoutSeconds: number;
  readonly ehloName: string;
  readonly clock: Clock;
  readonly lookup?: Lookup;
  /** Told each stage as it ends, in order. */
  readonly onStage?: (stage: DiagnosisStage) => void;
  /** Calls the test off. */
  readonly signal?: AbortSignal;
  readonly limits?: Partial<SmtpLimits>;
  /** Ends after the login, with nothing sent. */
  readonly connectsOnly?: boolean;
}

/** One line of the test. */
export interface DiagnosisStage {
  readonly stage: DiagnosisStageName;
  /** Such as “Login refused”. */
  readonly title: string;
  /** Facts, such as the address that was found; null where there are none. */
  readonly detail: string | null;
  /** How long it took, in milliseconds; null when it was not reached. */
  readonly ms: number | null;
  readonly outcome: 'ok' | 'failed' | 'skipped';
  /** The server's own words. */
  readonly reply: string | null;
  /** With its sentence from the table of errors, and what is known of the server's words; all null unless it failed. */
  readonly code: ErrorCode | null;
  readonly sentence: string | null;
  readonly cause: string | null;
  readonly mend: string | null;
  /** What was found out besides; null where there is nothing. */
  readonly facts: StageFacts | null;
}

export interface Diagnosis {
  readonly server: ServerName;
  /** Whether the server took the test mail. That is not proof of arrival. */
  readonly accepted: boolean;
  readonly stages: readonly DiagnosisStage[];
  /** Null where the connection was not, or not yet, encrypted. */
  readonly tls: TlsFacts | null;
}

/**
 * Sends a test mail by the way that every mail takes, and tells stage by stage how that went. Never rejects for what
 * servers or networks do, and never shows a password.
 */
export async function diagnose(options: DiagnoseOptions): Promise<Diagnosis> {
  const { server, clock, recipient } = options;
  const limits = { ...smtpLimits(options.timeoutSeconds), ...options.limits };
  const lines = new Lines(options);
  const opened = await openSession(
    server,
    {
      clock,
      resolve: createResolver(options.lookup),
      ehloName: options.ehloName,
      limits,
      trust: () => peerTrust(server),
    },
    options.signal ?? new AbortController().signal,
    (report) => lines.report(report),
  );
  if ('failure' in opened) return lines.finish(false, null);
  const { session } = opened;
  if (options.connectsOnly === true) {
    session.quit();
    return lines.finish(false, session.tls);
  }
  if (!addressesFit(options.from.address, recipient, lines)) {
    session.quit();
    return lines.finish(false, session.tls);
  }
  const onAbort = (): void => session.close();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const result = await offer(session, options, lines);
  options.signal?.removeEventListener('abort', onAbort);
  session.quit();
  return lines.finish(result.stage === 'accepted', session.tls);
}

/** Whether both addresses may go to a server at all. */
function addressesFit(from: string, recipient: string, lines: Lines): boolean {
  const senderFault = addressFault(from);
  const recipientFault = addressFault(recipient);
  if (senderFault !== null)
    lines.fail('sender', 0, 'smtp_sender_rejected', null, `${quoted(from)} ${senderFault}`);
  else if (recipientFault !== null) {
    lines.fail('recipient', 0, 'smtp_recipient_rejected', null, `${quoted(recipient)} ${recipientFault}`);
  }
  return senderFault === null && recipientFault === null;
}

function quoted(text: string): string {
  return `“${cleanReply(text.slice(0, 80))}”`;
}

/** MAIL, RCPT and the message, each with its time. */
async function offer(
  session: SmtpSession,
  { from, recipient, server, clock, mime }: DiagnoseOptions,
  lines: Lines,
): Promise<TransactionResult> {
  const message = await mime();
  const replies: { readonly text: string; readonly ms: number }[] = [];
  let began = clock.monotonic();
  const result = await session.send(message, from.address, [recipient], {
    onReply: (reply) => {
      const now = clock.monotonic();
      replies.push({ text: reply, ms: now - began });
      began = now;
    },
  });
  const order = ['sender', 'recipient', 'data'] as const;
  const reached =
    result.stage === 'accepted' ? order.length : order.findIndex((name) => name === result.stage);
  // DATA and the final dot are one stage to people.
  const sinceLast = clock.monotonic() - began;
  const ms = [replies[0]?.ms, replies[1]?.ms, (replies[2]?.ms ?? 0) + (replies[3]?.ms ?? 0)];
  for (const [index, name] of order.entries()) {
    if (index < reached) {
      const reply = name === 'data' ? result.reply : (replies[index]?.text ?? null);
      lines.pass(name, ms[index] ?? 0, detailOf(name, from, recipient, server), reply);
    } else if (index === reached && result.code !== null) {
      lines.fail(name, ms[index] ?? sinceLast, result.code, result.reply, null);
    }
  }
  return result;
}

function detailOf(
  stage: 'sender' | 'recipient' | 'data',
  from: MailFrom,
  recipient: string,
  server: ServerName,
): string {
  switch (stage) {
    case 'sender':
      return from.address;
    case 'recipient':
      return recipient;
    case 'data':
      return `Accepted by ${server.host}`;
  }
}

/** The lines of a test as they come to be. */
class Lines {
  readonly #options: DiagnoseOptions;
  readonly #lines = new Map<DiagnosisStageName, DiagnosisStage>();

  constructor(options: DiagnoseOptions) {
    this.#options = options;
  }

  report({ stage, ms, detail, reply, failure, facts }: StageReport): void {
    if (stage === 'route' || stage === 'accepted') return;
    if (failure !== null) this.fail(stage, ms, failure.code, reply, detail, facts, failure.words);
    // After STARTTLS the server is greeted once more, which is news only when it fails.
    else if (!this.#lines.has(stage)) this.pass(stage, ms, detail, reply, facts);
  }

  pass(
    stage: DiagnosisStageName,
    ms: number,
    detail: string | null,
    reply: string | null,
    facts: StageFacts | null = null,
  ): void {
    this.#add({ ...EMPTY, stage, title: STAGE_WORDS[stage].ok, detail, ms, outcome: 'ok', reply, facts });
  }

  fail(
    stage: DiagnosisStageName,
    ms: number,
    code: ErrorCode,
    reply: string | null,
    detail: string | null,
    facts: StageFacts | null = null,
    words?: FaultWords,
  ): void {
    const { host } = this.#options.server;
    this.#add({
      stage,
      title: reply === null ? STAGE_WORDS[stage].failed : STAGE_WORDS[stage].refused,
      detail,
      ms,
      outcome: 'failed',
      reply,
      code,
      sentence: words?.sentence ?? errorSentence(code, { server: host, recipient: this.#options.recipient }),
      ...adviceOn(code, reply),
      ...(words === undefined ? {} : { cause: words.cause, mend: words.mend }),
      facts,
    });
  }

  finish(accepted: boolean, tls: TlsFacts | null): Diagnosis {
    const { server } = this.#options;
    this.#skip(stagesInOrder(server.security));
    const stages = stagesInOrder(server.security).flatMap((stage) => this.#lines.get(stage) ?? []);
    return { server: serverName(server), accepted, stages, tls };
  }

  #add(line: DiagnosisStage): void {
    const order = stagesInOrder(this.#options.server.security);
    this.#skip(order.slice(0, order.indexOf(line.stage)));
    this.#tell(line);
  }

  /** Fills in stages that the settings leave out or that were not reached. */
  #skip(stages: readonly DiagnosisStageName[]): void {
    for (const stage of stages) {
      if (this.#lines.has(stage)) continue;
      const detail = unset(stage, this.#options.server);
      this.#tell({ ...EMPTY, stage, title: STAGE_WORDS[stage].neutral, detail });
    }
  }

  #tell(line: DiagnosisStage): void {
    this.#lines.set(line.stage, line);
    this.#options.onStage?.(line);
  }
}

const EMPTY = {
  detail: null,
  ms: null,
  outcome: 'skipped',
  reply: null,
  code: null,
  sentence: null,
  cause: null,
  mend: null,
  facts: null,
} as const;

/** Why a stage is left out by the settings; null where it was only not reached. */
function unset(stage: DiagnosisStageName, server: SmtpServerOptions): string | null {
  if (stage === 'tls' && server.security === 'none') return 'connection security is set to none';
  if (stage === 'auth' && server.auth.method === 'none') return 'no login is set';
  return null;
}
