import type { ErrorCode } from '../shared/errors.ts';
import type { RecipientOutcome, Stage } from '../shared/model/delivery.ts';
import { judgeFailure, judgeReply, parseReply, type Judgement, type SmtpReply } from './smtp-reply.ts';
import type { WireFailure } from './wire-failure.ts';

/** All that was heard while a message was offered. */
export interface Heard {
  readonly recipients: readonly string[];
  /** The server's replies in order: to MAIL, to each RCPT, to DATA, to the final dot; as far as they came. */
  readonly replies: readonly string[];
  /** Null when the server took the message. */
  readonly failure: WireFailure | null;
  /** Whether the last byte of the message had left our hands. */
  readonly messageRead: boolean;
  readonly secrets: readonly string[];
}

export interface TransactionOutcome {
  readonly recipient: RecipientOutcome;
  /** Whether another server may be asked for this recipient at once. */
  readonly elsewhere: boolean;
}

/** What offering a message to a server came to. */
export interface TransactionResult {
  /** The last stage it entered; `accepted` when the server took it for at least one recipient. */
  readonly stage: Stage;
  readonly code: ErrorCode | null;
  /** The words that decided; the last ones where several did. */
  readonly reply: string | null;
  readonly outcomes: readonly TransactionOutcome[];
  /** Whether the session broke, not just the transaction. */
  readonly broken: boolean;
  /** Whether it broke before the server had answered anything but goodbye: nothing was begun. */
  readonly nothingHeard: boolean;
  /** Whether the server wants to be left alone for a while. */
  readonly pauses: boolean;
}

/** A judgement with the words it rests on. */
interface Judged {
  readonly judgement: Judgement;
  readonly reply: string | null;
}

/** Derives every recipient's outcome from what was heard. Pure. */
export function settleTransaction(heard: Heard): TransactionResult {
  const { failure, recipients, messageRead } = heard;
  const parsed = heard.replies.map((raw) => parseReply(raw, heard.secrets));
  const mail = parsed[0] ?? null;
  const answers = recipients.map((_, index) => (refused(mail) ? null : (parsed[index + 1] ?? null)));
  const final = parsed[recipients.length + 2] ?? null;
  // What is no reply ends the stage that it should have been the reply to.
  const said = parsed.filter((reply) => reply !== null).length;
  const stage = stageReached(said, mail, answers);
  // A reply that came before the message had been sent cannot be about it.
  const taken = failure === null && messageRead && final !== null && !refused(final);
  const rest = taken ? null : judgeRest(heard, parsed, stage, final);

  const judged = recipients.map((address, index) => {
    const answer = answers[index] ?? null;
    const own = refused(answer) ? { judgement: judgeReply('recipient', answer), reply: answer.line } : rest;
    return { address, own };
  });
  const outcomes = judged.map(
    ({ address, own }): TransactionOutcome =>
      own === null
        ? {
            recipient: { address, verdict: 'accepted', code: null, reply: final?.line ?? null },
            elsewhere: false,
          }
        : {
            recipient: {
              address,
              verdict: own.judgement.verdict,
              code: own.judgement.code,
              reply: own.reply,
            },
            elsewhere: own.judgement.scope === 'server',
          },
  );
  const accepted = judged.some(({ own }) => own === null);
  const telling = judged.find(({ own }) => own !== null)?.own ?? null;
  const goodbye = parsed.some((reply) => reply?.status === 421);
  const broken = goodbye || (failure === null ? !taken : failure.kind !== 'reply');
  return {
    stage: accepted ? 'accepted' : stage,
    code: telling?.judgement.code ?? null,
    reply: telling === null ? (final?.line ?? null) : telling.reply,
    outcomes,
    broken,
    nothingHeard: broken && !messageRead && parsed.every((reply) => reply === null || reply.status === 421),
    pauses: judged.some(({ own }) => own?.judgement.pauses === true),
  };
}

/** What happened to all recipients who had no refusal of their own. */
function judgeRest(
  heard: Heard,
  parsed: readonly (SmtpReply | null)[],
  stage: Stage,
  final: SmtpReply | null,
): Judged {
  const { failure, messageRead } = heard;
  const mail = parsed[0] ?? null;
  if (refused(mail)) return { judgement: judgeReply('sender', mail), reply: mail.line };
  if (messageRead) {
    if (refused(final)) return { judgement: judgeReply('data', final), reply: final.line };
    return { judgement: judgeFailure('data', 'closed', null, true), reply: null };
  }
  const last = parsed.findLast((reply) => reply !== null) ?? null;
  // A refusal of DATA, or 421 instead of an answer to RCPT.
  if (refused(last) && (last.status === 421 || failure?.kind === 'reply')) {
    return { judgement: judgeReply(stage, last), reply: last.line };
  }
  const kind = failure === null || failure.kind === 'reply' ? 'not-smtp' : failure.kind;
  return { judgement: judgeFailure(stage, kind, failure?.nodeCode ?? null), reply: null };
}

function stageReached(
  replies: number,
  mail: SmtpReply | null,
  answers: readonly (SmtpReply | null)[],
): Stage {
  if (replies === 0 || refused(mail)) return 'sender';
  return replies <= answers.length || answers.every(refused) ? 'recipient' : 'data';
}

function refused(reply: SmtpReply | null): reply is SmtpReply {
  return reply !== null && reply.status >= 400;
}
