import { readdirSync } from 'node:fs';
import { readSmall } from './proc-file.ts';

/** The names in a folder of /sys; none where there is no such folder. */
export function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

/** A value of /sys. Empty where it cannot be read: drivers answer EAGAIN or ENODATA for a sensor that sleeps. */
export function readValue(path: string): string {
  try {
    return readSmall(path).toString('latin1').trim();
  } catch {
    return '';
  }
}
