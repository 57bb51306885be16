import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { METHODS, type MethodName, type ReplyOf, type RequestOf } from '../../shared/contract/ipc.ts';
import type { Control } from '../agent/platform/control-file.ts';

export interface HttpReply {
  readonly status: number;
  readonly text: string;
}

/** What the agent made of a call. `status` is that of HTTP: 400 is a call that does not fit the contract. */
export type AgentAnswer<Name extends MethodName> =
  | { readonly ok: true; readonly reply: ReplyOf<Name> }
  | { readonly ok: false; readonly kind: 'lost'; readonly why: string }
  | { readonly ok: false; readonly kind: 'refused'; readonly status: number; readonly said: string | null }
  | { readonly ok: false; readonly kind: 'mismatch'; readonly raw: unknown };

/** No status is as long as this, in characters. */
const MOST_ANSWER_CHARACTERS = 64 * 1024 * 1024;

/** Asks the agent that left word of itself, and checks what it answers: it may be of another version than this program. */
export async function askAgent<Name extends MethodName>(
  control: Control,
  name: Name,
  call: RequestOf<Name>,
  limitMs?: number,
): Promise<AgentAnswer<Name>> {
  let answer: HttpReply;
  try {
    answer = await post(control, name, call, limitMs);
  } catch (error) {
    return { ok: false, kind: 'lost', why: error instanceof Error ? error.message : String(error) };
  }
  const { status, text } = answer;
  if (status !== 200) return { ok: false, kind: 'refused', status, said: refusal(text) };
  const raw = fromJson(text);
  const parsed = METHODS[name].reply.safeParse(raw);
  return parsed.success
    ? { ok: true, reply: parsed.data as ReplyOf<Name> }
    : { ok: false, kind: 'mismatch', raw };
}

/** Reads a page of the agent, such as a mail for a frame. Rejects where nobody answers. */
export function readPage(control: Control, path: string, limitMs: number): Promise<HttpReply> {
  const signal = AbortSignal.timeout(limitMs);
  return new Promise((resolve, reject) => {
    const onAnswer = (incoming: IncomingMessage) => {
      collect(incoming, true).then(resolve, reject);
    };
    send(control, { path, method: 'GET', signal }, onAnswer).once('error', reject).end();
  });
}

/** Begins to read the agent's events; the caller ends it by `destroy`. */
export function openEventStream(
  control: Control,
  onOpen: (incoming: IncomingMessage) => void,
): ClientRequest {
  const outgoing = send(control, { path: '/api/events', method: 'GET' }, onOpen);
  outgoing.end();
  return outgoing;
}

function post(control: Control, name: MethodName, call: unknown, limitMs?: number): Promise<HttpReply> {
  const body = JSON.stringify(call);
  const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
  const limit = limitMs === undefined ? {} : { signal: AbortSignal.timeout(limitMs) };
  return new Promise((resolve, reject) => {
    const onAnswer = (incoming: IncomingMessage) => {
      collect(incoming, limitMs !== undefined).then(resolve, reject);
    };
    const outgoing = send(control, { path: `/api/${name}`, method: 'POST', headers, ...limit }, onAnswer);
    outgoing.once('error', reject).end(body);
  });
}

interface Sending {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Over a connection of its own, so that nothing keeps a command's process alive afterwards. */
function send(
  control: Control,
  { headers, ...sending }: Sending,
  onAnswer: (incoming: IncomingMessage) => void,
): ClientRequest {
  const options = {
    ...sending,
    host: '127.0.0.1',
    port: control.port,
    headers: { ...headers, authorization: `Bearer ${control.token}` },
    agent: false,
  };
  return request(options, onAnswer);
}

/** `isCapped`: whoever answers may be another program by now, that sends for ever. */
function collect(incoming: IncomingMessage, isCapped: boolean): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    let text = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (chunk: string) => {
      text += chunk;
      if (isCapped && text.length > MOST_ANSWER_CHARACTERS) incoming.destroy(new Error('too long'));
    });
    incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
    incoming.once('error', reject);
  });
}

function refusal(text: string): string | null {
  const reply = fromJson(text);
  return typeof reply === 'object' && reply !== null && 'message' in reply ? String(reply.message) : null;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
