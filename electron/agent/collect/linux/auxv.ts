import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';

/** Units that the kernel counts in. They depend on how it was built: arm64 often has pages of 16 or 64 KB. */
export interface KernelUnits {
  readonly pageBytes: number;
  readonly ticksPerSecond: number;
}

/** Keys of the auxiliary vector, getauxval(3). */
const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;

/** Reads the units from /proc/self/auxv, which holds what sysconf(3) would say; the usual ones where it cannot be read. */
export function readKernelUnits(procDir = '/proc'): KernelUnits {
  const found = readAuxv(join(procDir, 'self/auxv'));
  return { pageBytes: found.get(AT_PAGESZ) ?? 4096, ticksPerSecond: found.get(AT_CLKTCK) ?? 100 };
}

function readAuxv(path: string): Map<bigint, number> {
  const values = new Map<bigint, number>();
  // Node runs on Linux with 64-bit words only where it is built today; on others the usual units are right.
  if (process.arch === 'arm' || process.arch === 'ia32') return values;
  try {
    const content = readFileSync(path);
    const word = (at: number) =>
      endianness() === 'LE' ? content.readBigUInt64LE(at) : content.readBigUInt64BE(at);
    for (let at = 0; at + 16 <= content.length; at += 16) values.set(word(at), Number(word(at + 8)));
  } catch {
    values.clear();
  }
  return values;
}
