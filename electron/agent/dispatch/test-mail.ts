import { type Diagnosis, type DiagnosisStage, diagnose } from '../../../mail/diagnose.ts';
import { buildMime, PLAIN_CONTEXT } from '../../../mail/mime.ts';
import type { PracticeMailbox } from '../../../mail/practice-mailbox.ts';
import { serverLabel, type SmtpServerOptions } from '../../../mail/smtp-server-options.ts';
import type { ReplyOf, TestReport, TestStage } from '../../../shared/contract/ipc.ts';
import type { Settings, SmtpServerSettings } from '../../../shared/contract/settings.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { Message } from '../../../shared/model/message.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import { practiceServer, smtpServer, type TokensOf } from './routes.ts';
import { ehloName, senderOf } from './sender.ts';

export interface TestMailOptions {
  readonly settings: SettingsStore;
  readonly tokens: TokensOf;
  readonly hostName: string;
  readonly practice: PracticeMailbox;
  /** The mail of the test, to one recipient. */
  readonly message: Message;
  readonly clock: Clock;
  /** What stands in a form, tried in place of what the settings say. */
  readonly form?: TestForm;
  /** Told each stage as it ends. */
  readonly onStage?: (stage: TestStage) => void;
}

/** A server that is being edited, and what else was changed on the page. */
export interface TestForm {
  readonly server: SmtpServerSettings;
  /** Null: none is entered. As the settings have it where it is left out, as is the time. */
  readonly from?: Settings['smtp']['from'] | undefined;
  readonly timeoutSeconds?: number | undefined;
}

/**
 * The Test button (K6, C5): hands a message to the servers in order, as every mail is, until one takes it, and tells
 * every stage. What it says is "accepted by", never "delivered" (C6).
 */
export async function testMail(options: TestMailOptions): Promise<TestReport> {
  const settings = settingsOf(options);
  const practising = settings.smtp.servers.length === 0;
  const servers = practising
    ? [practiceServer((await options.practice.start()).port)]
    : settings.smtp.servers.map((server) => smtpServer(server, options.settings, options.tokens));
  const via = practising ? 'practice' : 'smtp';
  const tried: Diagnosis[] = [];
  for (const server of servers) {
    const diagnosis = await diagnoseServer(server, servers.length > 1, settings, options);
    tried.push(diagnosis);
    if (diagnosis.accepted) break;
  }
  const last = tried.at(-1);
  return {
    accepted: last?.accepted ?? false,
    sentence: sentenceOf(tried, practising),
    via,
    server: last ? serverLabel(last.server) : null,
    stages: tried.flatMap((diagnosis) => stagesOf(diagnosis, tried.length > 1)),
  };
}

/** The settings in force, with what stands in the form in place of theirs. */
function settingsOf({ settings, form }: TestMailOptions): Settings {
  const current = settings.current();
  if (form === undefined) return current;
  const { smtp } = current;
  return {
    ...current,
    smtp: {
      servers: [form.server],
      from: form.from === undefined ? smtp.from : form.from,
      timeoutSeconds: form.timeoutSeconds ?? smtp.timeoutSeconds,
    },
  };
}

function diagnoseServer(
  server: SmtpServerOptions,
  several: boolean,
  settings: Settings,
  options: TestMailOptions,
): Promise<Diagnosis> {
  const label = several ? `${serverLabel(server)}: ` : '';
  const from = senderOf(settings, options.hostName);
  return diagnose({
    server,
    from,
    recipient: options.message.recipients[0] ?? '',
    mime: () => buildMime(options.message, from, PLAIN_CONTEXT),
    timeoutSeconds: settings.smtp.timeoutSeconds,
    ehloName: ehloName(options.hostName),
    clock: options.clock,
    onStage: (stage) => options.onStage?.(stageOf(stage, label)),
  });
}

export interface CheckServerOptions {
  readonly server: SmtpServerOptions;
  readonly timeoutSeconds: number;
  readonly hostName: string;
  readonly clock: Clock;
}

/** Connects, encrypts and logs in, and ends there: what a server that was just saved is worth (K8). */
export async function checkServer(options: CheckServerOptions): Promise<ReplyOf<'mail.check'>> {
  const { server, timeoutSeconds, hostName, clock } = options;
  const { stages } = await diagnose({
    server,
    from: { name: '', address: '' },
    recipient: '',
    mime: async () => '',
    timeoutSeconds,
    ehloName: ehloName(hostName),
    clock,
    connectsOnly: true,
  });
  const failed = stages.find(({ outcome }) => outcome === 'failed');
  return {
    reached: failed === undefined,
    server: serverLabel(server),
    sentence: failed?.sentence ?? null,
    failure: failed === undefined ? null : stageOf(failed, ''),
  };
}

function sentenceOf(tried: readonly Diagnosis[], practising: boolean): string {
  const last = tried.at(-1);
  if (last?.accepted) {
    if (practising)
      return 'Accepted by the practice mailbox. It only shows what it received; nothing left this computer.';
    const before = tried.slice(0, -1).map((diagnosis) => serverLabel(diagnosis.server));
    const not = before.length === 0 ? '' : ` Not accepted by ${before.join(', ')}.`;
    return `Accepted by ${serverLabel(last.server)}.${not} Look into the mailbox to see whether it arrives: acceptance by the first server does not prove it.`;
  }
  if (tried.length > 1) return 'No server took the test message.';
  const fault = last?.stages.find((stage) => stage.outcome === 'failed');
  return fault?.sentence ?? 'The test message was not accepted.';
}

function stagesOf(diagnosis: Diagnosis, several: boolean): TestStage[] {
  const label = several ? `${serverLabel(diagnosis.server)}: ` : '';
  return diagnosis.stages.map((stage) => stageOf(stage, label));
}

function stageOf(stage: DiagnosisStage, label: string): TestStage {
  return {
    stage: stage.stage,
    title: `${label}${stage.title}`,
    outcome: stage.outcome,
    detail: stage.detail ?? '',
    durationMs: stage.ms ?? 0,
    reply: stage.reply,
    code: stage.code,
    sentence: stage.sentence,
    cause: stage.cause,
    mend: stage.mend,
    facts: stage.facts,
  };
}
