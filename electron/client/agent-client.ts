import type { IncomingMessage } from 'node:http';
import type { CallOutcome } from '../../shared/contract/desktop-bridge.ts';
import type { MethodName, RequestOf } from '../../shared/contract/ipc.ts';
import type { CancelTimer, Clock } from '../../shared/model/clock.ts';
import type { AgentStatus } from '../../shared/model/status.ts';
import type { LiveEvent } from '../agent/console/live-events.ts';
import { readControl } from '../agent/platform/control-file.ts';
import type { DataDir } from '../agent/platform/data-dir.ts';
import { askAgent, type HttpReply, openEventStream, readPage } from './control-http.ts';
import { createEventLines } from './event-lines.ts';

/** Whether the agent's events come in. */
export type Connection = 'open' | 'lost';

/**
 * The agent of a data folder as the tray and the window know it, whichever process it runs in: always by its control API.
 * An agent that ends or starts anew, on whatever port, is found again by itself.
 */
export interface AgentClient {
  call<Name extends MethodName>(name: Name, request: RequestOf<Name>): Promise<CallOutcome<Name>>;
  /** The HTML of a mail, by its path for frames; null where the agent does not answer. */
  mail(path: string): Promise<HttpReply | null>;
  /** The newest status that was told; null while the agent is not heard. */
  status(): AgentStatus | null;
  connection(): Connection;
  /** Tells every event from now on, until the function that is returned is called. */
  onEvent(listener: (event: LiveEvent) => void): () => void;
  /** Told each time it changes, until the function that is returned is called. */
  onConnection(listener: (connection: Connection) => void): () => void;
  close(): void;
}

/** Who was cut off looks again after this. */
const AGAIN_MS = 2000;
/** The agent writes something every 15 s; a stream that is silent for longer is dead, as after a sleep. */
const SILENCE_MS = 40_000;
const MAIL_MS = 15_000;

const LOST = 'Tocsin is not answering. It may be starting; this window tries again by itself.';
const MISMATCH = 'This window and the agent are of different versions. End Tocsin and start it again.';

/** Begins to listen at once. `close` is the caller's. */
export function createAgentClient(dataDir: DataDir, clock: Clock): AgentClient {
  const eventListeners = new Set<(event: LiveEvent) => void>();
  const connectionListeners = new Set<(connection: Connection) => void>();
  let status: AgentStatus | null = null;
  let connection: Connection = 'lost';
  let stream: { destroy(): void } | null = null;
  let cancelTimer: CancelTimer = () => {};
  let isClosed = false;

  const setConnection = (next: Connection) => {
    if (next === connection) return;
    connection = next;
    if (next === 'lost') status = null;
    for (const listener of connectionListeners) listener(next);
  };

  const later = (delayMs: number, run: () => void) => {
    cancelTimer();
    cancelTimer = clock.after(delayMs, run);
  };

  const lost = (of: object | null) => {
    if (isClosed || of !== stream) return;
    stream?.destroy();
    stream = null;
    setConnection('lost');
    later(AGAIN_MS, open);
  };

  const take = (event: LiveEvent) => {
    if (event.event === 'status.changed') {
      status = event.payload;
      setConnection('open');
    }
    for (const listener of eventListeners) listener(event);
  };

  const open = () => {
    const control = readControl(dataDir);
    if (control === null) {
      lost(stream);
      return;
    }
    const outgoing = openEventStream(control, (incoming) => read(outgoing, incoming));
    stream = outgoing;
    later(SILENCE_MS, () => lost(outgoing));
    outgoing.once('error', () => lost(outgoing));
  };

  const read = (own: object, incoming: IncomingMessage) => {
    incoming.once('error', () => lost(own));
    incoming.once('close', () => lost(own));
    if (incoming.statusCode !== 200) {
      lost(own);
      return;
    }
    const lines = createEventLines(take);
    incoming.setEncoding('utf8');
    incoming.on('data', (piece: string) => {
      if (own !== stream) return;
      later(SILENCE_MS, () => lost(own));
      try {
        lines(piece);
      } catch {
        lost(own);
      }
    });
  };

  open();
  return {
    async call(name, request) {
      const control = readControl(dataDir);
      if (control === null) return { ok: false, kind: 'lost', message: LOST };
      const answer = await askAgent(control, name, request);
      if (answer.ok) return answer;
      switch (answer.kind) {
        case 'lost':
          return { ok: false, kind: 'lost', message: LOST };
        case 'mismatch':
          return { ok: false, kind: 'mismatch', message: MISMATCH };
        case 'refused': {
          const message = answer.said ?? `Tocsin refused the call and did not say why (${answer.status}).`;
          return { ok: false, kind: 'refused', message };
        }
      }
    },
    async mail(path) {
      const control = readControl(dataDir);
      return control === null ? null : readPage(control, path, MAIL_MS).catch(() => null);
    },
    status: () => status,
    connection: () => connection,
    onEvent: (listener) => added(eventListeners, listener),
    onConnection: (listener) => added(connectionListeners, listener),
    close() {
      isClosed = true;
      cancelTimer();
      stream?.destroy();
      stream = null;
    },
  };
}

/** Each subscription is one of its own, even of the same function. */
function added<Value>(listeners: Set<(value: Value) => void>, listener: (value: Value) => void): () => void {
  const own = (value: Value) => listener(value);
  listeners.add(own);
  return () => listeners.delete(own);
}
