import { errorCode } from './failure.ts';

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'this computer forbids the connection',
  EADDRNOTAVAIL: 'no address of this computer leads there',
  EAI_AGAIN: 'the name server did not answer',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTDOWN: 'the host is down',
  EHOSTUNREACH: 'no route to the host',
  ENETDOWN: 'the network is down',
  ENETUNREACH: 'the network cannot be reached',
  ENOTFOUND: 'the name does not exist',
  ENODATA: 'the name has no address',
  EPERM: 'this computer forbids the connection',
  ETIMEDOUT: 'no answer',
};

/** This computer ran out of something, which says nothing about the other one. */
const OUR_OWN: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);

/** Why a connect failed: in words, and whether the fault is this computer's own, so that the port stays unknown. */
export interface TcpFailure {
  readonly detail: string;
  readonly ourOwn: boolean;
}

/** Reads the error of a socket. A name with several addresses fails with one error for each of them. */
export function describeTcpFailure(error: unknown): TcpFailure {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  const codes = errors.map((entry) => errorCode(entry) ?? 'an unknown fault');
  const words = new Set(
    codes.map((code) => WORDS[code] ?? (OUR_OWN.has(code) ? `out of resources (${code})` : code)),
  );
  return { detail: [...words].join('; '), ourOwn: codes.every((code) => OUR_OWN.has(code)) };
}
