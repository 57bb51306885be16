/**
 * The load on the Web Service, in a process of its own: signs its requests, says `ready`, and at `go` sends them over
 * raw sockets that stay open, one request under way on each. Plain enough to leave the cores to the service.
 */
import { connect, type Socket } from 'node:net';
import { type BenchKey, signRequests, type WireRequest } from './relay-requests.ts';

/** What it is to do; its only argument, as JSON. */
export interface LoadPlan {
  readonly port: number;
  readonly keys: readonly BenchKey[];
  readonly warmUp: number;
  readonly messages: number;
  readonly connections: number;
}

/** What it found. Latencies in milliseconds. */
export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the load itself, user and system, in milliseconds for each request. */
  readonly cpuMs: number;
}

/** Sends all requests over so many connections and gives each one's time to its 202, in milliseconds. */
async function sendAll(
  port: number,
  requests: readonly WireRequest[],
  connections: number,
): Promise<number[]> {
  const waiting = requests.values();
  const times: number[] = [];
  const oneAfterTheOther = async () => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    for (const request of waiting) times.push(await exchange(socket, request));
    socket.destroy();
  };
  await Promise.all(Array.from({ length: connections }, oneAfterTheOther));
  return times;
}

/** One request and its whole answer. Rejects for anything but 202. */
function exchange(socket: Socket, { head, body }: WireRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let answer = '';
    const onData = (chunk: Buffer) => {
      answer += chunk.toString('latin1');
      const headEnd = answer.indexOf('\r\n\r\n');
      const length = /\r\ncontent-length: *(\d+)/i.exec(answer)?.[1];
      if (headEnd < 0 || length === undefined || answer.length < headEnd + 4 + Number(length)) return;
      socket.off('data', onData);
      socket.off('close', onClose);
      if (answer.startsWith('HTTP/1.1 202 ')) resolve(performance.now() - began);
      else reject(new Error(`The service did not accept: ${answer.slice(0, 500)}`));
    };
    const onClose = () => reject(new Error('The service closed the connection'));
    socket.on('data', onData);
    socket.once('close', onClose);
    socket.cork();
    socket.write(head);
    socket.write(body);
    socket.uncork();
  });
}

async function main(plan: LoadPlan): Promise<void> {
  const { port, keys, warmUp, messages, connections } = plan;
  const requests = await signRequests(port, keys, warmUp + messages);
  const go = new Promise((resolve) => process.once('message', resolve));
  process.send?.('ready');
  await go;
  await sendAll(port, requests.slice(0, warmUp), connections);
  process.send?.('warm');
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const times = (await sendAll(port, requests.slice(warmUp), connections)).toSorted((a, b) => a - b);
  const ms = performance.now() - began;
  const cpu = process.cpuUsage(cpuBefore);
  const at = (share: number) => times[Math.floor(share * times.length)] ?? Number.NaN;
  const result: LoadResult = {
    perSecond: messages / (ms / 1000),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    cpuMs: (cpu.user + cpu.system) / 1000 / messages,
  };
  process.send?.(result, () => process.disconnect());
}

await main(JSON.parse(process.argv[2] ?? '{}') as LoadPlan);
