import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What a process did to the files of a folder. `at`: when it had been done, in milliseconds since the epoch. */
export type DiskOp = { readonly at: number; readonly path: string } & (
  | { readonly kind: 'create' }
  | { readonly kind: 'truncate'; readonly size: number }
  | { readonly kind: 'write'; readonly offset: number; readonly data: Buffer }
  /** `isData`: fdatasync, which is how what was committed late is synced (mail/late-sync.ts); SQLite and files use fsync. */
  | { readonly kind: 'sync'; readonly isData: boolean }
  | { readonly kind: 'rename'; readonly to: string }
  | { readonly kind: 'unlink' }
);

/** The calls that a recording needs; for `strace -e trace=`. */
export const RECORDED_CALLS =
  'openat,pwrite64,write,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat,mkdir';
/** Calls that could write past a recording; one of them on the folder is a fault of the recorder. */
export const UNREAD_CALLS = 'writev,pwritev,pwritev2,copy_file_range,sendfile,fallocate,link,linkat';

/** Reads the logs of `strace -ff -y -ttt -T -xx`, one for each thread, as the operations on a folder in their order. */
export function readDiskLog(prefix: string, dir: string): DiskOp[] {
  const calls = readdirSync(dirname(prefix))
    .filter((name) => name.startsWith(`${basename(prefix)}.`))
    .flatMap((name) => readFileSync(join(dirname(prefix), name), 'latin1').split('\n'))
    .flatMap((line) => callOf(line) ?? [])
    .toSorted((one, other) => one.at - other.at);
  /** Where the next plain write to an open file goes, by file descriptor. */
  const offsets = new Map<string, number>();
  return calls.flatMap((call) => opsOf(call, offsets, dir)).filter(({ path }) => isIn(path, dir));
}

interface Call {
  readonly at: number;
  readonly name: string;
  readonly words: string;
  readonly result: string;
}

/** A call that succeeded; null for every other line. The time is that of its end. */
function callOf(line: string): Call | null {
  const found = /^(\d+\.\d+) (\w+)\((.*)\) = (\d+)(?:<([^>]*)>)? <(\d+\.\d+)>$/.exec(line);
  if (found === null) return null;
  const [, began = '0', name = '', words = '', number = '', path = '', took = '0'] = found;
  const at = (Number(began) + Number(took)) * 1000;
  return { at, name, words, result: path === '' ? number : `${number}<${path}>` };
}

function opsOf({ at, name, words, result }: Call, offsets: Map<string, number>, dir: string): DiskOp[] {
  const fd = /^(\d+<[^>]*>)/.exec(words)?.[1] ?? '';
  const path = pathIn(fd);
  const strings = [...words.matchAll(/"([^"]*)"/g)].map(([, text = '']) => text);
  const last = Number(/(\d+)$/.exec(words)?.[1]);
  switch (name) {
    case 'openat': {
      const opened = pathIn(result);
      offsets.set(result, words.includes('O_APPEND') ? Number.POSITIVE_INFINITY : 0);
      const ops: DiskOp[] = [];
      if (words.includes('O_CREAT')) ops.push({ at, path: opened, kind: 'create' });
      if (words.includes('O_TRUNC')) ops.push({ at, path: opened, kind: 'truncate', size: 0 });
      return ops;
    }
    case 'pwrite64':
      return [
        {
          at,
          path,
          kind: 'write',
          offset: last,
          data: bytesOf(strings[0] ?? '').subarray(0, Number(result)),
        },
      ];
    case 'write': {
      const offset = offsets.get(fd) ?? 0;
      const data = bytesOf(strings[0] ?? '').subarray(0, Number(result));
      offsets.set(fd, offset + data.length);
      return [{ at, path, kind: 'write', offset, data }];
    }
    case 'fsync':
    case 'fdatasync':
      return [{ at, path, kind: 'sync', isData: name === 'fdatasync' }];
    case 'ftruncate':
      return [{ at, path, kind: 'truncate', size: last }];
    case 'rename':
    case 'renameat':
    case 'renameat2': {
      const [from = '', to = ''] = strings.map((text) => bytesOf(text).toString('utf8'));
      return [{ at, path: from, kind: 'rename', to }];
    }
    case 'unlink':
    case 'unlinkat':
      return [{ at, path: bytesOf(strings[0] ?? '').toString('utf8'), kind: 'unlink' }];
    case 'mkdir':
      return [];
    default:
      if (isIn(path, dir)) throw new Error(`${name} on ${path} is a call that the recorder cannot replay`);
      return [];
  }
}

function isIn(path: string, dir: string): boolean {
  return path === dir || path.startsWith(`${dir}/`);
}

/** The path of `22<\x2f\x74…>`. */
function pathIn(descriptor: string): string {
  return bytesOf(/<([^>]*)>/.exec(descriptor)?.[1] ?? '').toString('utf8');
}

/** The bytes of `\x2f\x74…`. */
function bytesOf(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex');
}
