import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/**
 * Where the proxy breaks off a transaction: before it hands on that command, in the middle of the message, before the
 * final dot; or around the reply to the final dot: it never comes, only its beginning comes, nothing comes and the
 * connection stays open, or all of it comes and then the connection ends.
 */
export type SmtpCut =
  | 'greeting'
  | 'EHLO'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  | 'body'
  | 'dot'
  | 'reply'
  | 'inside the reply'
  | 'silence'
  | 'after the reply';

/** A message that the client has sent to its end. */
export interface Handover {
  readonly messageId: string;
  readonly proxy: number;
  readonly at: number;
  /** Whether the server behind the proxy had it. */
  readonly taken: boolean;
  /** Whether the client was told so. */
  readonly replied: boolean;
}

export interface SmtpProxy {
  readonly port: number;
  readonly close: () => void;
}

export interface SmtpProxyOptions {
  /** Names it in the journal. */
  readonly number: number;
  /** The server behind it. */
  readonly port: number;
  readonly now: () => number;
  /** Asked once for each connection and once for each further message on it. */
  readonly next: () => SmtpCut | null;
  readonly onCut: () => void;
  readonly journal: Handover[];
}

const FINAL_DOT = '\r\n.\r\n';

/** A TCP proxy that understands as much SMTP as it takes to break a transaction off at a chosen place. */
export async function startSmtpProxy(options: SmtpProxyOptions): Promise<SmtpProxy> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: options.port, host: '127.0.0.1', noDelay: true });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setEncoding('latin1');
      socket.on('error', () => {});
      socket.once('close', () => sockets.delete(socket));
    }
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
    new Passage(client, upstream, options).begin();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** One connection. */
class Passage {
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #options: SmtpProxyOptions;
  #cut: SmtpCut | null;
  #fromClient = '';
  #inData = false;
  /** The message whose reply is awaited. */
  #awaited: string | null = null;
  #over = false;

  constructor(client: Socket, upstream: Socket, options: SmtpProxyOptions) {
    this.#client = client;
    this.#upstream = upstream;
    this.#options = options;
    this.#cut = options.next();
  }

  begin(): void {
    if (this.#cut === 'greeting') return this.#end();
    this.#client.on('data', (chunk) => {
      this.#fromClient += String(chunk);
      while (!this.#over && this.#takeFromClient());
    });
    this.#upstream.on('data', (chunk) => {
      if (!this.#over) this.#takeFromServer(String(chunk));
    });
  }

  /** Hands on one command or message; false where it is not all there yet. */
  #takeFromClient(): boolean {
    const mark = this.#inData ? FINAL_DOT : '\r\n';
    const end = this.#fromClient.indexOf(mark);
    if (end < 0) return false;
    const part = this.#fromClient.slice(0, end);
    this.#fromClient = this.#fromClient.slice(end + mark.length);
    if (this.#inData) this.#message(part);
    else this.#command(part);
    return true;
  }

  #command(line: string): void {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === this.#cut) return this.#end();
    // The server says 354 to it, or the client would send no message.
    if (verb === 'DATA') this.#inData = true;
    this.#upstream.write(`${line}\r\n`, 'latin1');
  }

  #message(content: string): void {
    this.#inData = false;
    const messageId = /^Message-ID:\s*<([^>]*)>/im.exec(content)?.[1] ?? '';
    if (this.#cut === 'body' || this.#cut === 'dot') {
      this.#write(messageId, false, false);
      const sent = this.#cut === 'body' ? content.slice(0, content.length / 2) : content;
      this.#upstream.end(sent, 'latin1');
      return this.#end();
    }
    this.#awaited = messageId;
    this.#upstream.write(content + FINAL_DOT, 'latin1');
  }

  #takeFromServer(reply: string): void {
    const messageId = this.#awaited;
    if (messageId === null) {
      this.#client.write(reply, 'latin1');
      return;
    }
    this.#awaited = null;
    const cut = this.#cut;
    this.#write(messageId, true, cut !== 'reply' && cut !== 'inside the reply' && cut !== 'silence');
    switch (cut) {
      case 'reply':
        return this.#end();
      case 'inside the reply':
        this.#client.end(reply.slice(0, 2), 'latin1');
        return this.#end(false);
      case 'silence':
        return this.#note();
      case 'after the reply':
        this.#client.end(reply, 'latin1');
        return this.#end(false);
      default:
        this.#client.write(reply, 'latin1');
        // The next message on this connection meets a plan of its own; what comes before it has been passed.
        this.#cut = this.#options.next();
        if (this.#cut === 'greeting' || this.#cut === 'EHLO') this.#cut = null;
    }
  }

  #write(messageId: string, taken: boolean, replied: boolean): void {
    const { journal, number, now } = this.#options;
    journal.push({ messageId, proxy: number, at: now(), taken, replied });
  }

  #note(): void {
    this.#over = true;
    this.#options.onCut();
  }

  #end(now = true): void {
    this.#note();
    if (now) this.#client.destroy();
    // What the server was sent has to reach it: this may be why there is no reply.
    this.#upstream.end();
  }
}
