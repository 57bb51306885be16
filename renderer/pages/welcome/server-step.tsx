import type { Settings } from '../../../shared/contract/settings.ts';
import type { SettingsFault } from '../../../shared/contract/settings-rules.ts';
import { Card } from '../../components/card.tsx';
import { RadioGroup, type RadioOption } from '../../components/choices.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useLoaded } from '../../hooks/use-call.ts';
import { faultAt } from '../../model/fault-text.ts';
import { SMTP } from '../../strings/email.ts';
import { WELCOME } from '../../strings/welcome.ts';
import { serverLabelOf } from '../email/server-draft.ts';
import { ServerFields } from '../email/server-fields.tsx';
import type { WelcomeDraft } from './welcome-draft.ts';

export interface StepProps {
  readonly draft: WelcomeDraft;
  readonly change: (changed: Partial<WelcomeDraft>) => void;
  readonly faults: readonly SettingsFault[];
}

/** Step 1: what this computer is called, and which server takes its mail. */
export function ServerStep({ draft, change, settings, faults }: StepProps & { readonly settings: Settings }) {
  const presets = useLoaded('mail.presets', {}).value ?? [];
  const { servers } = settings.smtp;
  const ways: readonly RadioOption<WelcomeDraft['where']>[] = [
    ...(servers.length > 0
      ? [{ value: 'keep' as const, label: WELCOME.keep, note: servers.map(serverLabelOf).join(', ') }]
      : []),
    { value: 'server', label: WELCOME.server, note: WELCOME.serverNote },
    ...(servers.length === 0
      ? [{ value: 'practice' as const, label: WELCOME.practice, note: WELCOME.practiceNote }]
      : []),
  ];
  return (
    <>
      <div className="fields">
        <TextField
          label={WELCOME.name}
          value={draft.name}
          onChange={(name) => change({ name })}
          note={WELCOME.nameNote}
          fault={faultAt(faults, 'installation.name')}
        />
        <TextField
          label={WELCOME.organisation}
          value={draft.organisation}
          onChange={(organisation) => change({ organisation })}
          fault={faultAt(faults, 'installation.organisation')}
        />
      </div>
      <RadioGroup
        label={WELCOME.where}
        value={draft.where}
        onChange={(where) => change({ where })}
        options={ways}
      />
      {draft.where === 'server' && (
        <Card title={SMTP.first}>
          <ServerFields
            server={draft.server}
            onChange={(server) => change({ server })}
            presets={presets}
            isStored={false}
            path="smtp.servers[0]"
            faults={faults}
            warnings={faults}
            isShort
          />
          <div className="fields">
            <TextField
              label={WELCOME.from}
              type="email"
              value={draft.fromAddress}
              onChange={(fromAddress) => change({ fromAddress })}
              placeholder={SMTP.fromAddressExample}
              note={SMTP.fromNote}
              fault={faultAt(faults, 'smtp.from.address')}
            />
          </div>
        </Card>
      )}
    </>
  );
}
