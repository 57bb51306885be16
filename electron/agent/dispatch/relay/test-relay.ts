import type { TestReport, TestStage } from '../../../../shared/contract/ipc.ts';
import type { Settings } from '../../../../shared/contract/settings.ts';
import { type ErrorCode, ERRORS, errorSentence } from '../../../../shared/errors.ts';
import type { Clock, Random } from '../../../../shared/model/clock.ts';
import type { Message } from '../../../../shared/model/message.ts';
import type { SecretStore } from '../../settings/secret-store.ts';
import type { RelayAnswer } from './answer.ts';
import { createRelayClient } from './client.ts';
import { privateKeyOf, readEnrolment, serviceUrl } from './enrolment.ts';
import type { ExchangeLimits, ExchangeStage } from './http-exchange.ts';
import { submissionBody } from './submission.ts';
import { verdictOf } from './verdict.ts';

export interface TestRelayOptions {
  readonly relayPath: string;
  readonly secrets: Pick<SecretStore, 'get'>;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits?: ExchangeLimits;
}

type Words = readonly [neutral: string, ok: string, failed: string];

const CONNECTING: readonly (readonly [ExchangeStage, ...Words])[] = [
  ['dns', 'Name', 'Name resolved', 'Name not resolved'],
  ['connect', 'Connection', 'Connected', 'Not connected'],
  ['tls', 'Encryption', 'Encrypted', 'Not encrypted'],
];
const CALL: Words = ['Signed call', 'Signed call answered', 'Signed call not answered'];
const MESSAGE: Words = ['Message', 'Message accepted', 'Message not accepted'];

/** The Test button for the Web Service: stage by stage, on connections of its own. It never shows a key. */
export async function testRelay(message: Message, options: TestRelayOptions): Promise<TestReport> {
  const { relayPath, secrets, settings } = options;
  const read = readEnrolment(relayPath);
  const enrolment = read.kind === 'enrolled' ? read.enrolment : null;
  if (enrolment === null) return notPossible('relay_unreachable', 'this computer is not enrolled');
  const privateKey = privateKeyOf(secrets, enrolment);
  if (privateKey === null) return notPossible('secret_unavailable', 'its key cannot be read');
  const client = createRelayClient({
    ...options,
    url: serviceUrl(enrolment, settings),
    ca: enrolment.ca,
    key: { keyId: enrolment.keyId, privateKey },
  });
  try {
    const { label, server } = client;
    const called = await client.call({ method: 'GET', path: '/v1/installation' });
    const stages = connectingStages(called, server.security === 'tls');
    const isThere = stages.every(({ outcome }) => outcome !== 'failed');
    const call = callStage(called, isThere);
    if (called.kind !== 'ok') return report(label, [...stages, call, skipped('data', MESSAGE)]);
    const body = submissionBody({ ...message, route: 'relay' }, message.recipients);
    const answer = await client.call({
      method: 'POST',
      path: '/v1/messages',
      body,
      idempotencyKey: message.id,
    });
    return report(label, [...stages, call, messageStage(answer, message)]);
  } finally {
    client.close();
  }
}

function connectingStages(answer: RelayAnswer, isSecure: boolean): TestStage[] {
  return CONNECTING.map(([name, ...words]) => {
    if (name === 'tls' && !isSecure)
      return { ...skipped(name, words), detail: 'the service is on this computer' };
    if (answer.kind === 'unreachable' && answer.stage === name)
      return failed(name, words, 'relay_unreachable', answer.detail);
    const mark = answer.marks.find(({ stage }) => stage === name);
    return mark === undefined ? skipped(name, words) : ok(name, words, mark.detail ?? '', mark.ms);
  });
}

function callStage(answer: RelayAnswer, isThere: boolean): TestStage {
  if (!isThere) return skipped('call', CALL);
  const { code, reply, besides } = verdictOf(answer, '');
  const mark = answer.marks.find(({ stage }) => stage === 'call');
  if (answer.kind === 'ok') return ok('call', CALL, 'the service knows this computer', mark?.ms ?? 0);
  // That an answer did not come is no doubtful outcome here: nothing was handed over.
  const known = code === null || code === 'relay_outcome_unknown' ? 'relay_unreachable' : code;
  return failed('call', CALL, known, besides ?? '', reply);
}

function messageStage(answer: RelayAnswer, message: Message): TestStage {
  const { verdict, code, reply, besides } = verdictOf(answer, message.id);
  const mark = answer.marks.find(({ stage }) => stage === 'call');
  if (verdict === 'accepted') return ok('data', MESSAGE, message.recipients.join(', '), mark?.ms ?? 0, reply);
  return failed('data', MESSAGE, code ?? 'relay_unreachable', besides ?? '', reply);
}

function report(label: string, stages: readonly TestStage[]): TestReport {
  const fault = stages.find(({ outcome }) => outcome === 'failed');
  const sentence =
    fault?.sentence ??
    `Accepted by the Tocsin Web Service ${label}. Look into the mailbox to see whether it arrives: acceptance by the service does not prove it.`;
  return { accepted: fault === undefined, sentence, via: 'relay', server: label, stages };
}

function notPossible(code: ErrorCode, detail: string): TestReport {
  const stage = failed('route', ['Web Service', 'Web Service', 'Web Service'], code, detail);
  return { accepted: false, sentence: errorSentence(code), via: 'relay', server: null, stages: [stage] };
}

function ok(
  stage: string,
  [, title]: Words,
  detail: string,
  durationMs: number,
  reply: string | null = null,
): TestStage {
  return { ...EMPTY, stage, title, outcome: 'ok', detail, durationMs, reply };
}

function skipped(stage: string, [title]: Words): TestStage {
  return { ...EMPTY, stage, title, outcome: 'skipped', detail: '' };
}

function failed(
  stage: string,
  [, , title]: Words,
  code: ErrorCode,
  detail: string,
  reply: string | null = null,
): TestStage {
  const { cause, mend } = ERRORS[code];
  return {
    ...EMPTY,
    stage,
    title,
    outcome: 'failed',
    detail,
    reply,
    code,
    sentence: errorSentence(code),
    cause,
    mend,
  };
}

const EMPTY = {
  durationMs: 0,
  reply: null,
  code: null,
  sentence: null,
  cause: null,
  mend: null,
  facts: null,
} as const;
