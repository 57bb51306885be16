import { type EventName, EVENTS, isEventName, type PayloadOf } from '../../shared/contract/ipc.ts';
import type { Connection } from './client.ts';

type Listener = (payload: never) => void;

/** What a client has heard of the agent, and who wants to hear it: the half of a client that is the same over every way. */
export class Heard {
  readonly #listeners = new Map<EventName, Set<Listener>>();
  readonly #connectionListeners = new Set<(connection: Connection) => void>();
  #connection: Connection = 'lost';
  #status: PayloadOf<'status.changed'> | null = null;

  /** As `TocsinClient.subscribe`. */
  subscribe<Name extends EventName>(event: Name, listener: (payload: PayloadOf<Name>) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    // Each subscription is one of its own, even of the same function.
    const own: Listener = (payload) => listener(payload);
    listeners.add(own);
    const status = this.#status;
    if (event === 'status.changed' && status !== null) {
      queueMicrotask(() => {
        if (listeners.has(own)) own(status as never);
      });
    }
    return () => listeners.delete(own);
  }

  connection(): Connection {
    return this.#connection;
  }

  onConnection(listener: (connection: Connection) => void): () => void {
    const own = (connection: Connection) => listener(connection);
    this.#connectionListeners.add(own);
    return () => this.#connectionListeners.delete(own);
  }

  /** Tells an event. What does not fit the contract is dropped: the next call says that page and agent differ. */
  take(event: string, raw: unknown): void {
    if (!isEventName(event)) return;
    const payload = EVENTS[event].safeParse(raw);
    if (!payload.success) return;
    if (event === 'status.changed') this.#status = payload.data as PayloadOf<'status.changed'>;
    for (const listener of this.#listeners.get(event) ?? []) listener(payload.data as never);
  }

  setConnection(connection: Connection): void {
    if (connection === this.#connection) return;
    this.#connection = connection;
    for (const listener of this.#connectionListeners) listener(connection);
  }
}
