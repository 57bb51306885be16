import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Checkbox } from '../../components/choices.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { useNow } from '../../hooks/use-now.ts';
import { useStatus } from '../../hooks/use-status.tsx';
import { RELAY, SMTP, subscriptionText } from '../../strings/email.ts';
import { subscriptionState } from './relay-tab.tsx';
import type { SmtpTabProps } from './smtp-tab.tsx';

/** The check box of S4, with what the Web Service is worth just now (S3) and when it is used (S5). */
export function FallbackCard({ form, view, toRelay }: SmtpTabProps) {
  const relay = useStatus()?.relay ?? null;
  const now = useNow(60_000);
  const isEnrolled = relay?.enrolled === true;
  const isPossible = view.settings.relay !== null;
  return (
    <Card title={SMTP.fallback}>
      <Checkbox
        label={SMTP.fallbackBox}
        isSelected={form.draft.useWhenSmtpFails}
        onChange={(useWhenSmtpFails) => form.change({ useWhenSmtpFails })}
        isDisabled={!isPossible}
        note={SMTP.fallbackNote}
      />
      {isEnrolled ? (
        <p className="fields-inset">
          <StateMark
            state={subscriptionState(relay.subscription.state)}
            word={`${RELAY.subscription}: ${subscriptionText(relay.subscription, now)}`}
          />
        </p>
      ) : (
        <div className="row fields-inset">
          <span>{SMTP.notEnrolled}</span>
          <Button look="quiet" onPress={toRelay}>
            {SMTP.toRelay}
          </Button>
        </div>
      )}
    </Card>
  );
}
