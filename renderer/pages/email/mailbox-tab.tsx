import { Banner } from '../../components/banner.tsx';
import { Card } from '../../components/card.tsx';
import { Checkbox, RadioGroup } from '../../components/choices.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { faultAt } from '../../model/fault-text.ts';
import { MAILBOX, SMTP } from '../../strings/email.ts';
import { hasStoredMailboxPassword, type MailboxDraft, withMailbox } from './email-draft.ts';
import { PLAIN_NUMBER } from './server-fields.tsx';
import type { TabProps } from './smtp-tab.tsx';

/** The mailbox for bounces and for proof of arrival (B2). */
export function MailboxTab({ form, view }: TabProps) {
  const { mailbox } = form.draft;
  const { faults, warnings } = form;
  const change = (changed: Partial<MailboxDraft>) => form.change({ mailbox: { ...mailbox, ...changed } });
  const isStored = view.secrets.mailbox && hasStoredMailboxPassword(mailbox, view.settings.mailbox);
  return (
    <Card title={MAILBOX.title}>
      <p className="muted fields-note">{MAILBOX.what}</p>
      {warnings.some(({ path }) => path === 'mailbox') && <Banner state="warning">{MAILBOX.notYet}</Banner>}
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
        </>
      )}
    </Card>
  );
}
