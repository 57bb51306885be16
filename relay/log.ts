/** One answered request: who and what, never what it held. */
export interface RequestEntry {
  readonly method: string;
  /** The pattern of the route, which holds no ids. */
  readonly route: string;
  readonly status: number;
  readonly code: string | null;
  readonly installation: string | null;
  /** The Idempotency-Key of a message; null for others. */
  readonly id: string | null;
  readonly ms: number;
}

/** What the service says of its own work. Never an address, a subject, a text, a code or a key. */
export interface RelayLog {
  request(entry: RequestEntry): void;
  info(text: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(text: string, fields?: Readonly<Record<string, unknown>>): void;
  fault(error: unknown): void;
}

/** The part of pino's logger that is used. */
export interface LogWriter {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

export function createRelayLog(writer: LogWriter): RelayLog {
  return {
    request(entry) {
      if (entry.status >= 400) writer.warn(entry, 'request refused');
      else writer.info(entry, 'request');
    },
    info: (text, fields = {}) => writer.info(fields, text),
    warn: (text, fields = {}) => writer.warn(fields, text),
    fault(error) {
      const err =
        error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) };
      writer.error({ err }, 'an unexpected fault; the service goes on');
    },
  };
}
