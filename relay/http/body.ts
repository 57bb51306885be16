import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { isNestedTooDeep, NESTED_TOO_DEEP } from '../../shared/bounded-json.ts';
import { MAX_BODY_BYTES } from '../../shared/contract/relay-api.ts';
import { refuse, type Reply } from './problem.ts';

export type ReadBody =
  | { readonly ok: true; readonly document: unknown }
  | { readonly ok: false; readonly refusal: Reply };

const inflate = promisify(gunzip);

export function tooLarge(): Reply {
  return refuse('too_large', 'The body may hold 1 MiB at most, also after inflating. Shorten the message.');
}

/** The JSON document of a body that has been authenticated. Never inflates beyond the limit. */
export async function readBody(raw: Buffer, contentEncoding: string | undefined): Promise<ReadBody> {
  const encoding = contentEncoding?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip' && encoding !== 'x-gzip') {
    return invalid('content-encoding', `“${encoding.slice(0, 40)}” is not known; send gzip or nothing`);
  }
  let bytes = raw;
  if (encoding !== 'identity') {
    try {
      bytes = await inflate(raw, { maxOutputLength: MAX_BODY_BYTES });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      return code === 'ERR_BUFFER_TOO_LARGE'
        ? { ok: false, refusal: tooLarge() }
        : invalid('', 'The body is not the gzip that Content-Encoding says it is');
    }
  }
  if (!isUtf8(bytes)) return invalid('', 'The body is not UTF-8');
  try {
    const text = bytes.toString('utf8');
    if (isNestedTooDeep(text)) return invalid('', `The body ${NESTED_TOO_DEEP}`);
    return { ok: true, document: JSON.parse(text) };
  } catch {
    return invalid('', 'The body is not JSON');
  }
}

function invalid(path: string, message: string): ReadBody {
  return {
    ok: false,
    refusal: refuse('invalid_message', 'The request cannot be read.', { faults: [{ path, message }] }),
  };
}
