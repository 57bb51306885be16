import { createPrivateKey } from 'node:crypto';
import { systemRandom } from '../../mail/platform/clock.ts';
import { signRequest } from '../../mail/relay-signature.ts';
import { RELAY_BODY_BYTES } from './relay-figures.ts';

/** The key of an enrolled installation. */
export interface BenchKey {
  readonly keyId: string;
  readonly privateKeyPem: string;
}

/** One request as it goes over the wire: its head with the signature, and its body, which many share. */
export interface WireRequest {
  readonly head: Buffer;
  readonly body: Buffer;
}

/** Different bodies, so that nothing is gained by having seen one before. */
const BODIES = 64;

/** Signs requests beforehand, with the code of the installations, so that the load takes little while it is measured. */
export async function signRequests(
  port: number,
  keys: readonly BenchKey[],
  count: number,
): Promise<WireRequest[]> {
  const signers = keys.map(({ keyId, privateKeyPem }) => ({
    keyId,
    privateKey: createPrivateKey(privateKeyPem),
  }));
  const bodies = Array.from({ length: BODIES }, (_, index) => bodyOf(index));
  const requests: WireRequest[] = [];
  for (let index = 0; index < count; index += 1) {
    const body = bodies[index % BODIES] ?? Buffer.alloc(0);
    const signer = signers[index % signers.length];
    if (signer === undefined) throw new Error('there is no key to sign with');
    const now = Date.now();
    const signed = await signRequest(
      {
        method: 'POST',
        targetUri: `http://127.0.0.1:${port}/v1/messages`,
        body,
        idempotencyKey: systemRandom.id(now),
        now,
        nonce: systemRandom.id(now),
      },
      signer,
    );
    const lines = Object.entries({
      host: `127.0.0.1:${port}`,
      'content-type': 'application/json',
      'content-length': String(body.length),
      ...signed,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    requests.push({ head: Buffer.from(`POST /v1/messages HTTP/1.1\r\n${lines.join('')}\r\n`), body });
  }
  return requests;
}

/** An alert as HTML and text, of just the size. */
function bodyOf(index: number): Buffer {
  const row = `<tr><td style="padding:4px 8px;color:#444444">disk.usedPercent /srv/${index}</td><td style="padding:4px 8px"><b>93.${index} %</b></td></tr>`;
  const document = (filling: string) =>
    JSON.stringify({
      kind: 'alert',
      subject: `[CRITICAL] bench: disk ${index} nearly full`,
      html: `<!doctype html><html><body><table>${row.repeat(40)}</table></body></html>`,
      text: `The disk ${index} is nearly full.\n${filling}`,
      to: [`someone-${index}@elsewhere.example`],
    });
  const missing = RELAY_BODY_BYTES - Buffer.byteLength(document(''));
  return Buffer.from(document('x'.repeat(missing)));
}
