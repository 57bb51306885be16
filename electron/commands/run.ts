import { writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemClock, systemRandom } from '../../mail/platform/clock.ts';
import type { Agent } from '../agent/agent.ts';
import { createAgentLog, type LogWriter } from '../agent/log.ts';
import { type DataDir, lockDataDir } from '../agent/platform/data-dir.ts';
import { deliveryPlaces } from '../agent/platform/delivery-places.ts';
import { distDir } from '../agent/platform/dist-dir.ts';
import { createJsonLines } from '../agent/platform/json-lines.ts';
import { inBatches } from '../agent/platform/line-batch.ts';
import { createLogFile } from '../agent/platform/log-file.ts';
import { quickenPace } from '../agent/platform/pace.ts';
import { createKeyFileSecretStore } from '../agent/settings/secret-store.ts';
import { openSettingsStore } from '../agent/settings/settings-store.ts';
import { startSteadyAgent } from '../agent/steady-agent.ts';
import { openInBrowser } from './desktop.ts';
import { CommandFailure, EXIT } from './exit.ts';
import { faultLines, type Output } from './output.ts';
import { printable, printableJson } from '../../shared/printable.ts';
import { damagedSettings, readSettingsFile, settingsFailure } from './settings-file.ts';

export interface RunOptions {
  readonly settingsFile: string | undefined;
  /** Where the log goes, instead of to stderr. */
  readonly logFile: string | undefined;
  readonly consolePort: number;
  readonly withConsole: boolean;
  /** Whether the console is opened in the browser of this desktop. */
  readonly open: boolean;
}

/** The agent in the foreground until SIGINT or SIGTERM; a second signal ends the process at once. */
export async function runCommand(dataDir: DataDir, options: RunOptions, output: Output): Promise<void> {
  // Whoever reads what the agent says may go away, or the disk of its log be full: it watches and mails all the same.
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error');
    stream.on('error', () => {});
  }
  const log = createAgentLog(createWriter(options.logFile));
  try {
    await runAgent(dataDir, options, output, log);
  } catch (error) {
    // Where the log goes to a file, nobody reads stderr.
    if (options.logFile !== undefined) log.warn(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

async function runAgent(
  dataDir: DataDir,
  options: RunOptions,
  output: Output,
  log: ReturnType<typeof createAgentLog>,
): Promise<void> {
  if (options.settingsFile !== undefined) takeInSettings(dataDir, options.settingsFile, output);
  const started = await start(dataDir, options, log);
  const { value: agent } = started;
  const status = agent.status();
  log.info(`agent started on ${dataDir.path}`);
  if (output.json)
    output.document({ running: true, port: agent.port, pid: process.pid, dataDir: dataDir.path });
  else {
    output.line(`Tocsin ${status.version} watches ${status.installation}. Data folder: ${dataDir.path}`);
    if (status.routes.some((route) => route.route === 'practice')) {
      output.line(
        'No mail server is set, so mail goes to the practice mailbox: nothing leaves this computer.',
      );
    }
    const link = agent.consoleLink();
    if (link !== null) output.line(`Web console (opens once, "tocsin console" gives another): ${link}`);
  }
  const removeLead = options.open ? openConsole(agent, dataDir) : null;
  await untilSignal();
  removeLead?.();
  log.info('stopping');
  await agent.stop();
}

/** By a link of its own, so that the one that was printed stays good. */
function openConsole(agent: Agent, dataDir: DataDir): (() => void) | null {
  const link = agent.consoleLink();
  return link === null ? null : openInBrowser(link, dataDir, systemClock);
}

/** As `tocsin import`, before the agent starts; the folder is locked meanwhile. */
function takeInSettings(dataDir: DataDir, file: string, output: Output): void {
  const { text, baseDir } = readSettingsFile(file);
  const lock = lockDataDir(dataDir);
  if (!lock.ok) throw new CommandFailure(EXIT.cannot, lock.error.message, { code: lock.error.code });
  try {
    const loaded = openSettingsStore(dataDir, createKeyFileSecretStore(dataDir));
    const outcome = loaded.ok ? loaded.store.import(text, baseDir) : loaded.replace(text, baseDir);
    if (!outcome.ok) throw settingsFailure(file, outcome.faults);
    for (const line of faultLines(outcome.warnings)) output.note(`Note: ${line}`);
  } finally {
    lock.value.release();
  }
}

async function start(dataDir: DataDir, options: RunOptions, log: ReturnType<typeof createAgentLog>) {
  const { consolePort, withConsole } = options;
  try {
    const started = await startSteadyAgent({
      dataDir,
      clock: systemClock,
      random: systemRandom,
      log,
      deliveryPlaces: deliveryPlaces(dataDir),
      consolePort,
      withConsole,
      distDir: distDir(),
      onBacklog: quickenPace,
    });
    if (started.ok) return started;
    if ('error' in started)
      throw new CommandFailure(EXIT.cannot, started.error.message, { code: started.error.code });
    throw damagedSettings(dataDir, started.faults);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new CommandFailure(
        EXIT.cannot,
        `Port ${consolePort} is taken by another program. Choose another with --console-port.`,
      );
    }
    throw error;
  }
}

/** JSON lines for programs, plain lines for somebody who looks on. Secrets never get here; the paths guard all the same. */
function createWriter(logFile: string | undefined): LogWriter {
  if (logFile !== undefined) return createJsonLines(inBatches(createLogFile(resolve(logFile)), systemClock));
  const writeLines = inBatches(writeLog, systemClock);
  return createJsonLines((line) => writeLines(process.stderr.isTTY ? plainLine(line) : printableJson(line)));
}

/** After a failed write, Node keeps what follows in memory for ever; what comes then is tried by itself, and lost if it must. */
function writeLog(lines: string): void {
  if (process.stderr.errored === null) {
    process.stderr.write(lines);
    return;
  }
  try {
    writeSync(process.stderr.fd, lines);
  } catch {
    // Nobody can be told; the delivery log in the data folder holds what matters.
  }
}

function plainLine(line: string): string {
  const { time, level, msg } = JSON.parse(line) as { time: string; level: number; msg: string };
  const mark = level >= 50 ? '✗' : level >= 40 ? '!' : ' ';
  return `${new Date(time).toLocaleTimeString()} ${mark} ${printable(msg).replaceAll('\n', ' ')}\n`;
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    // Timers of the house do not keep the process alive; the server on the loopback port does.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
