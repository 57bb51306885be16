import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { signRequest } from '../../mail/relay-signature.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface Call {
  readonly method?: string;
  readonly path: string;
  /** Sent as JSON; bytes and text go as they are. */
  readonly body?: unknown;
  readonly id?: string;
  /** What is signed as the time, in milliseconds. */
  readonly now?: number;
  readonly nonce?: string;
  /** What is signed as the address, where that is not where it is sent. */
  readonly targetUri?: string;
  /** Changes headers after signing; null leaves one out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Sent in place of the body that was signed. */
  readonly sentBody?: string;
}

/** An installation that calls a Web Service over real HTTP. */
export interface RelayClient {
  readonly keyId: string;
  readonly installationId: string;
  call(call: Call): Promise<Answer>;
  submit(body: object, id?: string): Promise<Answer>;
}

export async function post(url: string, body: unknown): Promise<Answer> {
  return answerOf(await fetch(url, { method: 'POST', body: JSON.stringify(body) }));
}

/** Makes a key pair and enrols it with a code. */
export async function enrolClient(url: string, code: string, now: () => number): Promise<RelayClient> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const answer = await post(`${url}/v1/enrolments`, {
    code,
    name: 'front-desk',
    publicKey: publicKey.export({ format: 'jwk' }),
  });
  if (answer.status !== 201) throw new Error(`not enrolled: ${JSON.stringify(answer.body)}`);
  const { keyId, installationId } = answer.body;
  return createRelayClient(url, { keyId: String(keyId), privateKey }, String(installationId), now);
}

export function createRelayClient(
  url: string,
  key: { readonly keyId: string; readonly privateKey: KeyObject },
  installationId: string,
  now: () => number,
): RelayClient {
  const call = async (given: Call): Promise<Answer> => {
    const method = given.method ?? (given.body === undefined ? 'GET' : 'POST');
    const body = bytesOf(given.body);
    const signed = await signRequest(
      {
        method,
        targetUri: given.targetUri ?? `${url}${given.path}`,
        body,
        idempotencyKey: given.id ?? null,
        now: given.now ?? now(),
        nonce: given.nonce ?? randomUUID(),
      },
      key,
    );
    const headers = new Headers(signed);
    for (const [name, value] of Object.entries(given.headers ?? {})) {
      if (value === null) headers.delete(name);
      else headers.set(name, value);
    }
    const sent = given.sentBody ?? (body === null ? null : new Uint8Array(body));
    return answerOf(await fetch(`${url}${given.path}`, { method, headers, body: sent }));
  };
  return {
    keyId: key.keyId,
    installationId,
    call,
    submit: (body, id = randomUUID()) => call({ path: '/v1/messages', body, id }),
  };
}

function bytesOf(body: unknown): Buffer | null {
  if (body === undefined) return null;
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '');
  const body = json ? (JSON.parse(text) as Record<string, unknown>) : { text };
  return { status: response.status, headers: response.headers, body };
}
