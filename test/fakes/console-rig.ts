import { request } from 'node:http';
import { type ConsoleAccess, createConsoleAccess } from '../../electron/agent/console/console-access.ts';
import { type ConsoleServer, startConsoleServer } from '../../electron/agent/console/console-server.ts';
import { createLiveEvents, type LiveEvents } from '../../electron/agent/console/live-events.ts';
import { type Handlers, METHODS } from '../../shared/contract/ipc.ts';
import type { AgentStatus } from '../../shared/model/status.ts';
import { FakeClock } from './fake-clock.ts';

/** What came back for one request. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A console on a real socket whose handlers only say that they were called. */
export class ConsoleRig {
  readonly clock = new FakeClock();
  readonly access: ConsoleAccess = createConsoleAccess(this.clock);
  readonly called: string[] = [];
  readonly faults: unknown[] = [];
  readonly refused: string[] = [];
  /** Thrown by every method. */
  thrown: Error | null = null;
  /** What a status is to say. */
  status = { version: '1' } as unknown as AgentStatus;
  readonly mails = new Map<string, string>();
  readonly live: LiveEvents = createLiveEvents({
    clock: this.clock,
    status: () => this.status,
    newestMessageId: () => 'newest',
    settingsRevision: () => 'revision',
    onFault: (error) => this.faults.push(error),
  });
  #server: ConsoleServer | null = null;

  async start(pageDir: string | null = null): Promise<void> {
    const handlers = Object.fromEntries(
      Object.keys(METHODS).map((name) => [
        name,
        () => {
          this.called.push(name);
          if (this.thrown) throw this.thrown;
          return { answered: name };
        },
      ]),
    ) as unknown as Handlers;
    const mail = async (id: string) => this.mails.get(id) ?? null;
    this.#server = await startConsoleServer({
      port: 0,
      access: this.access,
      handlers: async () => handlers,
      live: this.live,
      clock: this.clock,
      console: {
        pageDir,
        standIn: () => 'the stand-in',
        mails: { log: mail, practice: mail, preview: mail },
      },
      onFault: (error) => this.faults.push(error),
      onRefused: (text) => this.refused.push(text),
    });
  }

  async stop(): Promise<void> {
    await this.#server?.close();
  }

  get port(): number {
    return this.#server?.port ?? 0;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get bearer(): Record<string, string> {
    return { authorization: `Bearer ${this.access.token}` };
  }

  /** Sends exactly this, headers and path included. */
  send(path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: this.port, path, method, headers, agent: false };
      const outgoing = request(options, (incoming) => {
        let text = '';
        incoming.on('data', (chunk) => (text += String(chunk)));
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }),
        );
        incoming.on('error', reject);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  post(name: string, headers: Record<string, string>, body = '{}'): Promise<Reply> {
    return this.send(`/api/${name}`, { method: 'POST', headers, body });
  }

  /** The cookie of a session that was opened by a link. */
  async session(): Promise<string> {
    const reply = await this.send(`/?link=${this.access.newLink()}`);
    return String(reply.headers['set-cookie']?.[0]).split(';')[0] ?? '';
  }
}
