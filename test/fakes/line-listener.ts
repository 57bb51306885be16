import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { KeyAndCertificate } from './certificates.ts';

/** How a server of the tests is encrypted: from the start, once it was asked to be, or never. */
export interface Encryption {
  readonly certificate?: KeyAndCertificate;
  readonly implicitTls?: boolean;
}

/** A port of 127.0.0.1 that somebody is served at: what the servers of mailboxes have in common. */
export class LineListener {
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;

  /** Listens on a free port, and gives it. */
  async start(
    { certificate, implicitTls }: Encryption,
    onConnection: (socket: Socket) => void,
  ): Promise<number> {
    const server =
      implicitTls === true && certificate !== undefined
        ? createTlsServer({ ...certificate }, onConnection)
        : createServer(onConnection);
    server.on('tlsClientError', () => {});
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    return (server.address() as AddressInfo).port;
  }

  /** Cuts what is open. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  /** How many connections there are. */
  get open(): number {
    return this.#sockets.size;
  }
}

/** Hands on what arrives line by line, without the ends of the lines. */
export function readLines(socket: Socket, onLine: (line: string) => void): void {
  let rest = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    rest += String(chunk);
    for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      onLine(line);
    }
  });
}
