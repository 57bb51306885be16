import {
  type EventActionRecord,
  eventSentence,
  SMTP_EVENT_TITLES,
  type SmtpEventRecord,
} from '../../../shared/model/smtp-event.ts';
import { adviceOn } from '../../../shared/smtp-sentences.ts';
import { hrefOf } from '../../app/router.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { KeyValue } from '../../components/key-value.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { exactTime, TimeAgo } from '../../components/time-ago.tsx';
import { faultSentence } from '../../model/entry-faults.ts';
import type { State } from '../../model/state.ts';
import { ACTION_STATUS, actionTitle, EVENTS, suppressedText } from '../../strings/events.ts';

const { facts } = EVENTS;
const STATES: Readonly<Record<EventActionRecord['status'], State>> = {
  failed: 'critical',
  queued: 'unknown',
  done: 'ok',
};

/** One event with everything known of it, and what each rule did. */
export function EventDialog({
  record: { event, actions },
  onClose,
}: {
  readonly record: SmtpEventRecord;
  readonly onClose: () => void;
}) {
  const { server, messageId, subject, recipients, code, reply, at } = event;
  return (
    <Dialog
      title={SMTP_EVENT_TITLES[event.type]}
      isOpen
      onClose={onClose}
      size="wide"
      footer={
        <Button look="primary" onPress={onClose}>
          {EVENTS.close}
        </Button>
      }
    >
      <div>
        <p>{eventSentence(event)}</p>
        {code !== null && <p className="muted">{adviceOn(code, reply).mend}</p>}
      </div>
      <KeyValue
        rows={[
          { key: facts.time, value: exactTime(at) },
          ...(server === null ? [] : [{ key: facts.server, value: `${server.host}:${server.port}` }]),
          ...(recipients.length === 0 ? [] : [{ key: facts.recipients, value: recipients.join(', ') }]),
          ...(code === null ? [] : [{ key: facts.code, value: <code>{code}</code> }]),
          ...(reply === null ? [] : [{ key: EVENTS.words, value: <code>{reply}</code> }]),
          ...(messageId === null
            ? []
            : [
                {
                  key: facts.message,
                  value: (
                    <>
                      {subject} <a href={hrefOf('log', messageId)}>{EVENTS.inLog}</a>
                    </>
                  ),
                },
              ]),
        ]}
      />
      <section className="stack" aria-label={EVENTS.done}>
        <h3>{EVENTS.done}</h3>
        {actions.length === 0 ? (
          <p className="muted">{EVENTS.nothingDone}</p>
        ) : (
          <ul className="event-actions">
            {actions.map((action) => (
              <Action key={`${action.rule} ${action.type}`} action={action} />
            ))}
          </ul>
        )}
      </section>
    </Dialog>
  );
}

function Action({ action }: { readonly action: EventActionRecord }) {
  const { rule, type, status, outcome, settledAt, suppressed } = action;
  return (
    <li className="event-action">
      <StateMark state={STATES[status]} />
      <div>
        <p>
          {actionTitle(type)}: {ACTION_STATUS[status]}
          {settledAt !== null && (
            <span className="muted">
              {' '}
              <TimeAgo at={settledAt} />
            </span>
          )}
        </p>
        {outcome !== null && <p>{faultSentence(outcome)}</p>}
        <p className="muted small">
          <a href={hrefOf('events', rule)}>{rule}</a>
          {suppressed > 0 && `, ${suppressedText(suppressed)}`}
        </p>
      </div>
    </li>
  );
}
