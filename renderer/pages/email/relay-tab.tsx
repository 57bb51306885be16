import { useState } from 'react';
import type { RelayReply } from '../../../shared/contract/ipc.ts';
import type { SettingsFault } from '../../../shared/contract/settings-rules.ts';
import type { SubscriptionState } from '../../../shared/model/status.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { KeyValue } from '../../components/key-value.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { exactShortTime, TimeAgo } from '../../components/time-ago.tsx';
import { useLoaded } from '../../hooks/use-call.ts';
import { useNow } from '../../hooks/use-now.ts';
import { useStatus } from '../../hooks/use-status.tsx';
import { faultWithin } from '../../model/fault-text.ts';
import type { State } from '../../model/state.ts';
import { clockText, RELAY, subscriptionText } from '../../strings/email.ts';
import { EnrolForm } from './enrol-form.tsx';

/** The Web Service: what it is for, with its risk and its benefit (W3, W9), the enrolment, and the way to enrol. */
export function RelayTab({ faults }: { readonly faults: readonly SettingsFault[] }) {
  const status = useStatus();
  const [enrolments, setEnrolments] = useState(0);
  const [isAsked, setAsked] = useState(false);
  // What the agent has learnt of the service meanwhile comes with its status.
  const heard = JSON.stringify([status?.relay, enrolments]);
  const relay = useLoaded('relay.get', {}, heard);
  const isEnrolled = relay.value?.enrolled === true;
  const fault = faultWithin(faults, 'relay');
  return (
    <div className="groups">
      <Card title={RELAY.what}>
        <p>{RELAY.lastResort}</p>
        <p>{RELAY.benefit}</p>
        <p>{RELAY.risk}</p>
        <p className="muted">{RELAY.independent}</p>
      </Card>
      {fault !== null && <Banner state="critical">{fault}</Banner>}
      {relay.state === 'failed' && <Banner state="critical">{relay.sentence}</Banner>}
      {relay.value !== null && isEnrolled && (
        <Card
          title={RELAY.state}
          aside={!isAsked && <Button onPress={() => setAsked(true)}>{RELAY.enrolAgain}</Button>}
        >
          <Enrolment relay={relay.value} offsetMs={status?.relay?.clockOffsetMs ?? null} />
        </Card>
      )}
      {relay.value !== null && (!isEnrolled || isAsked) && (
        <EnrolForm
          isAgain={isEnrolled}
          firstUrl={relay.value.url ?? ''}
          onEnrolled={() => {
            setAsked(false);
            setEnrolments(enrolments + 1);
          }}
          {...(isAsked ? { onCancel: () => setAsked(false) } : {})}
        />
      )}
    </div>
  );
}

function Enrolment({ relay, offsetMs }: { readonly relay: RelayReply; readonly offsetMs: number | null }) {
  const now = useNow(60_000);
  const { subscription } = relay;
  const isOff = offsetMs !== null && Math.abs(offsetMs) > 300_000;
  return (
    <KeyValue
      rows={[
        { key: RELAY.service, value: relay.url ?? '' },
        { key: RELAY.from, value: relay.from ?? '' },
        ...(relay.replyTo === null ? [] : [{ key: RELAY.replyTo, value: relay.replyTo }]),
        {
          key: RELAY.subscription,
          value: (
            <>
              <StateMark
                state={subscriptionState(subscription.state)}
                word={subscriptionText(subscription, now)}
              />
              {subscription.expiresAt !== null && (
                <span className="muted"> (until {exactShortTime(subscription.expiresAt)})</span>
              )}
            </>
          ),
        },
        {
          key: RELAY.clock,
          value: isOff ? <StateMark state="critical" word={clockText(offsetMs)} /> : clockText(offsetMs),
        },
        {
          key: RELAY.asked,
          value: relay.checkedAt === null ? RELAY.never : <TimeAgo at={relay.checkedAt} />,
        },
      ]}
    />
  );
}

export function subscriptionState(state: SubscriptionState): State {
  switch (state) {
    case 'valid':
      return 'ok';
    case 'ends-soon':
      return 'warning';
    case 'expired':
      return 'critical';
    case 'unknown':
      return 'unknown';
  }
}
