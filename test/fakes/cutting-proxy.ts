import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Where a connection is cut: before the request has got through, before its answer, inside it, or nowhere. */
export type Cut = 'request' | 'answer' | 'inside' | 'nowhere';

export interface CuttingProxy {
  readonly port: number;
  readonly close: () => void;
}

/** A TCP proxy to a port of this computer that asks, at each request, where to cut. */
export async function startCuttingProxy(port: number, next: () => Cut): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    client.once('close', end);
    upstream.once('close', end);
    let cut: Cut = 'nowhere';
    client.on('data', (chunk: Buffer) => {
      // What begins with a method is a request; the rest of its body follows in the same fate.
      if (/^(GET|POST) /.test(chunk.toString('latin1', 0, 5))) cut = next();
      if (cut === 'request') end();
      else upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      if (cut === 'nowhere') client.write(chunk);
      else if (cut === 'answer') end();
      else client.write(chunk.subarray(0, Math.floor(chunk.length / 2)), end);
    });
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
