import { useState } from 'react';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Checkbox, RadioGroup } from '../../components/choices.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { KeyValue } from '../../components/key-value.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { TimeAgo } from '../../components/time-ago.tsx';
import type { MailboxStatus } from '../../../shared/model/status.ts';
import { useStatus } from '../../hooks/use-status.tsx';
import { faultAt } from '../../model/fault-text.ts';
import { MAILBOX, SMTP } from '../../strings/email.ts';
import { MAIL_TEST } from '../../strings/mail-test.ts';
import { hasStoredMailboxPassword, mailboxOf, type MailboxDraft, withMailbox } from './mailbox-draft.ts';
import { MailboxTestDialog } from './mailbox-test-dialog.tsx';
import { PLAIN_NUMBER } from './server-fields.tsx';
import type { TabProps } from './smtp-tab.tsx';

/** The mailbox for bounces and for proof of arrival (B2). */
export function MailboxTab({ form, view }: TabProps) {
  const { mailbox } = form.draft;
  const { faults } = form;
  const status = useStatus()?.mailbox ?? null;
  const [isTesting, setTesting] = useState(false);
  const change = (changed: Partial<MailboxDraft>) => form.change({ mailbox: { ...mailbox, ...changed } });
  const isStored = view.secrets.mailbox && hasStoredMailboxPassword(mailbox, view.settings.mailbox);
  return (
    <div className="groups">
      {status !== null && <Reading status={status} />}
      <Card
        title={MAILBOX.title}
        aside={
          mailbox.isOn ? <Button onPress={() => setTesting(true)}>{MAIL_TEST.mailboxTest}</Button> : undefined
        }
      >
        <p className="muted fields-note">{MAILBOX.what}</p>
        <Checkbox label={MAILBOX.isOn} isSelected={mailbox.isOn} onChange={(isOn) => change({ isOn })} />
        {mailbox.isOn && (
          <>
            <RadioGroup
              label={MAILBOX.protocol}
              orientation="horizontal"
              value={mailbox.protocol}
              onChange={(protocol) => form.change({ mailbox: withMailbox(mailbox, { protocol }) })}
              options={MAILBOX.protocols}
            />
            <div className="fields">
              <TextField
                label={SMTP.host}
                value={mailbox.host}
                onChange={(host) => change({ host })}
                placeholder={SMTP.hostExample}
                fault={faultAt(faults, 'mailbox.host')}
              />
              <Select
                label={SMTP.security}
                value={mailbox.security}
                onChange={(security) => form.change({ mailbox: withMailbox(mailbox, { security }) })}
                options={SMTP.securities}
              />
              <NumberField
                label={SMTP.port}
                value={mailbox.port}
                onChange={(port) => change({ port })}
                minValue={1}
                maxValue={65_535}
                formatOptions={PLAIN_NUMBER}
                fault={faultAt(faults, 'mailbox.port')}
              />
            </div>
            <div className="fields">
              <TextField
                label={SMTP.user}
                value={mailbox.user}
                onChange={(user) => change({ user })}
                fault={faultAt(faults, 'mailbox.user')}
              />
              <PasswordField
                label={SMTP.password}
                value={mailbox.password}
                onChange={(password) => change({ password })}
                isStored={isStored}
                fault={faultAt(faults, 'mailbox.password')}
              />
            </div>
            {mailbox.security === 'none' && <Banner state="warning">{MAILBOX.unencrypted}</Banner>}
            <div className="fields">
              <TextField
                label={MAILBOX.address}
                type="email"
                value={mailbox.address}
                onChange={(address) => change({ address })}
                placeholder={form.draft.fromAddress}
                note={MAILBOX.addressNote}
                fault={faultAt(faults, 'mailbox.address')}
              />
            </div>
            <NumberField
              label={MAILBOX.every}
              value={mailbox.checkEveryMinutes}
              onChange={(checkEveryMinutes) => change({ checkEveryMinutes })}
              minValue={1}
              maxValue={1440}
              unit="min"
              formatOptions={PLAIN_NUMBER}
              fault={faultAt(faults, 'mailbox.checkEveryMinutes')}
            />
            <NumberField
              label={MAILBOX.roundTrip}
              value={mailbox.roundTripHours}
              onChange={(roundTripHours) => change({ roundTripHours })}
              minValue={0}
              maxValue={168}
              unit="h"
              note={MAILBOX.roundTripNote}
              formatOptions={PLAIN_NUMBER}
              fault={faultAt(faults, 'mailbox.roundTripHours')}
            />
          </>
        )}
      </Card>
      {isTesting && <MailboxTestDialog mailbox={mailboxOf(mailbox)} onClose={() => setTesting(false)} />}
    </div>
  );
}

/** How reading it fares, and what the last mail to it has shown. */
function Reading({ status }: { readonly status: MailboxStatus }) {
  const { checkedAt, proof, detail } = status;
  const states = {
    unused: { state: 'unknown', word: MAILBOX.notRead },
    ok: { state: 'ok', word: MAILBOX.read },
    failed: { state: 'critical', word: MAILBOX.failed },
  } as const;
  const proofs = {
    'on-its-way': { state: 'unknown', word: MAILBOX.onItsWay },
    arrived: { state: 'ok', word: MAILBOX.arrived },
    lost: { state: 'critical', word: MAILBOX.lost },
  } as const;
  return (
    <Card title={MAILBOX.state}>
      <KeyValue
        rows={[
          {
            key: `${status.server.host}:${status.server.port}`,
            value: (
              <>
                <StateMark {...states[status.state]} /> {checkedAt !== null && <TimeAgo at={checkedAt} />}
                {detail !== null && <p>{detail}</p>}
              </>
            ),
          },
          {
            key: MAILBOX.proof,
            value:
              proof === null ? (
                MAILBOX.noProof
              ) : (
                <>
                  <StateMark {...proofs[proof.state]} /> <TimeAgo at={proof.arrivedAt ?? proof.sentAt} />
                </>
              ),
          },
        ]}
      />
    </Card>
  );
}
