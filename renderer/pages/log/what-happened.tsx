import type { ErrorCode } from '../../../shared/errors.ts';
import { formatDuration } from '../../../shared/format.ts';
import type { Attempt, DeliveryRecord, RecipientState } from '../../../shared/model/delivery.ts';
import { adviceOn } from '../../../shared/smtp-sentences.ts';
import { hrefOf } from '../../app/router.ts';
import { KeyValue } from '../../components/key-value.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { exactTime, TimeAgo, TimeUntil } from '../../components/time-ago.tsx';
import {
  attemptSentence,
  lastAttemptFor,
  recipientSentence,
  serverText,
} from '../../model/delivery-details.ts';
import { recipientState } from '../../model/delivery-state.ts';
import type { State } from '../../model/state.ts';
import { KINDS, LOG, NEWS, SOURCES, STAGES } from '../../strings/log.ts';

/** The message's facts, what became of each recipient, and every attempt. */
export function WhatHappened({ record }: { readonly record: DeliveryRecord }) {
  const { message, recipients, attempts } = record;
  return (
    <div className="groups">
      <KeyValue
        rows={[
          { key: 'Decided', value: exactTime(message.createdAt) },
          {
            key: 'Raised by',
            value: (
              <>
                {SOURCES[message.source.type]} <Source {...message.source} />
              </>
            ),
          },
          { key: 'Kind', value: `${KINDS[message.kind]}, ${message.severity}` },
          { key: 'Message-ID', value: <code>&lt;{message.messageId}&gt;</code> },
          ...(message.attachments.length === 0
            ? []
            : [{ key: 'Files', value: message.attachments.map(({ name }) => name).join(', ') }]),
        ]}
      />
      <section aria-label={LOG.recipients} className="log-section">
        <h3>{LOG.recipients}</h3>
        <ul className="log-list">
          {recipients.map((recipient) => (
            <Recipient key={recipient.address} recipient={recipient} attempts={attempts} />
          ))}
        </ul>
      </section>
      <section aria-label={LOG.attempts} className="log-section">
        <h3>{LOG.attempts}</h3>
        {attempts.length === 0 ? (
          <p className="muted">{LOG.noAttempts}</p>
        ) : (
          <ol className="log-list">
            {attempts.toReversed().map((attempt) => (
              <AttemptEntry key={`${attempt.at} ${attempts.indexOf(attempt)}`} attempt={attempt} />
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}

function Source({ type, name }: DeliveryRecord['message']['source']) {
  switch (type) {
    case 'alert':
      return <a href={hrefOf('alerts', name)}>{name}</a>;
    case 'report':
      return <a href={hrefOf('reports', name)}>{name}</a>;
    case 'file-alert':
      return <a href={hrefOf('files', name)}>{name}</a>;
    case 'smtp-event':
      return <a href={hrefOf('events', name)}>{name}</a>;
    case 'system':
      return null;
  }
}

function Recipient({
  recipient,
  attempts,
}: {
  readonly recipient: RecipientState;
  readonly attempts: readonly Attempt[];
}) {
  const { address, code, reply, nextAttemptAt, settledAt, news } = recipient;
  const { state, word } = recipientState(recipient);
  const last = lastAttemptFor(address, attempts);
  const sentence = recipientSentence(recipient, attempts);
  const isTaken = recipient.status === 'accepted';
  return (
    <li className="log-entry">
      <StateMark state={state} />
      <div className="log-entry-body">
        <p>
          <strong>{address}</strong> {isTaken ? sentence : word}
          {settledAt !== null && (
            <span className="muted">
              {' '}
              <TimeAgo at={settledAt} />
            </span>
          )}
        </p>
        {!isTaken && (
          <p>
            {sentence}
            <Code code={code} />
          </p>
        )}
        <Words text={reply ?? (code === null ? null : (last?.reply ?? null))} />
        {nextAttemptAt !== null && (
          <p className="muted">
            Next try <TimeUntil at={nextAttemptAt} />.
          </p>
        )}
        {news !== null && (
          <>
            <p>
              {NEWS[news.state]}{' '}
              <span className="muted">
                <TimeAgo at={news.at} />
              </span>
            </p>
            <Words text={news.reply} />
          </>
        )}
      </div>
    </li>
  );
}

function AttemptEntry({ attempt }: { readonly attempt: Attempt }) {
  const { at, durationMs, stage, code, reply, reason } = attempt;
  return (
    <li className="log-entry">
      <StateMark state={attemptState(attempt)} />
      <div className="log-entry-body">
        <p className="log-attempt-head">
          <span>{exactTime(at)}</span>
          <span>{serverText(attempt)}</span>
          {stage !== 'accepted' && <span>{STAGES[stage]}</span>}
          <span>{formatDuration(Math.max(1, durationMs))}</span>
        </p>
        <p>
          {attemptSentence(attempt)}
          <Code code={code} />
        </p>
        <Words text={reply} />
        {code !== null && <p>{adviceOn(code, reply).mend}</p>}
        <p className="muted small">Why this way: {reason}</p>
      </div>
    </li>
  );
}

function attemptState({ code, outcomes }: Attempt): State {
  if (code === null) return 'ok';
  return outcomes.some(({ verdict }) => verdict === 'rejected') ? 'critical' : 'warning';
}

/** Stands small beside its sentence. */
function Code({ code }: { readonly code: ErrorCode | null }) {
  return code === null ? null : <code className="log-code muted">{code}</code>;
}

/** A server's own words, as it said them. */
function Words({ text }: { readonly text: string | null }) {
  return text === null ? null : <code className="log-words">{text}</code>;
}
