import PostalMime, { type Email } from 'postal-mime';
import { onTestFinished } from 'vitest';
import { systemClock, systemRandom } from '../../mail/platform/clock.ts';
import { createPracticeMailbox } from '../../mail/practice-mailbox.ts';
import { parseSmtpUrl } from '../../relay/delivery/smtp-url.ts';
import { hashCode } from '../../relay/enrolment-code.ts';
import { createRelayLog } from '../../relay/log.ts';
import { relayDataDirAt } from '../../relay/platform/data-dir.ts';
import { type RelayOptions, startRelay } from '../../relay/serve.ts';
import { openRelayStore } from '../../relay/store/open-relay-store.ts';
import type { RelayStore } from '../../relay/store/relay-store.ts';
import type { Clock } from '../../shared/model/clock.ts';
import { enrolClient, type RelayClient } from './relay-client.ts';
import { type AtEnd, scratchDir } from './scratch-dir.ts';
import { ScriptedSmtpServer } from './scripted-smtp-server.ts';

/** The wall clock of this computer with a shift; durations and timers are real. */
export interface ShiftedClock extends Clock {
  shiftMs: number;
}

export interface RelayRig {
  readonly url: string;
  readonly clock: ShiftedClock;
  /** The same database, as the commands use it. */
  readonly store: RelayStore;
  /** Everything the service has logged, as text. */
  readonly logged: () => string;
  /** Adds an installation and enrols a client for it. */
  readonly enrol: (given?: { name?: string; expiresAt?: number; replyTo?: string }) => Promise<RelayClient>;
  readonly newCode: (given?: { name?: string; expiresAt?: number; replyTo?: string }) => Promise<string>;
  /** What its mail server has taken, oldest first. */
  readonly mails: () => Promise<Email[]>;
  /** Waits until there are so many. */
  readonly firstMails: (count: number) => Promise<Email[]>;
  /** Waits until there are so many, and then a moment longer, for those that should not come. */
  readonly mailsWhen: (count: number) => Promise<Email[]>;
}

interface Given extends Partial<Omit<RelayOptions, 'smtp' | 'clock'>> {
  /** The mail server of the service; one of the rig's where it is left out. */
  readonly smtpUrl?: string;
  /** By how many times its timers end sooner. */
  readonly timersFaster?: number;
  /** When it is stopped; at the end of the running test where it is left out. */
  readonly atEnd?: AtEnd;
}

/** A service on a port of its own, ready to take messages. */
export async function startRelayRig(options: Given = {}): Promise<RelayRig> {
  const { smtpUrl, timersFaster = 1, atEnd = onTestFinished, ...given } = options;
  const dataDir = relayDataDirAt(scratchDir(atEnd));
  const clock: ShiftedClock = {
    shiftMs: 0,
    now: () => systemClock.now() + clock.shiftMs,
    monotonic: systemClock.monotonic,
    after: (delayMs, run) => systemClock.after(delayMs / timersFaster, run),
  };
  const lines: string[] = [];
  const write = (fields: object, text: string) => void lines.push(`${JSON.stringify(fields)} ${text}`);
  const server = await new ScriptedSmtpServer().start();
  atEnd(() => server.stop());
  const smtp = parseSmtpUrl(smtpUrl ?? `smtp://127.0.0.1:${server.port}`);
  if (!smtp.ok) throw new Error(smtp.message);
  const started = await startRelay({
    dataDir,
    host: '127.0.0.1',
    port: 0,
    from: 'alerts@provider.example',
    smtp: smtp.value,
    publicUrl: null,
    operator: null,
    quotas: { messagesPerHour: 200, messagesPerRecipientPerHour: 60 },
    tls: null,
    hostName: 'relay.provider.example',
    clock,
    random: systemRandom,
    log: createRelayLog({ info: write, warn: write, error: write }),
    ...given,
  });
  if (!started.ok) throw new Error(started.error.message);
  const opened = openRelayStore(dataDir.databasePath, systemRandom);
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value.relayStore;
  atEnd(async () => {
    await started.value.stop();
    await store.close();
  });
  const { url } = started.value;
  if (smtpUrl === undefined) {
    await until(async () => (await fetch(`${url}/readyz`)).status === 200);
  }

  let codes = 0;
  const newCode: RelayRig['newCode'] = async ({ name, expiresAt = null, replyTo = null } = {}) => {
    const code = `CODE-${++codes}`;
    const id = systemRandom.id(clock.now());
    const installation = { id, name: name ?? `installation ${codes}`, replyTo, expiresAt };
    const kept = { hash: hashCode(code), validUntil: clock.now() + 15 * 60_000 };
    if (!(await store.addInstallation(installation, kept, clock.now()))) throw new Error('the name is taken');
    return code;
  };
  const mailbox = createPracticeMailbox({ folder: dataDir.practiceDir, clock });
  const contents = async (): Promise<readonly Buffer[]> => {
    if (smtpUrl !== 'practice:') return server.accepted.map(({ data }) => Buffer.from(data, 'latin1'));
    const oldestFirst = (await mailbox.list()).toReversed();
    return Promise.all(oldestFirst.map(async ({ id }) => (await mailbox.read(id)) ?? Buffer.of()));
  };
  const mails = async () => Promise.all((await contents()).map((content) => PostalMime.parse(content)));
  const firstMails = async (count: number) => {
    await until(async () => (await contents()).length >= count);
    return mails();
  };
  return {
    url,
    clock,
    store,
    logged: () => lines.join('\n'),
    newCode,
    enrol: async (installation) => enrolClient(url, await newCode(installation), () => clock.now()),
    mails,
    firstMails,
    async mailsWhen(count) {
      await firstMails(count);
      await new Promise((resolve) => setTimeout(resolve, 150));
      return mails();
    },
  };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + 5000;
  while (performance.now() < endsAt) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('it did not come to hold within 5 s');
}

/** A message as an installation would send it. */
export function aRequest(given: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    kind: 'alert',
    subject: '[CRITICAL] front-desk: Disk nearly full',
    html: '<p>The disk is <b>nearly</b> full.</p>',
    text: 'The disk is nearly full.\n',
    to: ['it@contoso.example'],
    sms: [],
    smsText: null,
    threadId: null,
    ...given,
  };
}
