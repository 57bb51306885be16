import { smsGatewayWarning } from '../../../shared/sms-gateways.ts';
import { Banner } from '../../components/banner.tsx';
import { Card } from '../../components/card.tsx';
import { TagInput } from '../../components/tag-input.tsx';
import { faultWithin } from '../../model/fault-text.ts';
import { PROFILE } from '../../strings/email.ts';
import type { EmailForm } from './use-email-form.ts';

/** Whom Tocsin tells about itself. */
export function ProfileTab({ form }: { readonly form: EmailForm }) {
  const { draft, change, faults } = form;
  const ended = draft.sms.flatMap((address) => {
    const warning = smsGatewayWarning(address);
    return warning === null ? [] : [{ address, warning }];
  });
  return (
    <Card title={PROFILE.title}>
      <p className="muted fields-note">{PROFILE.what}</p>
      {draft.emails.length === 0 && <Banner state="warning">{PROFILE.empty}</Banner>}
      <TagInput
        label={PROFILE.emails}
        values={draft.emails}
        onChange={(emails) => change({ emails })}
        placeholder={PROFILE.example}
        note={PROFILE.emailsNote}
        fault={faultWithin(faults, 'profile.emails')}
      />
      <TagInput
        label={PROFILE.sms}
        values={draft.sms}
        onChange={(sms) => change({ sms })}
        placeholder="5551234567@sms.example"
        note={PROFILE.smsNote}
        fault={faultWithin(faults, 'profile.sms')}
      />
      {ended.map(({ address, warning }) => (
        <Banner key={address} state="warning">
          {address} {warning}.
        </Banner>
      ))}
    </Card>
  );
}
