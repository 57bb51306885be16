import type { IncomingMessage } from 'node:http';
import { isNestedTooDeep, NESTED_TOO_DEEP } from '../../../shared/bounded-json.ts';
import { type Handlers, isMethodName, METHODS, type MethodName } from '../../../shared/contract/ipc.ts';
import { SETTINGS_MAX_BYTES } from '../../../shared/contract/settings.ts';
import { type Answer, json } from './answers.ts';

/** A settings file, in JSON again, may grow by escapes. */
const BODY_MAX_BYTES = 2 * SETTINGS_MAX_BYTES;

/** Answers the call of one method by somebody who may call. What a handler throws is the caller's to deal with. */
export async function answerCall(
  request: IncomingMessage,
  name: string,
  handlers: Handlers,
): Promise<Answer> {
  if (!isMethodName(name)) return json(404, { message: `There is no method “${name}”.` });
  if (request.method !== 'POST')
    return json(405, { message: 'Methods are called by POST.' }, { allow: 'POST' });
  const body = await readBody(request);
  if (body === null)
    return json(
      413,
      { message: `A call may have at most ${BODY_MAX_BYTES} bytes.` },
      { connection: 'close' },
    );
  const parsed = parseCall(name, body);
  if (!parsed.ok) return json(400, { message: parsed.message });
  const handler = handlers[name] as (call: unknown) => unknown;
  return json(200, (await handler(parsed.call)) ?? null);
}

/** The body as text, or null where it is larger than allowed; what exceeds the limit is not kept. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > BODY_MAX_BYTES) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseCall(
  name: MethodName,
  body: string,
): { ok: true; call: unknown } | { ok: false; message: string } {
  try {
    if (isNestedTooDeep(body)) return { ok: false, message: `The call of ${name} ${NESTED_TOO_DEEP}.` };
    const parsed = METHODS[name].request.safeParse(body === '' ? {} : JSON.parse(body));
    if (parsed.success) return { ok: true, call: parsed.data };
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || name} ${issue.message}`);
    return { ok: false, message: faults.join('; ') };
  } catch {
    return { ok: false, message: `The call of ${name} is not valid JSON.` };
  }
}
