import { publicKeyText, readPublicKey } from '../../mail/relay-signature.ts';
import {
  asksForAttachment,
  enrolmentRequest,
  heartbeatRequest,
  isMessageId,
  MAX_BODY_BYTES,
  messageRequest,
  parseRelayBody,
} from '../../shared/contract/relay-api.ts';
import type { SettingsFault } from '../../shared/contract/settings-rules.ts';
import type { Clock, Random } from '../../shared/model/clock.ts';
import type { AcceptBatch } from '../accept-batch.ts';
import { hashCode } from '../enrolment-code.ts';
import { silentAfterSeconds } from '../heartbeat.ts';
import type { OperatorMail } from '../operator-mail.ts';
import type { Installation, Quotas, Refusal, RelayStore } from '../store/relay-store.ts';
import { bodyHash, formerBodyHash, outboxMessages } from '../submission.ts';
import { refuse, reply, type Reply } from './problem.ts';

/** Most addresses that one message may have, e-mail and SMS each. */
const RECIPIENTS = 100;
/** How long a client waits when the service is not ready, in seconds: its server is looked for every five. */
const NOT_READY_SECONDS = 10;

export interface HandlerOptions {
  readonly store: RelayStore;
  readonly batch: AcceptBatch;
  readonly operatorMail: OperatorMail;
  readonly clock: Clock;
  readonly random: Random;
  /** The address that relayed mail comes from. */
  readonly from: string;
  readonly quotas: Quotas;
  /** Whether store and outlet can be relied on. */
  readonly ready: () => boolean;
  /** Told when a mail to the operator has entered the outbox. */
  readonly onNotice: () => void;
}

/** What each call of the contract does, given who calls. They answer; they never throw for what a client did. */
export interface Handlers {
  enrol(document: unknown): Promise<Reply>;
  installation(caller: Installation): Reply;
  /** `onSubmitted` is called once it is in a batch; the reply comes when that is durable. */
  submit(
    caller: Installation,
    idempotencyKey: string | undefined,
    document: unknown,
    onSubmitted: () => void,
  ): Promise<Reply>;
  messageState(caller: Installation, id: string): Promise<Reply>;
  heartbeat(caller: Installation, document: unknown): Promise<Reply>;
}

export function createHandlers(options: HandlerOptions): Handlers {
  const { store, batch, clock, random, from, quotas } = options;
  const subscription = (installation: Installation) => ({ expiresAt: isoOrNull(installation.expiresAt) });

  /** Whether anything new may be taken of an installation. Asked inside the transaction that takes it. */
  const mayAccept = ({ expiresAt }: Installation): Refusal | null => {
    if (expiresAt !== null && expiresAt <= clock.now()) return { code: 'subscription_expired', expiresAt };
    return options.ready() ? null : { code: 'not_ready' };
  };

  return {
    async enrol(document) {
      const parsed = parseRelayBody(enrolmentRequest, document);
      if (!parsed.ok) return invalid(parsed.faults);
      const key = readPublicKey(parsed.value.publicKey);
      if (key === null) {
        const message =
          'is no ed25519 public key; send a JWK, PEM, or the 32 bytes in base64url, and never the private key';
        return invalid([{ path: 'publicKey', message }]);
      }
      const now = clock.now();
      const keyId = random.id(now);
      const enrolment = { keyId, publicKey: publicKeyText(key), reportedName: parsed.value.name };
      const installation = await store.enrol(hashCode(parsed.value.code), enrolment, now);
      if (installation === null) {
        return refuse(
          'enrolment_refused',
          'The code was used already, has expired, or does not exist. Ask the operator of the service for a new one.',
        );
      }
      return reply(201, {
        installationId: installation.id,
        keyId,
        from,
        subscription: subscription(installation),
      });
    },

    installation: (caller) =>
      reply(200, {
        installationId: caller.id,
        name: caller.name,
        from,
        alertFormat: 'html',
        replyTo: caller.replyTo,
        subscription: subscription(caller),
        limits: { ...quotas, bodyBytes: MAX_BODY_BYTES, recipients: RECIPIENTS },
        serverTime: new Date(clock.now()).toISOString(),
      }),

    async submit(caller, idempotencyKey, document, onSubmitted) {
      if (asksForAttachment(document)) {
        return refuse(
          'attachments_not_relayed',
          'File alerts, attachments and pictures inside a mail (cid: and data: addresses) never leave by the Web Service. Send this by an SMTP server.',
        );
      }
      const parsed = parseRelayBody(messageRequest, document);
      const faults = parsed.ok ? [] : [...parsed.faults];
      const id = messageIdOf(idempotencyKey);
      if (id === null) {
        const message =
          'must be the id of the message: 1 to 128 letters, digits or . _ + = ~ -, beginning with a letter or digit';
        faults.push({ path: 'Idempotency-Key', message });
      }
      if (!parsed.ok || id === null) return invalid(faults);
      const request = parsed.value;
      const installationId = caller.id;
      const submitted = batch.submit({
        installationId,
        id,
        bodyHash: bodyHash(request),
        formerBodyHash: () => formerBodyHash(request),
        messages: outboxMessages({ installationId, id, request, from, now: clock.now() }),
        mayAccept: () => mayAccept(caller),
      });
      onSubmitted();
      const acceptance = await submitted;
      switch (acceptance.kind) {
        case 'accepted': {
          const body = { id, acceptedAt: new Date(acceptance.acceptedAt).toISOString() };
          const answer = reply(202, body);
          return acceptance.repeated
            ? { ...answer, headers: { ...answer.headers, 'idempotency-replayed': 'true' } }
            : answer;
        }
        case 'conflict':
          return refuse(
            'idempotency_conflict',
            `The id ${id} was accepted before with another body, and stays as it was. A new message needs a new id.`,
          );
        case 'refused':
          return refusalReply(acceptance.refusal);
        case 'quota':
          return quotaReply(acceptance.address, acceptance.retryAfterSeconds, quotas);
      }
    },

    async messageState(caller, id) {
      const state = await store.messageState(caller.id, id);
      if (state !== null) return reply(200, state);
      return refuse('not_found', 'This installation has sent no message with this id in the last 30 days.');
    },

    async heartbeat(caller, document) {
      const parsed = parseRelayBody(heartbeatRequest, document);
      if (!parsed.ok) return invalid(parsed.faults);
      const now = clock.now();
      const after = silentAfterSeconds(parsed.value.expectEverySeconds);
      let isBack = false;
      await store.heartbeat(caller.id, parsed.value, after, now, (before) => {
        isBack = true;
        return options.operatorMail.back(before, now);
      });
      if (isBack) options.onNotice();
      return reply(200, { serverTime: new Date(now).toISOString(), silentAfterSeconds: after });
    },
  };
}

/** As it is, or as the quoted string of draft-ietf-httpapi-idempotency-key-header. */
function messageIdOf(header: string | undefined): string | null {
  const id = (header ?? '').trim().replace(/^"(.*)"$/, '$1');
  return isMessageId(id) ? id : null;
}

function invalid(faults: readonly SettingsFault[]): Reply {
  const detail = faults.map(({ path, message }) => (path === '' ? message : `${path} ${message}`)).join('; ');
  return refuse('invalid_message', `The request was refused: ${detail.slice(0, 1000)}.`, {
    faults: [...faults],
  });
}

function refusalReply(refusal: Refusal): Reply {
  switch (refusal.code) {
    case 'subscription_expired': {
      const expiresAt = new Date(refusal.expiresAt).toISOString();
      return refuse(
        'subscription_expired',
        `The subscription of this installation ended on ${expiresAt}. Have the operator of the service extend it.`,
        { expiresAt },
      );
    }
    case 'not_ready':
      return notReady();
  }
}

export function notReady(): Reply {
  return refuse(
    'not_ready',
    'The service cannot store or send mail at the moment. Nothing was accepted; try again later.',
    {},
    NOT_READY_SECONDS,
  );
}

function quotaReply(address: string | null, retryAfterSeconds: number, quotas: Quotas): Reply {
  const whose =
    address === null
      ? `${quotas.messagesPerHour} messages of this installation`
      : `${quotas.messagesPerRecipientPerHour} messages of this installation to ${address}`;
  return refuse(
    'quota_exceeded',
    `In one hour the service takes ${whose}. Try again in ${retryAfterSeconds} s.`,
    {},
    retryAfterSeconds,
  );
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
