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
import { scratchDir } from './scratch-dir.ts';

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
  /** What the practice mailbox holds, oldest first. */
  readonly mails: () => Promise<Email[]>;
  /** Waits until it holds so many, and then a moment longer, for those that should not come. */
  readonly mailsWhen: (count: number) => Promise<Email[]>;
}

interface Given extends Partial<Omit<RelayOptions, 'smtp'>> {
  readonly smtpUrl?: string;
}

/** A service on a port of its own, with a practice mailbox, ready to take messages. */
export async function startRelayRig(given: Given = {}): Promise<RelayRig> {
  const dataDir = relayDataDirAt(scratchDir());
  const clock: ShiftedClock = {
    shiftMs: 0,
    now: () => systemClock.now() + clock.shiftMs,
    monotonic: systemClock.monotonic,
    after: systemClock.after,
  };
  const lines: string[] = [];
  const write = (fields: object, text: string) => void lines.push(`${JSON.stringify(fields)} ${text}`);
  const smtp = parseSmtpUrl(given.smtpUrl ?? 'practice:');
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
  onTestFinished(async () => {
    await started.value.stop();
    await store.close();
  });
  const { url } = started.value;
  if (given.smtpUrl === undefined) {
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
  const mails = async () => {
    const parsed: Email[] = [];
    for (const { id } of (await mailbox.list()).toReversed()) {
      const content = await mailbox.read(id);
      if (content !== null) parsed.push(await PostalMime.parse(content));
    }
    return parsed;
  };
  return {
    url,
    clock,
    store,
    logged: () => lines.join('\n'),
    newCode,
    enrol: async (installation) => enrolClient(url, await newCode(installation), () => clock.now()),
    mails,
    async mailsWhen(count) {
      await until(async () => (await mails()).length >= count);
      await new Promise((resolve) => setTimeout(resolve, 150));
      return mails();
    },
  };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
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
