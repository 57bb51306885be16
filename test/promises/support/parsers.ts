import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { answerCall } from '../../../electron/agent/console/calls.ts';
import { answerOf } from '../../../electron/agent/dispatch/relay/answer.ts';
import { verdictOf } from '../../../electron/agent/dispatch/relay/verdict.ts';
import { fillTemplate } from '../../../electron/agent/events/template.ts';
import { parseRequest, REQUEST_MAX_BYTES } from '../../../electron/agent/file-alerts/request.ts';
import { cronFault, nextRunAt } from '../../../electron/agent/settings/cron.ts';
import type { SettingsStore } from '../../../electron/agent/settings/settings-store.ts';
import { BOUNCE_MAX_BYTES, mayBeBounce, readBounce } from '../../../mail/bounce.ts';
import { readPublicKey, verifyRequest } from '../../../mail/relay-signature.ts';
import { judgeReply, parseReply } from '../../../mail/smtp-reply.ts';
import { htmlAndText, htmlOfText } from '../../../relay/delivery/clean-html.ts';
import { readBody } from '../../../relay/http/body.ts';
import { bodyHash, outboxMessages } from '../../../relay/submission.ts';
import { type Handlers, METHODS, type MethodName } from '../../../shared/contract/ipc.ts';
import {
  asksForAttachment,
  enrolmentRequest,
  heartbeatRequest,
  MAX_BODY_BYTES,
  messageRequest,
  messageStateReply,
  parseRelayBody,
} from '../../../shared/contract/relay-api.ts';
import { SETTINGS_MAX_BYTES } from '../../../shared/contract/settings.ts';
import type { Stage } from '../../../shared/model/delivery.ts';
import { exampleSettings } from '../../fakes/example-settings.ts';
import { aRequest } from '../../fakes/relay-rig.ts';

/** Something that reads what others wrote. */
export interface Parser {
  readonly name: string;
  /** Valid input. */
  readonly samples: readonly Buffer[];
  /** What it is given is never larger: whoever calls it has looked. */
  readonly mostBytes: number;
  /** Refusing is an answer; throwing is not. */
  readonly parse: (bytes: Buffer) => unknown;
}

const STAGES: readonly Stage[] = ['greeting', 'tls', 'auth', 'sender', 'recipient', 'data', 'accepted'];
const SMTP_REPLY_BYTES = 64 * 1024;
const HEADER_BYTES = 16 * 1024;
const BOUNCES = join(import.meta.dirname, '../../fixtures/bounces');

/** Every method does nothing: what is tried is how a call is read. */
const HANDLERS = Object.fromEntries(
  Object.keys(METHODS).map((name) => [name, () => null]),
) as unknown as Handlers;

export function allParsers(settings: SettingsStore, baseDir: string): readonly Parser[] {
  return [
    {
      name: 'settings',
      samples: [json(exampleSettings()), Buffer.from(JSON.stringify(exampleSettings(), null, 2))],
      mostBytes: SETTINGS_MAX_BYTES,
      parse: (bytes) => settings.import(bytes.toString('utf8'), baseDir),
    },
    {
      name: 'file alert',
      samples: [
        json({ subject: 'Backup failed', message: 'Disk 3\n', severity: 'critical', attachments: ['a.log'] }),
        json({ subject: 'x' }),
      ],
      mostBytes: REQUEST_MAX_BYTES,
      parse: (bytes) => parseRequest(bytes.toString('utf8')),
    },
    {
      name: 'relay message',
      samples: [json(aRequest()), json(aRequest({ sms: ['1@sms.example'], smsText: 'x', threadId: 't-1' }))],
      mostBytes: MAX_BODY_BYTES,
      parse: parseRelayMessage,
    },
    {
      name: 'relay message, zipped',
      samples: [gzipSync(json(aRequest()))],
      mostBytes: MAX_BODY_BYTES,
      parse: (bytes) => readBody(bytes, 'gzip'),
    },
    {
      name: 'relay enrolment and signs of life',
      samples: [
        json({
          code: 'CODE',
          name: 'front-desk',
          publicKey: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) },
        }),
        json({ version: '1', uptimeSeconds: 1, failingAlerts: 0, outboxWaiting: 0 }),
      ],
      mostBytes: MAX_BODY_BYTES,
      parse: async (bytes) => {
        const read = await readBody(bytes, undefined);
        if (!read.ok) return;
        const enrolment = parseRelayBody(enrolmentRequest, read.document);
        if (enrolment.ok) readPublicKey(enrolment.value.publicKey);
        readPublicKey(read.document);
        parseRelayBody(heartbeatRequest, read.document);
      },
    },
    {
      name: 'relay signature',
      samples: [
        Buffer.from(
          'sig=("@method" "@target-uri" "content-digest");created=1;expires=2;nonce="n";keyid="k";alg="ed25519"\nsig=:AAAA:',
        ),
      ],
      mostBytes: HEADER_BYTES,
      parse: (bytes) => {
        const [input = '', signature = ''] = bytes.toString('latin1').split('\n');
        const headers = { 'signature-input': input, signature, 'content-digest': 'sha-256=:AAAA:' };
        return verifyRequest({ method: 'POST', targetUri: 'https://x/v1/messages', headers }, () => null);
      },
    },
    {
      name: 'relay reply',
      samples: [
        json({ id: 'm', acceptedAt: '2026-01-05T08:00:00.000Z' }),
        json({ type: 'urn:x', title: 'no', status: 403, detail: 'because', code: 'subscription_expired' }),
        json({
          id: 'm',
          acceptedAt: '2026-01-05T08:00:00.000Z',
          recipients: [{ address: 'a@b.example', state: 'queued', at: null, reply: null, reason: null }],
        }),
      ],
      mostBytes: MAX_BODY_BYTES,
      parse: (bytes) => {
        const text = bytes.toString('utf8');
        for (const status of [200, 202, 401, 403, 429, 503]) {
          const retryAfter = text.slice(0, 60);
          const answered = {
            kind: 'answered',
            status,
            type: 'application/json',
            retryAfter,
            text,
            marks: [],
          } as const;
          const answer = answerOf(answered, 0);
          verdictOf(answer, 'm');
          if (answer.kind === 'ok') messageStateReply.safeParse(answer.body);
        }
      },
    },
    {
      name: 'SMTP reply',
      samples: [
        '250 2.1.5 Ok',
        '550-5.1.1 The account\r\n550 5.1.1 does not exist',
        '421 4.7.0 Try again',
        '535 5.7.8 Bad password',
      ].map((text) => Buffer.from(text)),
      mostBytes: SMTP_REPLY_BYTES,
      parse: (bytes) => {
        const reply = parseReply(bytes.toString('latin1'), ['secret']);
        return reply === null ? null : STAGES.map((stage) => judgeReply(stage, reply));
      },
    },
    {
      name: 'returned mail',
      samples: readdirSync(BOUNCES).map((name) => readFileSync(join(BOUNCES, name))),
      mostBytes: BOUNCE_MAX_BYTES,
      parse: (bytes) => {
        mayBeBounce(bytes.toString('latin1'));
        return readBounce(bytes);
      },
    },
    ...ipcParsers(),
    {
      name: 'cron and template',
      samples: [Buffer.from('0 8 * * 1-5'), Buffer.from('{{event}} at {{server}}')],
      mostBytes: HEADER_BYTES,
      parse: (bytes) => {
        const text = bytes.toString('utf8');
        fillTemplate(text, new Map([['event', 'x']]), (value) => value);
        // A setting has at most so many characters.
        const expression = text.slice(0, 200);
        return cronFault(expression) === null ? nextRunAt(expression, 0) : null;
      },
    },
  ];
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

async function parseRelayMessage(bytes: Buffer): Promise<void> {
  const read = await readBody(bytes, undefined);
  if (!read.ok) return;
  asksForAttachment(read.document);
  const parsed = parseRelayBody(messageRequest, read.document);
  if (!parsed.ok) return;
  const request = parsed.value;
  bodyHash(request);
  outboxMessages({ installationId: 'i', id: 'm', request, from: 'a@provider.example', now: 0 });
  // The most that is done with it: a mail that came without a text, or without HTML, gets that.
  const html = request.html === null ? htmlOfText(request.text ?? '') : htmlAndText(request.html).html;
  // What was put together piece by piece is made one string by whoever reads it first.
  Buffer.byteLength(html);
}

/** One for each family of methods, by the first word of its name. */
function ipcParsers(): Parser[] {
  const families = Map.groupBy(Object.keys(METHODS) as MethodName[], (name) => name.split('.')[0] ?? name);
  return [...families].map(([family, names]) => {
    let turn = 0;
    return {
      name: `call of ${family}`,
      samples: [
        json({}),
        json({
          name: 'x',
          minutes: 5,
          id: 'm',
          to: 'a@contoso.example',
          via: 'smtp',
          limit: 10,
          before: null,
        }),
        json({
          settings: exampleSettings(),
          text: JSON.stringify(exampleSettings()),
          baseDir: '/',
          revision: 'r',
        }),
        json({ alert: exampleSettings().alerts[0], rule: exampleSettings().smtpEvents[0] }),
        json({ items: [{ metric: 'cpu.usedPercent', target: null }], from: 0, to: 1000, points: 10 }),
      ],
      mostBytes: 2 * SETTINGS_MAX_BYTES,
      parse: (bytes: Buffer) => {
        const request = Object.assign(Readable.from([bytes]), {
          method: 'POST',
        }) as unknown as IncomingMessage;
        turn += 1;
        return answerCall(request, names[turn % names.length] ?? 'status.get', HANDLERS);
      },
    };
  });
}
