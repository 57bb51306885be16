/**
 * `bare-drain.ts FILE PORT`: what draining a queue comes to when all is left out that is not sending and writing down:
 * five connections, the bytes of each mail ready in the database, one durable commit for what they have sent and for
 * what they send next, as the agent has it. No decisions, no errors, no log. It ends when all has been sent.
 */
import { connect } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { CONNECTIONS } from './queue-figures.ts';

interface Mail {
  readonly seq: number;
  readonly mime: Uint8Array;
  readonly recipient: string;
}

const [, , file = '', port = ''] = process.argv;
const db = new DatabaseSync(file);
db.exec('PRAGMA synchronous = FULL');
const due = db.prepare('SELECT seq, mime, recipient FROM mail WHERE state = 0 ORDER BY seq LIMIT 1');
const setState = db.prepare('UPDATE mail SET state = ?, reply = ? WHERE seq = ?');
const commit = { begin: db.prepare('BEGIN IMMEDIATE'), end: db.prepare('COMMIT') };

const END = Buffer.from('\r\n.\r\n');

let ended: { readonly next: (mail: Mail) => void; readonly sent: Mail | null; readonly reply: string }[] = [];
let open = CONNECTIONS;
let close: () => void = () => {};

/** Writes down what all connections have sent, and gives each its next mail. */
function settle(): void {
  const group = ended;
  ended = [];
  commit.begin.run();
  const following = group.map(({ next, sent, reply }) => {
    if (sent !== null) setState.run(2, reply, sent.seq);
    const mail = due.get() as unknown as Mail | undefined;
    if (mail) setState.run(1, null, mail.seq);
    return { next, mail };
  });
  commit.end.run();
  for (const { next, mail } of following) {
    if (mail) next(mail);
    else open -= 1;
  }
  if (open === 0) close();
}

const sockets = Array.from({ length: CONNECTIONS }, () => {
  const socket = connect(Number(port), '127.0.0.1').setNoDelay();
  let mail: Mail | null = null;
  let replies = 0;
  let rest = '';
  const next = (given: Mail) => {
    mail = given;
    replies = 0;
    socket.write(`MAIL FROM:<tocsin@contoso.example>\r\nRCPT TO:<${given.recipient}>\r\nDATA\r\n`, 'latin1');
  };
  const hear = (reply: string) => {
    replies += 1;
    if (mail === null && replies === 1) socket.write('EHLO bench.contoso.example\r\n');
    else if (mail !== null && replies === 3) socket.write(Buffer.concat([mail.mime, END]));
    else if (mail === null || replies === 4) {
      ended.push({ next, sent: mail, reply });
      if (ended.length === open) settle();
    }
  };
  socket.on('data', (bytes) => {
    const lines = (rest + bytes.toString('latin1')).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line[3] !== '-') hear(line);
  });
  return socket;
});
close = () => {
  for (const socket of sockets) socket.end('QUIT\r\n');
  db.close();
};
