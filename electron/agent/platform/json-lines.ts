import type { LogWriter } from '../log.ts';

/** As other programs that write JSON lines number them (pino, bunyan). */
const LEVELS = { info: 30, warn: 40, error: 50 } as const;

/** Keys whose values are never written, however deep they stand. */
const SECRET_KEYS: ReadonlySet<string> = new Set(['password', 'token']);
const SECRET_KEY = /"(?:password|token)":/;

/**
 * Writes each entry of the log as one line of JSON: level, time, fields, text. Secrets never get here; a value under a
 * secret's name is left out all the same. `write` is given whole lines.
 */
export function createJsonLines(write: (line: string) => void): LogWriter {
  const writer = (level: keyof typeof LEVELS) => (fields: object, text: string) => {
    const entry = { level: LEVELS[level], time: new Date(), ...fields, msg: text };
    const json = JSON.stringify(entry);
    // Looking at every key takes four times as long as writing them, and hardly an entry has one of these.
    write(`${SECRET_KEY.test(json) ? JSON.stringify(entry, withoutSecrets) : json}\n`);
  };
  return { info: writer('info'), warn: writer('warn'), error: writer('error') };
}

function withoutSecrets(key: string, value: unknown): unknown {
  return SECRET_KEYS.has(key) ? '[Redacted]' : value;
}
