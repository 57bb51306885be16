import { request } from 'node:http';
import { systemClock, systemRandom } from '../../mail/platform/clock.ts';
import {
  type Client,
  type MethodName,
  METHODS,
  type ReplyOf,
  type RequestOf,
} from '../../shared/contract/ipc.ts';
import { AgentInTheWay, type OfflineHandlers, openOffline } from '../agent/offline.ts';
import { type Control, readControl } from '../agent/platform/control-file.ts';
import type { DataDir } from '../agent/platform/data-dir.ts';
import { CommandFailure, EXIT } from './exit.ts';
import { faultLines } from './output.ts';

/** Whoever answers a command: the agent that runs on the data folder, or this process on the folder itself. */
export interface Connection {
  readonly call: Client;
  /** Whether an agent answers. */
  readonly running: boolean;
  close(): Promise<void>;
}

/**
 * Finds the agent that runs on the data folder; without one, opens the folder for what can be done on it directly. Other
 * calls then fail with status 3 and say how to start an agent.
 */
export async function connect(dataDir: DataDir): Promise<Connection> {
  const control = readControl(dataDir);
  if (control !== null && (await answers(control))) {
    return { running: true, call: (name, call) => callAgent(control, name, call), close: async () => {} };
  }
  const opened = openOffline(dataDir, systemClock, systemRandom);
  if (!opened.ok) {
    if ('error' in opened)
      throw new CommandFailure(EXIT.cannot, opened.error.message, { code: opened.error.code });
    const lines = ['The settings in the data folder are not valid:', ...faultLines(opened.faults)];
    throw new CommandFailure(EXIT.usage, lines.join('\n'), { faults: opened.faults });
  }
  const { handlers, close } = opened.value;
  return { running: false, call: (name, call) => callFolder(handlers, dataDir, name, call), close };
}

/** Fails where no agent runs: what the command does needs one. */
export async function connectToAgent(dataDir: DataDir): Promise<Connection> {
  const connection = await connect(dataDir);
  if (connection.running) return connection;
  await connection.close();
  throw noAgent(dataDir);
}

function noAgent(dataDir: DataDir): CommandFailure {
  return new CommandFailure(
    EXIT.cannot,
    `No Tocsin agent runs on ${dataDir.path}. Start it with "tocsin run".`,
    {
      code: 'no_agent',
    },
  );
}

async function answers(control: Control): Promise<boolean> {
  try {
    return (await post(control, 'status.get', {})).status === 200;
  } catch {
    // An agent that was killed leaves its word behind; nobody listens there any more.
    return false;
  }
}

interface HttpReply {
  readonly status: number;
  readonly text: string;
}

/** One call over a connection of its own, so that nothing keeps this process alive afterwards. */
function post(control: Control, name: MethodName, call: unknown): Promise<HttpReply> {
  const body = JSON.stringify(call);
  const headers = {
    authorization: `Bearer ${control.token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port: control.port,
      path: `/api/${name}`,
      method: 'POST',
      headers,
      agent: false,
    };
    const outgoing = request(options, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => (text += chunk));
      incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
      incoming.once('error', reject);
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

async function callAgent<Name extends MethodName>(
  control: Control,
  name: Name,
  call: RequestOf<Name>,
): Promise<ReplyOf<Name>> {
  const { status, text } = await post(control, name, call);
  if (status === 200) return JSON.parse(text) as ReplyOf<Name>;
  throw new CommandFailure(
    status === 400 ? EXIT.usage : EXIT.cannot,
    refusal(text) ?? `The agent did not answer ${name}.`,
  );
}

function refusal(text: string): string | null {
  try {
    const reply: unknown = JSON.parse(text);
    return typeof reply === 'object' && reply !== null && 'message' in reply ? String(reply.message) : null;
  } catch {
    return null;
  }
}

async function callFolder<Name extends MethodName>(
  handlers: OfflineHandlers,
  dataDir: DataDir,
  name: Name,
  call: RequestOf<Name>,
): Promise<ReplyOf<Name>> {
  const handler = (handlers as Partial<Record<MethodName, (call: unknown) => unknown>>)[name];
  if (!handler) throw noAgent(dataDir);
  const parsed = METHODS[name].request.safeParse(call);
  if (!parsed.success) {
    throw new CommandFailure(EXIT.usage, parsed.error.issues.map((issue) => issue.message).join('; '));
  }
  try {
    return (await handler(parsed.data)) as ReplyOf<Name>;
  } catch (error) {
    if (error instanceof AgentInTheWay) {
      throw new CommandFailure(EXIT.cannot, error.message, { code: error.error.code });
    }
    throw error;
  }
}
