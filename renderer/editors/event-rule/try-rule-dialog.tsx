import { useState } from 'react';
import type { SmtpEventRule } from '../../../shared/contract/settings.ts';
import type { RuleTrial, TriedAction } from '../../../shared/model/smtp-event.ts';
import { hrefOf } from '../../app/router.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { useCall } from '../../hooks/use-call.ts';
import { faultSentence } from '../../model/entry-faults.ts';
import { actionTitle, EVENTS, triedText } from '../../strings/events.ts';

/** Does everything a rule does, once, on a made-up event; says so before, and what came of it. */
export function TryRuleDialog({
  rule,
  onClose,
}: {
  readonly rule: SmtpEventRule;
  readonly onClose: () => void;
}) {
  const [trial, setTrial] = useState<RuleTrial | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const { run, isPending } = useCall('events.try', setFailure);
  const start = async () => {
    setFailure(null);
    const reply = await run({ rule });
    if (reply === null) return;
    if ('faults' in reply) setFailure(reply.faults.map(({ message }) => faultSentence(message)).join(' '));
    else setTrial(reply);
  };
  return (
    <Dialog
      title={EVENTS.tryTitle}
      isOpen
      onClose={onClose}
      size="wide"
      banner={
        <div className="dialog-banner">
          {failure !== null && (
            <Banner state="critical" isUrgent>
              {failure}
            </Banner>
          )}
          {trial !== null && (
            <Banner state={isAllDone(trial) ? 'ok' : 'critical'} isUrgent>
              {triedText(trial.actions.filter(isDone).length, trial.actions.length)}
            </Banner>
          )}
        </div>
      }
      footer={
        <>
          <Button onPress={onClose}>{EVENTS.close}</Button>
          <Button look="primary" isPending={isPending} onPress={() => void start()}>
            {EVENTS.tryNow}
          </Button>
        </>
      }
    >
      {trial === null ? <p>{isPending ? EVENTS.trying : EVENTS.tryNote}</p> : <Outcome trial={trial} />}
    </Dialog>
  );
}

function Outcome({ trial }: { readonly trial: RuleTrial }) {
  return (
    <div className="groups">
      <div>
        <p className="muted">{EVENTS.madeUp}</p>
        <p>{trial.sentence}</p>
      </div>
      <ol className="tried-actions">
        {trial.actions.map((action, position) => (
          <Tried key={`${position} ${action.type}`} action={action} />
        ))}
      </ol>
      {!trial.actsNow && <p className="muted">{EVENTS.notNow}</p>}
    </div>
  );
}

function Tried({ action }: { readonly action: TriedAction }) {
  const [messageId] = action.messageIds;
  return (
    <li className="tried-action">
      <StateMark state={isDone(action) ? 'ok' : 'critical'} />
      <div>
        <p>
          <strong>{actionTitle(action.type)}</strong>{' '}
          {isDone(action) ? EVENTS.actionDone : EVENTS.actionFailed}
        </p>
        <p>
          {faultSentence(action.text)}{' '}
          {messageId !== undefined && <a href={hrefOf('log', messageId)}>{EVENTS.inLog}</a>}
        </p>
      </div>
    </li>
  );
}

function isDone({ outcome }: TriedAction): boolean {
  return outcome === 'done';
}

function isAllDone({ actions }: RuleTrial): boolean {
  return actions.every(isDone);
}
