import { Banner } from '../../components/banner.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { faultAt } from '../../model/fault-text.ts';
import { OAUTH } from '../../strings/sign-in.ts';
import { type OAuthDraft } from './oauth-draft.ts';
import { serverOf } from './server-draft.ts';
import type { LoginProps } from './server-fields.tsx';
import { SignInBox } from './sign-in-box.tsx';

const ENDPOINTS = [
  'tokenEndpoint',
  'deviceEndpoint',
  'authorizationEndpoint',
  'revocationEndpoint',
] as const satisfies readonly (keyof OAuthDraft)[];

/** Logging in by OAuth 2.0: the account, the app, and how the sign-in stands. */
export function OAuthFields({ server, change, path, faults, warnings, isStored }: LoginProps) {
  const { oauth } = server;
  const changeOAuth = (changed: Partial<OAuthDraft>) => change({ oauth: { ...oauth, ...changed } });
  const fault = (key: string) =>
    faultAt(faults, `${path}.auth.${key}`) ?? faultAt(warnings, `${path}.auth.${key}`);
  return (
    <>
      <div className="fields fields-inset">
        <Select
          label={OAUTH.service}
          value={oauth.provider}
          onChange={(provider) => changeOAuth({ provider })}
          options={OAUTH.services}
        />
        <TextField
          label={OAUTH.account}
          type="email"
          value={server.user}
          onChange={(user) => change({ user })}
          note={OAUTH.accountNote}
          fault={faultAt(faults, `${path}.auth.user`)}
        />
        <TextField
          label={OAUTH.clientId}
          value={oauth.clientId}
          onChange={(clientId) => changeOAuth({ clientId })}
          note={OAUTH.clientIdNote}
          fault={fault('clientId')}
        />
        {oauth.provider === 'microsoft' && (
          <TextField
            label={OAUTH.tenant}
            value={oauth.tenant}
            onChange={(tenant) => changeOAuth({ tenant })}
            placeholder={OAUTH.tenantExample}
            note={OAUTH.tenantNote}
            fault={fault('tenant')}
          />
        )}
        {(oauth.provider !== 'microsoft' || isStored || oauth.clientSecret !== '') && (
          <PasswordField
            label={OAUTH.clientSecret}
            value={oauth.clientSecret}
            onChange={(clientSecret) => changeOAuth({ clientSecret })}
            isStored={isStored}
            fault={fault('clientSecret')}
          />
        )}
      </div>
      {oauth.provider === 'custom' && (
        <div className="fields fields-inset">
          {ENDPOINTS.map((key) => (
            <TextField
              key={key}
              label={OAUTH[key]}
              type="url"
              value={oauth[key]}
              onChange={(value) => changeOAuth({ [key]: value })}
              placeholder={key === 'tokenEndpoint' ? OAUTH.endpointExample : ''}
              note={key === 'deviceEndpoint' ? OAUTH.eitherNote : undefined}
              fault={fault(key)}
            />
          ))}
          <TextField
            label={OAUTH.scope}
            value={oauth.scope}
            onChange={(scope) => changeOAuth({ scope })}
            note={OAUTH.scopeNote}
            fault={fault('scope')}
          />
        </div>
      )}
      <SignInBox server={serverOf(server)} />
      {server.security === 'none' && <Banner state="warning">{OAUTH.unencrypted}</Banner>}
    </>
  );
}
