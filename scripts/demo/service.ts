import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const BIN = resolve(import.meta.dirname, '../../bin/tocsin-relay.js');
const execute = promisify(execFile);
const PATIENCE_MS = 10_000;

/** A Web Service of the demo's own. */
export interface Service {
  readonly url: string;
  /** A one-time code for a new installation. */
  code(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts `tocsin-relay serve` as a process of its own, mailing through the given server; resolves once it takes messages. */
export async function startService(dataDir: string, smtpPort: number, from: string): Promise<Service> {
  const folder = ['--data-dir', dataDir];
  const words = [
    'serve',
    '--port',
    '0',
    '--from',
    from,
    '--smtp-url',
    `smtp://127.0.0.1:${smtpPort}`,
    ...folder,
  ];
  const service = spawn(process.execPath, [BIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  service.stderr.on('data', (chunk) => (said += String(chunk)));
  const ended = once(service, 'exit').then(() => {
    throw new Error(`the Web Service ended before it was ready: ${said}`);
  });
  const [line] = (await Promise.race([once(service.stdout, 'data'), ended])) as unknown[];
  ended.catch(() => {});
  const url = /http:\/\/[\d.:]+\d/.exec(String(line))?.[0] ?? '';
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await fetch(`${url}/readyz`)).ok && Date.now() < deadline) await sleep(20);
  return {
    url,
    code: async (name) => {
      const { stdout } = await execute(process.execPath, [BIN, 'installation', 'add', name, ...folder]);
      return stdout.trim();
    },
    async stop() {
      if (service.exitCode !== null || service.signalCode !== null) return;
      service.kill('SIGTERM');
      await once(service, 'exit');
    },
  };
}
