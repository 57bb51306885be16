import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readControl } from '../../../electron/agent/platform/control-file.ts';
import { dataDirAt } from '../../../electron/agent/platform/data-dir.ts';
import { waitFor } from '../../integration/support/scratch.ts';
import { fileAlert, testSettings } from '../../integration/support/settings-builder.ts';
import { type Acceptance } from '../../integration/support/smtp-sink-journal.ts';
import { type SmtpSink, startSmtpSink } from '../../integration/support/smtp-sink.ts';
import { importSettings } from './data-folder.ts';
import { type DiskOp, readDiskLog, RECORDED_CALLS, UNREAD_CALLS } from './disk-log.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** What the agent has said it keeps, and when that was heard, in milliseconds since the epoch. */
export interface Promised {
  /** When each message first stood in the log that the agent shows, by Message-ID. */
  readonly messages: ReadonlyMap<string, number>;
  /** When each taking in of settings was confirmed, by the name that they give the installation. */
  readonly settings: readonly { readonly name: string; readonly at: number }[];
}

export interface RecordedRun {
  readonly ops: readonly DiskOp[];
  /** The folder as it was before. */
  readonly before: string;
  /** What the log calls the folder. */
  readonly dir: string;
  readonly port: number;
  readonly promised: Promised;
  /** What the mail server had by itself, oldest first. */
  readonly acceptances: readonly Acceptance[];
}

const BATCHES = 12;
/** So many that more wait while the server is away than one connection is enough for. */
const BATCH_ALERTS = 8;
const BATCH_MS = 350;
/** Batches during which the mail server is away, so that mail has to wait. */
const AWAY = { from: 3, to: 10 } as const;

/**
 * Runs an agent under strace, with everything that it writes: alerts fire, settings are taken in, the mail server goes and
 * comes back. In the end it is stopped as an administrator would, and what it wrote then is recorded as well.
 */
export async function recordRun(dir: string): Promise<RecordedRun> {
  mkdirSync(dir);
  const before = join(dir, 'before');
  const dataDir = join(dir, 'data');
  const tracePrefix = join(dir, 'trace');
  mkdirSync(before, { mode: 0o700 });
  let sink = await startSmtpSink(dir, { replyDelayMs: { min: 0, max: 30 } });
  const { port } = sink;
  const acceptances: Acceptance[] = [];
  const alerts = Array.from({ length: BATCHES * BATCH_ALERTS }, (_, index) =>
    fileAlert(`Alert ${index}`, join(dir, `cause-${index}`), [`a${index}@contoso.example`]),
  );
  const settingsNamed = (name: string) => {
    const settings = testSettings({ servers: [{ port }], alerts }) as { installation: object };
    return { ...settings, installation: { ...settings.installation, name } };
  };
  importSettings(before, settingsNamed('name-0'));
  cpSync(before, dataDir, { recursive: true });
  const words = `-f -ff -qq -y -ttt -T -xx -s 4194304 -e trace=${RECORDED_CALLS},${UNREAD_CALLS} -o`.split(
    ' ',
  );
  const agent = [process.execPath, 'bin/tocsin.js', 'run', '--no-console', '--data-dir', dataDir];
  // What went by a ring would be in no log; this Node uses it for no files, and has it off so that it stays so.
  const env = { ...process.env, UV_USE_IO_URING: '0' };
  const options = { cwd: ROOT, env, stdio: 'ignore', detached: true } as const;
  const child = spawn('strace', [...words, tracePrefix, ...agent], options);
  const ended = new Promise((done) => child.once('close', done));
  const call = (method: string, request: unknown) => callAgent(dataDir, method, request);
  const messages = new Map<string, number>();
  const settings = [{ name: 'name-0', at: 0 }];
  let isOver = false;
  try {
    await waitFor('the agent', () => call('status.get', {}), 30_000, 50);
    const looking = lookAtLog(call, messages, () => isOver);
    for (let batch = 0; batch < BATCHES; batch += 1) {
      if (batch === AWAY.from) acceptances.push(...(await stopSink(sink)));
      if (batch === AWAY.to) sink = await startSmtpSink(dir, { port, replyDelayMs: { min: 0, max: 30 } });
      for (let index = 0; index < BATCH_ALERTS; index += 1) {
        writeFileSync(join(dir, `cause-${batch * BATCH_ALERTS + index}`), 'now');
      }
      await delay(BATCH_MS);
      const name = `name-${batch + 1}`;
      const taken = await call('settings.import', {
        text: JSON.stringify(settingsNamed(name)),
        baseDir: dir,
      });
      if (taken !== null) settings.push({ name, at: Date.now() });
    }
    await delay(3 * BATCH_MS);
    isOver = true;
    await looking;
    process.kill(readControl(dataDirAt(dataDir))?.pid ?? 0, 'SIGTERM');
    await ended;
  } finally {
    if (child.exitCode === null && child.pid !== undefined && !isOver) process.kill(-child.pid, 'SIGKILL');
    acceptances.push(...(await stopSink(sink)));
  }
  const ops = readDiskLog(tracePrefix, dataDir);
  rmSync(dataDir, { recursive: true });
  return { ops, before, dir: dataDir, port, promised: { messages, settings }, acceptances };
}

async function stopSink(sink: SmtpSink): Promise<Acceptance[]> {
  await sink.stop();
  return sink.acceptances();
}

/** Writes down when each message first stood in the agent's log; that is when it said that it has it. */
async function lookAtLog(
  call: (method: string, request: unknown) => Promise<unknown>,
  seen: Map<string, number>,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const shown = JSON.stringify(await call('log.list', { limit: 100, since: null, before: null }));
    for (const [, id = ''] of shown.matchAll(/"messageId":"([^"]+)"/g)) {
      if (!seen.has(id)) seen.set(id, Date.now());
    }
    await delay(15);
  }
}

/** The reply, or null where there is none. */
async function callAgent(dataDir: string, method: string, request: unknown): Promise<unknown> {
  const control = readControl(dataDirAt(dataDir));
  if (control === null) return null;
  const response = await fetch(`http://127.0.0.1:${control.port}/api/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${control.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(request),
  }).catch(() => null);
  return response?.ok === true ? response.json() : null;
}
