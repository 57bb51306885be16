import { useState } from 'react';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { TagInput } from '../../components/tag-input.tsx';
import { TestResult } from '../../components/test-result.tsx';
import { TestStages } from '../../components/test-stages.tsx';
import { useMailTest } from '../../hooks/use-mail-test.ts';
import { faultWithin } from '../../model/fault-text.ts';
import { runningText, trustedText } from '../../strings/mail-test.ts';
import { PROFILE } from '../../strings/email.ts';
import { WELCOME } from '../../strings/welcome.ts';
import { serverLabelOf, serverOf } from '../email/server-draft.ts';
import type { StepProps } from './server-step.tsx';
import { welcomeFrom } from './welcome-draft.ts';

/** Step 2: whom to mail, and a test that shows whether mail gets out. */
export function PeopleStep({ draft, change, faults }: StepProps) {
  const test = useMailTest();
  const [sentTo, setSentTo] = useState('');
  /** A certificate was just entered as the one to trust. */
  const [isTrusted, setTrusted] = useState(false);
  const [wasAsked, setAsked] = useState(false);
  const [to] = draft.people;
  const own = draft.where === 'server';
  const send = () => {
    setAsked(true);
    setTrusted(false);
    if (to === undefined) return;
    setSentTo(to);
    const form = own ? { server: serverOf(draft.server), from: welcomeFrom(draft) } : {};
    void test.run({ to, via: 'smtp', ...form });
  };
  const trust = (certificateSha256: string) => {
    change({ server: { ...draft.server, certificateSha256 } });
    test.reset();
    setTrusted(true);
  };
  const wasRun = test.report !== null || test.failure !== null;
  return (
    <>
      <TagInput
        label={WELCOME.people}
        values={draft.people}
        onChange={(people) => change({ people })}
        placeholder={PROFILE.example}
        note={WELCOME.peopleNote}
        fault={
          faultWithin(faults, 'profile.emails') ?? (wasAsked && to === undefined ? WELCOME.nobody : null)
        }
      />
      <Card title={WELCOME.testTitle}>
        {test.report !== null && (
          <TestResult to={sentTo} report={test.report} onTrust={own ? trust : undefined} />
        )}
        {isTrusted && (
          <Banner state="unknown" isUrgent>
            {trustedText(serverLabelOf(draft.server))}
          </Banner>
        )}
        {test.failure !== null && (
          <Banner state="critical" isUrgent>
            {test.failure}
          </Banner>
        )}
        <div className="row">
          <Button onPress={send} isPending={test.isRunning}>
            {wasRun ? WELCOME.testAgain : WELCOME.testSend}
          </Button>
          <span className="muted">{WELCOME.testWhy}</span>
        </div>
        {(test.isRunning || test.stages.length > 0) && (
          <TestStages
            stages={test.stages}
            running={test.isRunning ? runningText(test.stages, own ? draft.server.security : 'none') : null}
            isBrief
          />
        )}
      </Card>
    </>
  );
}
