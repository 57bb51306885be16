import { setTimeout as wait } from 'node:timers/promises';
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
import { type DataDir, isDataDirLocked } from '../agent/platform/data-dir.ts';
import { askAgent } from '../client/control-http.ts';
import { CommandFailure, EXIT } from './exit.ts';
import { damagedSettings } from './settings-file.ts';

/** Whoever answers a command: the agent that runs on the data folder, or this process on the folder itself. */
export interface Connection {
  readonly call: Client;
  /** Whether an agent answers. */
  readonly running: boolean;
  close(): Promise<void>;
}

/** An agent that has the folder's lock may be starting, or busy with a thousand mails; it is waited for so long. */
const AGENT_WAIT_MS = 15_000;
/** Whoever listens on the port that the agent left word of may be another program by now, and keep silent. */
const ANSWER_MS = 5_000;
const LOOK_AGAIN_MS = 100;

/**
 * Finds the agent that runs on the data folder; without one, opens the folder for what can be done on it directly. Other
 * calls then fail with status 3 and say how to start an agent.
 */
export async function connect(dataDir: DataDir): Promise<Connection> {
  const control = await findAgent(dataDir);
  if (control !== null) {
    return { running: true, call: (name, call) => callAgent(control, name, call), close: async () => {} };
  }
  const opened = openOffline(dataDir, systemClock, systemRandom);
  if (!opened.ok) {
    if ('error' in opened)
      throw new CommandFailure(EXIT.cannot, opened.error.message, { code: opened.error.code });
    const { faults, handlers } = opened;
    return {
      running: false,
      call(name, call) {
        if (name !== 'settings.import') throw damagedSettings(dataDir, faults);
        return callFolder(handlers, dataDir, name, call);
      },
      close: async () => {},
    };
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

/** The agent that owns the folder, or null where nobody does. The lock decides: word of an agent outlives its death. */
async function findAgent(dataDir: DataDir): Promise<Control | null> {
  const deadline = systemClock.monotonic() + AGENT_WAIT_MS;
  for (;;) {
    const control = readControl(dataDir);
    if (control !== null && (await answers(control))) return control;
    if (!isDataDirLocked(dataDir)) return null;
    if (systemClock.monotonic() >= deadline) {
      const text = `An agent owns ${dataDir.path} and does not answer. Look at its log, or end it and start it again.`;
      throw new CommandFailure(EXIT.cannot, text, { code: 'agent_silent' });
    }
    await wait(LOOK_AGAIN_MS);
  }
}

/** Whether it is the agent that answers on that port. */
async function answers(control: Control): Promise<boolean> {
  const answer = await askAgent(control, 'status.get', {}, ANSWER_MS);
  // One of another version is an agent all the same: what is asked of it says so.
  const status: unknown = answer.ok ? answer.reply : answer.kind === 'mismatch' ? answer.raw : null;
  return typeof status === 'object' && status !== null && 'pid' in status && status.pid === control.pid;
}

async function callAgent<Name extends MethodName>(
  control: Control,
  name: Name,
  call: RequestOf<Name>,
): Promise<ReplyOf<Name>> {
  const answer = await askAgent(control, name, call);
  if (answer.ok) return answer.reply;
  switch (answer.kind) {
    case 'lost': {
      const said = `The agent ended, or was ended, before it had answered ${name} (${answer.why}). Look at its log; the delivery log shows what was done.`;
      throw new CommandFailure(EXIT.cannot, said, { code: 'agent_gone' });
    }
    case 'mismatch': {
      const said = `The agent answered ${name} with something that this command does not know. They are of different versions: end the agent and start it again.`;
      throw new CommandFailure(EXIT.cannot, said, { code: 'agent_differs' });
    }
    case 'refused':
      throw new CommandFailure(
        answer.status === 400 ? EXIT.usage : EXIT.cannot,
        answer.said ?? `The agent did not answer ${name}.`,
      );
  }
}

async function callFolder<Name extends MethodName>(
  handlers: Partial<OfflineHandlers>,
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
