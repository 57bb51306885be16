import { promises as fs } from 'node:fs';
import { HEADER_BYTES } from './mail-summary.ts';

/** `<time>-<n>.eml`: the time of arrival in UTC to the millisecond, and a number that grows with each mail. */
const NAME = /^\d{8}T\d{9}Z-(\d{6,})\.eml$/;

export function isMailName(name: string): boolean {
  return NAME.test(name);
}

export function nameFor(now: number, number: number): string {
  return `${new Date(now).toISOString().replace(/[-:.]/g, '')}-${String(number).padStart(6, '0')}.eml`;
}

export function numberOf(name: string | undefined): number {
  return Number(NAME.exec(name ?? '')?.[1] ?? 0);
}

export function timeOf(name: string): number {
  const iso = name.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z.*$/, '$1-$2-$3T$4:$5:$6.$7Z');
  return Date.parse(iso);
}

/** The beginning of a file and its size; null when it is gone, such as when a newer mail took its place. */
export async function readHead(path: string): Promise<{ bytes: Buffer; sizeBytes: number } | null> {
  const file = await fs.open(path, 'r').catch(() => null);
  if (file === null) return null;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return { bytes: buffer.subarray(0, bytesRead), sizeBytes: (await file.stat()).size };
  } finally {
    await file.close();
  }
}

/** Makes a rename last. Windows has no such thing for folders. */
export async function syncFolder(folderDir: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await fs.open(folderDir, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
