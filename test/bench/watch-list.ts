import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { programPath } from '../integration/support/debian-package.ts';

/** How many of each a list has. */
export interface WatchCounts {
  readonly processes: number;
  readonly files: number;
  readonly ports: number;
}

const PLAIN: WatchCounts = { processes: 20, files: 20, ports: 5 };

interface WatchedProcess {
  readonly name: string;
  readonly pid: number;
  readonly pidPath: string;
}

/** What is watched, all of it really there. The plain list: the system, two disks, 20 processes, 20 files, 5 ports. */
export interface WatchList {
  readonly mounts: readonly string[];
  readonly processes: readonly WatchedProcess[];
  readonly files: readonly string[];
  readonly ports: readonly number[];
  /** Resolves once every one of the ports has had a connection after this call. */
  readonly allPortsSeen: () => Promise<void>;
  readonly dispose: () => void;
}

/** Makes a list in `dir`: sleeping processes with names of their own, files, and listeners on loopback. */
export async function makeWatchList(dir: string, counts: WatchCounts = PLAIN): Promise<WatchList> {
  const sleepPath = programPath('sleep') ?? '/bin/sleep';
  mkdirSync(join(dir, 'watched'), { recursive: true });
  const children: ChildProcess[] = [];
  const processes = Array.from({ length: counts.processes }, (_, index) => {
    // Of this run alone: another one beside it would have processes of the same names. Linux keeps 15 characters.
    const name = `p${String(index + 1).padStart(3, '0')}-${process.pid}`;
    const path = join(dir, 'watched', name);
    symlinkSync(sleepPath, path);
    const child = spawn(path, ['3600'], { stdio: 'ignore' });
    children.push(child);
    const pidPath = join(dir, 'watched', `${name}.pid`);
    writeFileSync(pidPath, `${child.pid ?? 0}\n`);
    return { name, pid: child.pid ?? 0, pidPath };
  });
  const files = Array.from({ length: counts.files }, (_, index) => {
    const path = join(dir, 'watched', `file-${String(index + 1).padStart(2, '0')}`);
    writeFileSync(path, 'watched\n');
    return path;
  });
  const listeners = await Promise.all(Array.from({ length: counts.ports }, listen));
  return {
    mounts: ['/', secondMount()],
    processes,
    files,
    ports: listeners.map(({ port }) => port),
    allPortsSeen: async () => {
      await Promise.all(listeners.map(({ nextConnection }) => nextConnection()));
    },
    dispose: () => {
      for (const child of children) child.kill('SIGKILL');
      for (const { server } of listeners) server.close();
    },
  };
}

interface Listener {
  readonly server: Server;
  readonly port: number;
  readonly nextConnection: () => Promise<void>;
}

function listen(): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end();
    });
    const nextConnection = () => new Promise<void>((seen) => server.once('connection', () => seen()));
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' ? (address?.port ?? 0) : 0, nextConnection });
    });
  });
}

/** Another file system beside `/`; `/` again where there is none. */
function secondMount(): string {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type]) => ['ext4', 'xfs', 'btrfs', 'vfat', 'tmpfs'].includes(type ?? ''))
    .map(([, path = '/']) => path);
  return ['/boot', '/home', '/dev/shm', '/run', '/tmp'].find((path) => mounts.includes(path)) ?? '/';
}

/** How many things the list names, the system's four included. */
export function itemCount(list: WatchList): number {
  return 4 + list.mounts.length + list.processes.length + list.files.length + list.ports.length;
}

/** The report of `tocsinSettings`, on demand. */
export const REPORT_NAME = 'Bench report';

/**
 * The list as Tocsin's settings, mail going to `smtpPort` of this computer. Each alert has a recipient of its own, so that no
 * mail waits for another. Nothing fires while nothing on the list goes away.
 */
export function tocsinSettings(list: WatchList, intervalSeconds: number, smtpPort: number) {
  let count = 0;
  const alert = (name: string, condition: object) => ({
    name,
    conditions: [condition],
    recipients: [`somebody-${++count}@contoso.example`],
  });
  return {
    version: 1,
    installation: { name: 'bench', intervalSeconds },
    smtp: { servers: [{ host: '127.0.0.1', port: smtpPort }], from: { address: 'tocsin@contoso.example' } },
    reports: [{ name: REPORT_NAME, recipients: ['nobody@contoso.example'] }],
    alerts: [
      alert('CPU', { metric: 'cpu.usedPercent', above: 100 }),
      alert('Load', { metric: 'cpu.loadPerCore', above: 1000 }),
      alert('Memory', { metric: 'memory.usedPercent', above: 100 }),
      alert('Swap', { metric: 'swap.usedPercent', above: 100 }),
      ...list.mounts.map((target, index) =>
        alert(`Disk ${index + 1}`, { metric: 'disk.usedPercent', target, above: 100 }),
      ),
      ...list.processes.map(({ name }) =>
        alert(`Process ${name}`, { metric: 'process.state', target: name, is: 'stopped' }),
      ),
      ...list.files.map((target, index) =>
        alert(`File ${index + 1}`, { metric: 'file.state', target, is: 'missing' }),
      ),
      ...list.ports.map((port) =>
        alert(`Port ${port}`, { metric: 'tcp.state', target: `127.0.0.1:${port}`, is: 'closed' }),
      ),
    ],
  };
}
