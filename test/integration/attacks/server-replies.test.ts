import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCertificates, type TestCertificates } from '../../fakes/certificates.ts';
import { sampleMessage } from '../../fakes/mail-samples.ts';
import { CANARY, cleanUp, outletFor, PASSWORD_AUTH, scripted, serverAt } from '../../fakes/outlet-rig.ts';
import type { Script } from '../../fakes/scripted-smtp-server.ts';

/**
 * A mail server, or whoever stands in its place, that answers to do harm. What servers do out of weakness, and what each
 * failure is called, stands in test/unit/mail. Here: what is kept of it is short, one line, without control characters and
 * without the password, and none of it takes memory or time without end.
 */

let certificates: TestCertificates;

beforeAll(() => {
  certificates = makeCertificates();
});

afterAll(cleanUp);

const MIB = 1024 * 1024;
/** What the log keeps of one reply. */
const KEPT_MAX = 1000;

interface Row {
  readonly attack: string;
  readonly script: Script;
  /** `stage code verdict` of the attempt. */
  readonly comesOf: string;
}

const ROWS: readonly Row[] = [
  {
    attack: 'a greeting of one line without end',
    script: { greeting: `220 ${'x'.repeat(4 * MIB)}` },
    comesOf: 'greeting smtp_not_smtp retry',
  },
  {
    attack: 'a greeting of lines without end',
    script: { greeting: '220-x\r\n'.repeat(200_000) },
    comesOf: 'greeting smtp_not_smtp retry',
  },
  {
    attack: 'extensions without end',
    script: { ehlo: `${'250-X-EVIL\r\n'.repeat(200_000)}250 OK` },
    comesOf: 'greeting smtp_not_smtp retry',
  },
  {
    attack: 'a size that lets nothing through',
    script: { extensions: ['AUTH PLAIN', 'SIZE 1'] },
    comesOf: 'accepted - accepted',
  },
  {
    attack: 'a size of a hundred digits',
    script: { extensions: ['AUTH PLAIN', `SIZE ${'9'.repeat(100)}`] },
    comesOf: 'accepted - accepted',
  },
  {
    attack: 'a refusal of 60 KB',
    script: { rcpt: `550 ${'x'.repeat(60_000)}` },
    comesOf: 'recipient smtp_recipient_rejected rejected',
  },
  {
    attack: 'a refusal with commands to a terminal',
    script: { rcpt: '550 5.1.1 \u001b[2J\u001b]0;evil\u0007\u009b31mNo\u0000\u2028X: y' },
    comesOf: 'recipient smtp_recipient_rejected rejected',
  },
  {
    attack: 'a refusal with markup',
    script: { rcpt: '550 5.1.1 <script>alert(1)</script>' },
    comesOf: 'recipient smtp_recipient_rejected rejected',
  },
  {
    attack: 'a refusal that repeats the password',
    script: { auth: `535 5.7.8 wrong: ${CANARY}`, extensions: ['AUTH PLAIN'] },
    comesOf: 'auth smtp_auth_failed retry',
  },
  {
    attack: 'a refusal that repeats the password as it was sent',
    script: {
      auth: `535 5.7.8 wrong: ${Buffer.from(`\u0000tocsin\u0000${CANARY}`).toString('base64')}`,
      extensions: ['AUTH PLAIN'],
    },
    comesOf: 'auth smtp_auth_failed retry',
  },
  {
    attack: 'a code that there is none of',
    script: { rcpt: '999 what' },
    comesOf: 'recipient smtp_not_smtp retry',
  },
  {
    attack: 'more answers than there were questions',
    script: { greeting: '220 x\r\n250 x\r\n250 x\r\n250 x\r\n250 x\r\n354 x\r\n250 accepted' },
    comesOf: 'auth smtp_auth_method_disabled retry',
  },
];

describe('a mail server that means harm', () => {
  test.each(ROWS)('$attack', async ({ script, comesOf }) => {
    const server = await scripted(script);
    const outlet = outletFor([serverAt(server.port, { auth: PASSWORD_AUTH })]);
    const message = sampleMessage();
    const attempts = await outlet.send({
      message,
      recipients: ['it@contoso.example'],
      pinnedServer: null,
      attachments: [],
    });
    expect(
      attempts.map(({ stage, code, outcomes }) => `${stage} ${code ?? '-'} ${outcomes[0]?.verdict ?? '-'}`),
    ).toEqual([comesOf]);
    const words = attempts.flatMap(({ reply, outcomes }) => [reply, ...outcomes.map((each) => each.reply)]);
    for (const reply of words) {
      expect((reply ?? '').length).toBeLessThanOrEqual(KEPT_MAX);
      expect(reply ?? '').not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
    }
    const kept = JSON.stringify([attempts, outlet.health()]);
    expect(kept).not.toContain(CANARY);
    expect(kept).not.toContain(Buffer.from(`\u0000tocsin\u0000${CANARY}`).toString('base64'));
  });

  test('what is slipped in before TLS begins counts for nothing, and the password goes encrypted', async () => {
    const heard: string[] = [];
    const server = createServer((socket) => answerBeforeTls(socket, certificates, heard));
    const port = await listen(server);
    const outlet = outletFor([
      serverAt(port, { host: 'localhost', security: 'starttls', auth: PASSWORD_AUTH, ca: certificates.ca }),
    ]);
    const request = {
      message: sampleMessage(),
      recipients: ['it@contoso.example'],
      pinnedServer: null,
      attachments: [],
    };
    const [attempt] = await outlet.send(request);
    server.close();
    // The slipped in answer offers no login; the one that was encrypted does.
    expect([attempt?.stage, attempt?.code]).toEqual(['auth', 'smtp_auth_failed']);
    expect(heard[0]).not.toMatch(/AUTH|MAIL/);
    expect(heard[1]).toMatch(/^EHLO[^]*AUTH PLAIN/);
  });
});

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** STARTTLS, with an answer to EHLO behind its own, unencrypted; `heard`: what came before and after TLS. */
function answerBeforeTls(socket: Socket, { good }: TestCertificates, heard: string[]): void {
  heard[0] = '';
  socket.on('error', () => {});
  socket.write('220 x ESMTP\r\n');
  socket.on('data', (chunk) => {
    const text = chunk.toString('latin1');
    heard[0] += text;
    if (text.startsWith('EHLO')) socket.write('250-x\r\n250 STARTTLS\r\n');
    if (!text.startsWith('STARTTLS')) return;
    socket.removeAllListeners('data');
    socket.write('220 Go\r\n250-evil\r\n250 X-EVIL\r\n235 come in\r\n');
    const secure = new TLSSocket(socket, { isServer: true, ...good });
    heard[1] = '';
    secure.on('error', () => {});
    secure.on('data', (encrypted) => {
      const said = encrypted.toString('latin1');
      heard[1] += said;
      if (said.startsWith('EHLO')) secure.write('250-x\r\n250 AUTH PLAIN\r\n');
      else if (said.startsWith('AUTH')) secure.write('535 5.7.8 No\r\n');
      else secure.end('221 Bye\r\n');
    });
  });
}
