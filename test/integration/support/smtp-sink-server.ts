/** The process of the sink: started by `startSmtpSink`, which forks this file. It ends with its parent's channel. */
import { appendFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { JournalLine } from './smtp-sink-journal.ts';
import type { SinkEvent, SinkOptions } from './smtp-sink.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as SinkOptions & { readonly journalPath: string };
const FINAL_DOT = '\r\n.\r\n';
let connections = 0;
let acceptances = 0;

function tell(event: SinkEvent): void {
  if (process.connected) process.send?.(event);
}

/** Synchronously, so that what a peer was told is in the file before it could hear it. */
function write(line: JournalLine): void {
  appendFileSync(options.journalPath, `${JSON.stringify(line)}\n`);
}

function header(head: string, name: string): string | null {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(head)?.[1]?.trim() ?? null;
}

function serve(socket: Socket): void {
  const connection = ++connections;
  let buffer = '';
  let inData = false;
  let recipients: string[] = [];
  let busy = false;
  const say = (line: string) => {
    if (socket.writable) socket.write(`${line}\r\n`);
  };

  const command = (line: string) => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') say('250-sink\r\n250-PIPELINING\r\n250 8BITMIME');
    else if (verb === 'RCPT') {
      recipients.push(/<([^>]*)>/.exec(line)?.[1] ?? '');
      say('250 2.1.5 Ok');
    } else if (verb === 'DATA') {
      inData = true;
      tell({ stage: 'data' });
      say('354 End data with <CR><LF>.<CR><LF>');
    } else if (verb === 'QUIT') {
      say('221 2.0.0 Bye');
      socket.end();
    } else {
      if (verb === 'MAIL' || verb === 'RSET') recipients = [];
      if (verb === 'MAIL') tell({ stage: 'sender' });
      say('250 2.0.0 Ok');
    }
  };

  const message = (content: string) => {
    const number = ++acceptances;
    const head = content.slice(0, content.indexOf('\r\n\r\n') + 2).replaceAll(/\r\n[ \t]+/g, ' ');
    const messageId = header(head, 'Message-ID')?.replaceAll(/^<|>$/g, '') ?? null;
    const subject = header(head, 'Subject');
    const at = Date.now();
    const sizeBytes = content.length;
    write({ type: 'accepted', at, number, connection, messageId, subject, recipients, sizeBytes });
    recipients = [];
    tell({ stage: 'accepted' });
    const { min, max } = options.replyDelayMs ?? { min: 0, max: 0 };
    busy = true;
    setTimeout(() => finish(number), min + Math.random() * (max - min));
  };

  const finish = (number: number) => {
    busy = false;
    const cut = options.cutEvery !== undefined && number % options.cutEvery === 0;
    const written = socket.writable && !cut;
    if (cut) socket.destroy();
    else say(`250 2.0.0 Ok: taken as ${number}`);
    write({ type: 'replied', at: Date.now(), number, written });
    tell({ stage: 'replied' });
    advance();
  };

  /** Works on what has come, one reply at a time. */
  const advance = () => {
    for (;;) {
      if (busy) return;
      const mark = inData ? FINAL_DOT : '\r\n';
      const end = buffer.indexOf(mark);
      if (end === -1) return;
      const part = buffer.slice(0, end);
      buffer = buffer.slice(end + mark.length);
      if (inData) {
        inData = false;
        message(part);
      } else command(part);
    }
  };

  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    buffer += chunk.toString('latin1');
    advance();
  });
  say('220 sink ESMTP');
}

const server = createServer(serve);
server.listen(options.port ?? 0, '127.0.0.1', () => {
  const address = server.address();
  tell({ stage: 'listening', port: typeof address === 'object' && address !== null ? address.port : 0 });
});
process.once('disconnect', () => process.exit(0));
