import { createSocket } from 'node:dgram';
import { onTestFinished } from 'vitest';

/** What the server knows: the records of a name by their type, a response code, or silence. */
export type DnsAnswer =
  | {
      readonly a?: readonly string[];
      readonly aaaa?: readonly string[];
      /** The names of mail servers, best first; `.` for the null MX. */
      readonly mx?: readonly string[];
      readonly txt?: readonly string[];
    }
  | { readonly code: number }
  | 'silence';

const TYPES = new Map([
  [1, 'A'],
  [15, 'MX'],
  [16, 'TXT'],
  [28, 'AAAA'],
]);

/** A name server of the test's own, over UDP (RFC 1035 4). Gives `address:port` and the questions asked so far. */
export async function startDnsServer(answerFor: (name: string) => DnsAnswer) {
  const questions: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const { name, type, end } = readQuestion(query);
    questions.push(`${TYPES.get(type) ?? type} ${name}`);
    const answer = answerFor(name);
    if (answer === 'silence') return;
    const code = 'code' in answer ? answer.code : 0;
    const values = 'code' in answer ? [] : recordsOf(answer, type);
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(0x8180 | code, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(values.length, 6);
    header.writeUInt32BE(0, 8);
    const records = values.map((value) => record(type, value));
    socket.send(Buffer.concat([header, query.subarray(12, end), ...records]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => void socket.close());
  return { address: `127.0.0.1:${socket.address().port}`, questions };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let offset = 12;
  for (let length = query.readUInt8(offset); length > 0; length = query.readUInt8(offset)) {
    labels.push(query.toString('latin1', offset + 1, offset + 1 + length));
    offset += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(offset + 1), end: offset + 5 };
}

type KnownRecords = Exclude<DnsAnswer, 'silence' | { readonly code: number }>;

/** The data of each record, without its head. */
function recordsOf({ a, aaaa, mx, txt }: KnownRecords, type: number): Buffer[] {
  switch (TYPES.get(type)) {
    case 'A':
      return (a ?? []).map((address) => Buffer.from(address.split('.').map(Number)));
    case 'AAAA':
      return (aaaa ?? []).map((address) =>
        Buffer.concat(address.split(':').map((group) => Buffer.from(group.padStart(4, '0'), 'hex'))),
      );
    case 'MX':
      return (mx ?? []).map((name, index) => Buffer.concat([Buffer.from([0, 10 + index]), nameBytes(name)]));
    case 'TXT':
      return (txt ?? []).map((text) =>
        Buffer.concat((text.match(/.{1,255}/gs) ?? ['']).map((piece) => sized(piece))),
      );
    default:
      return [];
  }
}

function nameBytes(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([...labels.map((label) => sized(label)), Buffer.from([0])]);
}

function sized(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')]);
}

function record(type: number, bytes: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(bytes.length, 10);
  return Buffer.concat([head, bytes]);
}
