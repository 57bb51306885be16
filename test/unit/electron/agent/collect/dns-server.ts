import { createSocket } from 'node:dgram';
import { onTestFinished } from 'vitest';

/** What the server knows: the addresses of a name by record type, a response code, or silence. */
export type DnsAnswer =
  | { readonly a?: readonly string[]; readonly aaaa?: readonly string[] }
  | { readonly code: number }
  | 'silence';

const TYPE_A = 1;

/** A name server of the test's own, over UDP (RFC 1035 4). Gives `address:port` and the questions asked so far. */
export async function startDnsServer(answerFor: (name: string) => DnsAnswer) {
  const questions: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const { name, type, end } = readQuestion(query);
    questions.push(`${type === TYPE_A ? 'A' : 'AAAA'} ${name}`);
    const answer = answerFor(name);
    if (answer === 'silence') return;
    const code = 'code' in answer ? answer.code : 0;
    const addresses = 'code' in answer ? [] : ((type === TYPE_A ? answer.a : answer.aaaa) ?? []);
    const header = Buffer.from(query.subarray(0, 12));
    header.writeUInt16BE(0x8180 | code, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(addresses.length, 6);
    header.writeUInt32BE(0, 8);
    const records = addresses.map((address) => record(type, address));
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

function record(type: number, address: string): Buffer {
  const bytes =
    type === TYPE_A
      ? Buffer.from(address.split('.').map(Number))
      : Buffer.concat(address.split(':').map((group) => Buffer.from(group.padStart(4, '0'), 'hex')));
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(bytes.length, 10);
  return Buffer.concat([head, bytes]);
}
