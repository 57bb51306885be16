import type { CallOutcome, DesktopBridge } from '../../shared/contract/desktop-bridge.ts';
import {
  type EventName,
  type MethodName,
  METHODS,
  type PayloadOf,
  type ReplyOf,
  type RequestOf,
} from '../../shared/contract/ipc.ts';
import { CallFailure, type Connection, type TocsinClient } from './client.ts';
import { Heard } from './heard.ts';

/** What the desktop app has put within reach of this page; null in a browser. */
export function desktopBridge(window: object): DesktopBridge | null {
  return 'tocsin' in window ? (window.tocsin as DesktopBridge) : null;
}

/** The client of the desktop app: calls and events over Electron's IPC, by the functions of its preload script. */
export function createIpcClient(bridge: DesktopBridge): TocsinClient {
  return new IpcClient(bridge);
}

class IpcClient implements TocsinClient {
  readonly #bridge: DesktopBridge;
  readonly #heard = new Heard();

  constructor(bridge: DesktopBridge) {
    this.#bridge = bridge;
    // As long as the page lives.
    bridge.subscribe((push) => this.#take(push));
  }

  async call<Name extends MethodName>(name: Name, request: RequestOf<Name>): Promise<ReplyOf<Name>> {
    const method = this.#bridge.methods[name] as
      | ((request: RequestOf<Name>) => Promise<CallOutcome<Name>>)
      | undefined;
    if (method === undefined) throw new CallFailure('mismatch', MISMATCH);
    let outcome: CallOutcome<Name>;
    try {
      outcome = await method(request);
    } catch {
      throw new CallFailure('lost', LOST);
    }
    if (!outcome.ok) throw new CallFailure(outcome.kind, outcome.message);
    const parsed = METHODS[name].reply.safeParse(outcome.reply);
    if (!parsed.success) throw new CallFailure('mismatch', MISMATCH);
    return parsed.data as ReplyOf<Name>;
  }

  subscribe<Name extends EventName>(event: Name, listener: (payload: PayloadOf<Name>) => void): () => void {
    return this.#heard.subscribe(event, listener);
  }

  connection(): Connection {
    return this.#heard.connection();
  }

  onConnection(listener: (connection: Connection) => void): () => void {
    return this.#heard.onConnection(listener);
  }

  #take(push: unknown): void {
    if (typeof push !== 'object' || push === null || !('kind' in push)) return;
    if (push.kind === 'event' && 'event' in push) {
      this.#heard.take(String(push.event), 'payload' in push ? push.payload : undefined);
    }
    if (push.kind === 'connection' && 'connection' in push) {
      this.#heard.setConnection(push.connection === 'open' ? 'open' : 'lost');
    }
  }
}

const LOST = 'Tocsin is ending, or has ended. Start it again.';
const MISMATCH = 'This window and the agent are of different versions. End Tocsin and start it again.';
