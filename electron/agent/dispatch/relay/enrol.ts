import { generateKeyPairSync } from 'node:crypto';
import type { EnrolReply } from '../../../../shared/contract/ipc.ts';
import { enrolmentReply } from '../../../../shared/contract/relay-api.ts';
import { relayUrlFault } from '../../../../shared/contract/relay-url.ts';
import { type ErrorCode, errorSentence } from '../../../../shared/errors.ts';
import type { Clock, Random } from '../../../../shared/model/clock.ts';
import { publicKeyText } from '../../../../mail/relay-signature.ts';
import type { SecretStore } from '../../settings/secret-store.ts';
import type { RelayAnswer } from './answer.ts';
import { createRelayClient } from './client.ts';
import { keySecretName, readEnrolment, writeEnrolment } from './enrolment.ts';
import type { ExchangeLimits } from './http-exchange.ts';

export interface EnrolRequest {
  /** The one-time code of the service's operator. */
  readonly code: string;
  readonly url: string;
  /** A private authority of the service, in PEM. */
  readonly ca: string | null;
  /** How this installation calls itself. */
  readonly name: string;
}

export interface EnrolOptions {
  readonly relayPath: string;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits?: ExchangeLimits;
}

/**
 * Makes a key pair and registers it with a Web Service. The private key is on the disk before the code is used, and the
 * enrolment before so stands until the new one is written. A code works once: where the answer was lost, it may be used up,
 * and what is said then tells so.
 */
export async function enrol(request: EnrolRequest, options: EnrolOptions): Promise<EnrolReply> {
  const { clock, random, secrets, relayPath } = options;
  const url = request.url.trim().replace(/\/+$/, '');
  const fault = relayUrlFault(url);
  if (fault !== null) return refused('settings_invalid', `The address of the Web Service ${fault}.`);
  const caFault = request.ca === null ? null : authorityFault(request.ca);
  if (caFault !== null) return refused('settings_invalid', caFault);

  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const publicText = publicKeyText(publicKey);
  const secretName = keySecretName(publicText);
  const secret = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  secrets.change(new Map([[secretName, secret]]));

  const { limits } = options;
  const client = createRelayClient({
    url,
    ca: request.ca,
    key: null,
    clock,
    random,
    ...(limits && { limits }),
  });
  const body = Buffer.from(
    JSON.stringify({
      code: request.code.trim(),
      publicKey: publicKey.export({ format: 'jwk' }),
      name: headerLine(request.name),
    }),
  );
  const answer = await client.call({ method: 'POST', path: '/v1/enrolments', body, unsigned: true });
  client.close();
  const parsed = answer.kind === 'ok' ? enrolmentReply.safeParse(answer.body) : null;
  if (!parsed?.success) {
    secrets.change(new Map([[secretName, null]]));
    return refusal(answer, client.label);
  }

  const { installationId, keyId, from, subscription } = parsed.data;
  const before = readEnrolment(relayPath);
  writeEnrolment(relayPath, {
    version: 1,
    url,
    ca: request.ca,
    installationId,
    keyId,
    publicKey: publicText,
    enrolledAt: clock.now(),
    from,
    replyTo: null,
    expiresAt: subscription.expiresAt === null ? null : Date.parse(subscription.expiresAt),
    checkedAt: clock.now(),
  });
  if (before.kind === 'enrolled') forgetKey(secrets, before.enrolment.publicKey);
  return { outcome: 'enrolled', from, subscription };
}

/** A key too many harms nobody, so that it cannot be removed is no reason to say that nothing was done. */
function forgetKey(secrets: SecretStore, publicKey: string): void {
  try {
    secrets.change(new Map([[keySecretName(publicKey), null]]));
  } catch {
    // It stays in the secret store, of no use to anybody: the service has dropped it.
  }
}

function authorityFault(pem: string): string | null {
  return pem.includes('-----BEGIN CERTIFICATE-----')
    ? null
    : 'The CA file holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).';
}

const MAYBE_USED =
  'The code may be used up. Try it once more; if it is refused then, have the operator make a new one with "tocsin-relay installation add NAME --renew".';

function refusal(answer: RelayAnswer, label: string): EnrolReply {
  const unreachable = errorSentence('relay_unreachable', { server: label });
  switch (answer.kind) {
    case 'ok':
      return refused(
        'relay_outcome_unknown',
        `${label} answered in a way this version cannot read. ${MAYBE_USED}`,
      );
    case 'strange':
      if (answer.status >= 500)
        return refused('relay_outcome_unknown', `${sentence(answer.detail)} ${MAYBE_USED}`);
      return refused('relay_unreachable', `${unreachable} ${sentence(answer.detail)} The code was not used.`);
    case 'unreachable':
      if (answer.sent)
        return refused('relay_outcome_unknown', `${errorSentence('relay_outcome_unknown')} ${MAYBE_USED}`);
      return refused(
        'relay_unreachable',
        `${unreachable} At ${label}: ${answer.detail}. The code was not used; try again when the service can be reached.`,
      );
    case 'refused':
      return refused(answer.code, `${errorSentence(answer.code)} ${answer.detail}`);
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function refused(code: ErrorCode, text: string): EnrolReply {
  return { outcome: 'refused', code, sentence: text };
}

function headerLine(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return line === '' ? 'Tocsin' : line.slice(0, 200);
}
