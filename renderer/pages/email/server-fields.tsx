import type { ReplyOf } from '../../../shared/contract/ipc.ts';
import type { SettingsFault } from '../../../shared/contract/settings-rules.ts';
import { Banner } from '../../components/banner.tsx';
import { Checkbox } from '../../components/choices.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { faultAt } from '../../model/fault-text.ts';
import { SMTP } from '../../strings/email.ts';
import { OAUTH } from '../../strings/sign-in.ts';
import { type ServerDraft, withPreset, withSecurity } from './server-draft.ts';
import { OAuthFields } from './oauth-fields.tsx';
import { ResolveWarning } from './resolve-warning.tsx';

export interface ServerFieldsProps {
  readonly server: ServerDraft;
  readonly onChange: (server: ServerDraft) => void;
  readonly presets: ReplyOf<'mail.presets'>;
  /** Whether a password is stored for it as it stands. */
  readonly isStored: boolean;
  /** Its place in the settings, to find its faults: `smtp.servers[0]`. */
  readonly path: string;
  readonly faults: readonly SettingsFault[];
  readonly warnings: readonly SettingsFault[];
  /** Leaves out what hardly anybody needs. */
  readonly isShort?: boolean;
}

const OTHER = 'other';
export const PLAIN_NUMBER: Intl.NumberFormatOptions = { useGrouping: false, maximumFractionDigits: 0 };

/** One mail server: where it is, how the connection is secured, who logs in. */
export function ServerFields(props: ServerFieldsProps) {
  const { server, onChange, presets, path, faults, warnings } = props;
  const preset = presets.find(({ host }) => host === server.host.trim().toLowerCase());
  const change = (changed: Partial<ServerDraft>) => onChange({ ...server, ...changed });
  return (
    <>
      <div className="fields">
        <Select
          label={SMTP.preset}
          value={preset?.name ?? OTHER}
          onChange={(name) => {
            const chosen = presets.find((one) => one.name === name);
            if (chosen === undefined) {
              if (preset !== undefined) change({ host: '' });
              return;
            }
            onChange(withPreset(server, chosen));
          }}
          options={[
            { value: OTHER, label: SMTP.otherServer },
            ...presets.map(({ name }) => ({ value: name, label: name })),
          ]}
        />
        <TextField
          label={SMTP.host}
          value={server.host}
          onChange={(host) => change({ host })}
          placeholder={SMTP.hostExample}
          fault={faultAt(faults, `${path}.host`)}
        />
        <Select
          label={SMTP.security}
          value={server.security}
          onChange={(security) => onChange(withSecurity(server, security))}
          options={SMTP.securities}
        />
        <NumberField
          label={SMTP.port}
          value={server.port}
          onChange={(port) => change({ port })}
          minValue={1}
          maxValue={65_535}
          formatOptions={PLAIN_NUMBER}
          fault={faultAt(faults, `${path}.port`)}
        />
      </div>
      {preset !== undefined && preset.note !== null && (
        <p className="small muted fields-note">{preset.note}</p>
      )}
      <ResolveWarning host={server.host} />
      <Login {...props} change={change} />
      {props.isShort !== true && (
        <div className="fields">
          <TextField
            label={SMTP.caFile}
            value={server.caFile}
            onChange={(caFile) => change({ caFile })}
            placeholder="/etc/ssl/contoso-ca.pem"
            note={SMTP.caNote}
            isDisabled={server.security === 'none'}
            fault={faultAt(faults, `${path}.caFile`) ?? faultAt(warnings, `${path}.caFile`)}
          />
          <TextField
            label={SMTP.certificate}
            value={server.certificateSha256}
            onChange={(certificateSha256) => change({ certificateSha256 })}
            placeholder={SMTP.certificateExample}
            note={SMTP.certificateNote}
            isDisabled={server.security === 'none'}
            fault={
              faultAt(faults, `${path}.certificateSha256`) ?? faultAt(warnings, `${path}.certificateSha256`)
            }
          />
        </div>
      )}
    </>
  );
}

export interface LoginProps extends ServerFieldsProps {
  readonly change: (changed: Partial<ServerDraft>) => void;
}

function Login(props: LoginProps) {
  const { server, change, path, faults, warnings, isStored } = props;
  const isOn = server.login !== 'none';
  return (
    <>
      <Checkbox
        label={SMTP.authentication}
        isSelected={isOn}
        onChange={(selected) => change({ login: selected ? 'password' : 'none' })}
      />
      {isOn && (
        <div className="fields fields-inset">
          <Select
            label={OAUTH.login}
            value={server.login}
            onChange={(login) => change({ login })}
            options={OAUTH.logins}
          />
        </div>
      )}
      {server.login === 'oauth2' && <OAuthFields {...props} />}
      {server.login === 'password' && (
        <div className="fields fields-inset">
          <TextField
            label={SMTP.user}
            value={server.user}
            onChange={(user) => change({ user })}
            fault={faultAt(faults, `${path}.auth.user`)}
          />
          <PasswordField
            label={SMTP.password}
            value={server.password}
            onChange={(password) => change({ password })}
            isStored={isStored}
            fault={faultAt(faults, `${path}.auth.password`) ?? faultAt(warnings, `${path}.auth.password`)}
          />
        </div>
      )}
      {server.login === 'password' && server.security === 'none' && (
        <Banner state="warning">{SMTP.unencrypted}</Banner>
      )}
    </>
  );
}
