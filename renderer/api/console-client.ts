import {
  type EventName,
  type MethodName,
  METHODS,
  type PayloadOf,
  type ReplyOf,
  type RequestOf,
} from '../../shared/contract/ipc.ts';
import { after } from '../platform/after.ts';
import { CallFailure, type Connection, type TocsinClient } from './client.ts';
import { Heard } from './heard.ts';

/** As much of an `EventSource` as is used. */
export interface EventStream {
  readonly readyState: number;
  addEventListener(
    type: 'open' | 'message' | 'error',
    listener: (event: { readonly data?: unknown }) => void,
  ): void;
  close(): void;
}

export interface ConsoleClientOptions {
  readonly fetch: (path: string, init: RequestInit) => Promise<Response>;
  readonly openEvents: (path: string) => EventStream;
  readonly after: (delayMs: number, run: () => void) => () => void;
}

/** A browser gives a stream up for good where the answer is no stream, as while the agent starts; it is opened anew. */
const OPEN_AGAIN_MS = 3000;
/** `EventSource.CLOSED` (HTML 9.2.2). */
const CLOSED = 2;

/** The client of the web console: calls by `fetch`, events by one `EventSource` that lives as long as the page. */
export function createConsoleClient(options: ConsoleClientOptions = IN_BROWSER): TocsinClient {
  return new ConsoleClient(options);
}

const IN_BROWSER: ConsoleClientOptions = {
  fetch: (path, init) => fetch(path, init),
  openEvents: (path) => new EventSource(path),
  after,
};

class ConsoleClient implements TocsinClient {
  readonly #options: ConsoleClientOptions;
  readonly #heard = new Heard();
  #stream: EventStream | null = null;

  constructor(options: ConsoleClientOptions) {
    this.#options = options;
  }

  async call<Name extends MethodName>(name: Name, request: RequestOf<Name>): Promise<ReplyOf<Name>> {
    const response = await this.#post(name, request);
    const reply: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw failureOf(response.status, reply);
    const parsed = METHODS[name].reply.safeParse(reply);
    if (!parsed.success) throw new CallFailure('mismatch', MISMATCH);
    return parsed.data as ReplyOf<Name>;
  }

  subscribe<Name extends EventName>(event: Name, listener: (payload: PayloadOf<Name>) => void): () => void {
    this.#open();
    return this.#heard.subscribe(event, listener);
  }

  connection(): Connection {
    return this.#heard.connection();
  }

  onConnection(listener: (connection: Connection) => void): () => void {
    this.#open();
    return this.#heard.onConnection(listener);
  }

  async #post(name: MethodName, request: unknown): Promise<Response> {
    try {
      return await this.#options.fetch(`/api/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
        credentials: 'same-origin',
        cache: 'no-store',
      });
    } catch {
      throw new CallFailure('lost', LOST);
    }
  }

  #open(): void {
    if (this.#stream !== null) return;
    const stream = this.#options.openEvents('/api/events');
    this.#stream = stream;
    stream.addEventListener('open', () => this.#heard.setConnection('open'));
    stream.addEventListener('message', ({ data }) => this.#take(data));
    stream.addEventListener('error', () => {
      this.#heard.setConnection('lost');
      if (stream.readyState !== CLOSED) return;
      stream.close();
      this.#options.after(OPEN_AGAIN_MS, () => {
        this.#stream = null;
        this.#open();
      });
    });
  }

  #take(data: unknown): void {
    const message = parsed(data);
    if (message !== null) this.#heard.take(message.event, message.payload);
  }
}

const LOST = 'Tocsin is not answering. It may be starting; this page tries again by itself.';
const MISMATCH = 'This page and the agent are of different versions; reload.';
const SIGNED_OUT =
  'The session of this page has ended. Run “tocsin console” on this computer and open the address it prints.';

function failureOf(status: number, reply: unknown): CallFailure {
  if (status === 401) return new CallFailure('signed-out', SIGNED_OUT);
  const said =
    typeof reply === 'object' && reply !== null && 'message' in reply && typeof reply.message === 'string'
      ? reply.message
      : `Tocsin refused the call and did not say why (status ${status}).`;
  return new CallFailure('refused', said);
}

function parsed(data: unknown): { readonly event: string; readonly payload: unknown } | null {
  try {
    const message: unknown = JSON.parse(String(data));
    if (typeof message !== 'object' || message === null || !('event' in message)) return null;
    const payload = 'payload' in message ? message.payload : undefined;
    return { event: String(message.event), payload };
  } catch {
    return null;
  }
}
