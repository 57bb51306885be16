import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { OAuthServer } from './oauth-server.ts';

/** An SMTP server that takes no password: an access token of one sign-in service, while it is good for the user who offers it. */
export class TokenSmtpServer {
  readonly accepted: string[] = [];
  /** Each token that was offered, with whether it was taken. */
  readonly offered: { readonly token: string; readonly taken: boolean }[] = [];
  connections = 0;
  readonly #server: SMTPServer;
  readonly #sockets = new Set<Socket>();
  port = 0;

  constructor(oauth: OAuthServer) {
    this.#server = new SMTPServer({
      authMethods: ['XOAUTH2'],
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      closeTimeout: 1,
      onConnect: (_session, callback) => {
        this.connections += 1;
        callback();
      },
      onAuth: ({ username = '', accessToken = '' }, _session, callback) => {
        const taken = oauth.takes(username, accessToken);
        this.offered.push({ token: accessToken, taken });
        if (taken) callback(null, { user: username });
        else callback(null, { data: { status: '401', schemes: 'bearer', scope: 'smtp' } });
      },
      onData: (stream, _session, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          this.accepted.push(Buffer.concat(chunks).toString('utf8'));
          callback();
        });
      },
    });
    this.#server.on('error', () => {});
    this.#server.server.on('connection', (socket: Socket) => this.#sockets.add(socket));
  }

  async start(): Promise<this> {
    const listening = this.#server.listen(0, '127.0.0.1');
    await new Promise<void>((resolve) => listening.once('listening', resolve));
    this.port = (listening.address() as AddressInfo).port;
    return this;
  }

  /** Ends every session, whose login would be good for as long as it is open. */
  cutConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
