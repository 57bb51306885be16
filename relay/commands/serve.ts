import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { pino } from 'pino';
import { systemClock, systemRandom } from '../../mail/platform/clock.ts';
import { parseSmtpUrl, type SmtpUrl } from '../delivery/smtp-url.ts';
import { createRelayLog, type LogWriter } from '../log.ts';
import type { RelayDataDir } from '../platform/data-dir.ts';
import { createStderrLines } from '../platform/stderr-lines.ts';
import { type Relay, type RelayOptions, startRelay } from '../serve.ts';
import type { Quotas } from '../store/relay-store.ts';
import { VERSION } from '../version.ts';
import { CommandFailure, EXIT } from './exit.ts';
import type { Output } from './output.ts';

export interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly from: string | null;
  readonly smtpUrl: string;
  readonly publicUrl: string | null;
  readonly operator: string | null;
  readonly tlsCert: string | null;
  readonly tlsKey: string | null;
  readonly quotas: Quotas;
}

/** The sender while mail goes to the practice mailbox and none was given. */
const PRACTICE_FROM = 'tocsin@practice.invalid';

/** The service in the foreground until SIGINT or SIGTERM; a second signal ends the process at once. */
export async function serveCommand(
  dataDir: RelayDataDir,
  options: ServeOptions,
  output: Output,
): Promise<void> {
  const smtp = smtpOf(options.smtpUrl);
  if (options.from === null && smtp.kind !== 'practice') {
    throw new CommandFailure(
      EXIT.usage,
      '--from ADDRESS is missing: the address that relayed mail comes from.',
    );
  }
  const log = createRelayLog(createWriter());
  const stopped = untilSignal();
  const relay = await start({
    dataDir,
    host: options.host,
    port: options.port,
    from: options.from ?? PRACTICE_FROM,
    smtp,
    publicUrl: options.publicUrl,
    operator: options.operator,
    quotas: options.quotas,
    tls: tlsOf(options),
    hostName: hostname(),
    clock: systemClock,
    random: systemRandom,
    log,
  });
  const { url, port, practising } = relay;
  output.answer({ running: true, url, port, pid: process.pid, dataDir: dataDir.path, version: VERSION }, [
    `Tocsin Web Service ${VERSION} listens on ${url}. Data folder: ${dataDir.path}`,
    ...(practising
      ? [`Mail goes to the practice mailbox in ${dataDir.practiceDir}: nothing leaves this computer.`]
      : []),
  ]);
  await stopped;
  log.info('stopping');
  await relay.stop();
}

async function start(options: RelayOptions): Promise<Relay> {
  try {
    const started = await startRelay(options);
    if (started.ok) return started.value;
    throw new CommandFailure(EXIT.cannot, started.error.message, started.error.code);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    const where = `${options.host}:${options.port}`;
    if (code === 'EADDRINUSE')
      throw new CommandFailure(
        EXIT.cannot,
        `Another program listens on ${where}. Choose another port with --port.`,
      );
    if (code === 'EACCES')
      throw new CommandFailure(
        EXIT.cannot,
        `This user may not listen on ${where}. Choose a port from 1024 on.`,
      );
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new CommandFailure(EXIT.cannot, `This computer has no address ${options.host} to listen on.`);
    throw error;
  }
}

function smtpOf(text: string): SmtpUrl {
  const parsed = parseSmtpUrl(text);
  if (parsed.ok) return parsed.value;
  // The address itself is not repeated: it may hold a password.
  throw new CommandFailure(EXIT.usage, `--smtp-url cannot be understood. ${parsed.message}`);
}

function tlsOf({ tlsCert, tlsKey }: ServeOptions): RelayOptions['tls'] {
  if (tlsCert === null && tlsKey === null) return null;
  if (tlsCert === null || tlsKey === null) {
    throw new CommandFailure(EXIT.usage, '--tls-cert and --tls-key belong together; give both or neither.');
  }
  const read = (path: string) => {
    try {
      return readFileSync(path);
    } catch {
      throw new CommandFailure(EXIT.cannot, `The file ${path} cannot be read.`);
    }
  };
  return { cert: read(tlsCert), key: read(tlsKey) };
}

/** JSON lines on stderr. Nothing secret gets here; the paths guard all the same. */
function createWriter(): LogWriter {
  return pino(
    {
      base: null,
      redact: ['password', 'authorization', 'signature'],
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    createStderrLines(),
  );
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
