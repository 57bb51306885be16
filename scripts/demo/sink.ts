import type { AddressInfo } from 'node:net';
import { callbackify } from 'node:util';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** A mail as the demo's mail server received it. */
export interface Arrival {
  /** Wall-clock time at which the server took it. */
  readonly at: number;
  readonly messageId: string;
  readonly from: string;
  /** Those of the envelope, which is who really gets it. */
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly format: 'HTML with a text alternative' | 'plain text';
  readonly text: string;
  readonly references: string | null;
}

/** A real SMTP server on the loopback interface that keeps what it is sent. */
export interface Sink {
  readonly port: number;
  readonly arrivals: readonly Arrival[];
  close(): Promise<void>;
}

export async function startSink(): Promise<Sink> {
  const arrivals: Arrival[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        const recipients = session.envelope.rcptTo.map((recipient) => recipient.address);
        const at = Date.now();
        const reading = read(Buffer.concat(chunks), at, recipients).then(
          (arrival) => void arrivals.push(arrival),
        );
        callbackify(() => reading)((error) => done(error));
      });
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    arrivals,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

async function read(mail: Buffer, at: number, recipients: readonly string[]): Promise<Arrival> {
  const { from, subject, text, html, messageId, references } = await PostalMime.parse(mail);
  return {
    at,
    messageId: messageId ?? '',
    from: from ? `${from.name ?? ''} <${from.address ?? ''}>`.trim() : '',
    recipients,
    subject: subject ?? '',
    format: html ? 'HTML with a text alternative' : 'plain text',
    text: text ?? '',
    references: references ?? null,
  };
}
