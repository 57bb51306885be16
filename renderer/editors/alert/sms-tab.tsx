import { smsGatewayWarning } from '../../../shared/sms-gateways.ts';
import { Banner } from '../../components/banner.tsx';
import { TagInput } from '../../components/tag-input.tsx';
import { faultWithin } from '../../model/entry-faults.ts';
import { ALERTS } from '../../strings/alerts.ts';
import type { AlertTabProps } from './general-tab.tsx';

/** Addresses of SMS gateways, with a warning for those that have ended. */
export function SmsTab({ draft, change, faults }: AlertTabProps) {
  const warned = draft.sms.flatMap((address) => {
    const warning = smsGatewayWarning(address);
    return warning === null ? [] : [{ address, warning }];
  });
  return (
    <div className="groups entry-fields">
      <TagInput
        label={ALERTS.smsLabel}
        note={ALERTS.smsNote}
        values={draft.sms}
        onChange={(sms) => change({ sms })}
        placeholder="5551234567@sms.example"
        fault={faultWithin(faults, 'sms')}
      />
      {warned.length > 0 && (
        <div className="sms-warnings">
          {warned.map(({ address, warning }) => (
            <Banner key={address} state="warning">
              {address} {warning}.
            </Banner>
          ))}
        </div>
      )}
      {draft.emailProperties.smtpOverride && <p className="muted">{ALERTS.smsOverride}</p>}
    </div>
  );
}
