import type { SmtpServerSettings } from '../../../shared/contract/settings.ts';
import { textOrNull } from './text-or-null.ts';

export type OAuthSettings = Extract<SmtpServerSettings['auth'], { method: 'oauth2' }>;

/** Logging in by OAuth 2.0 as it stands in the form. */
export interface OAuthDraft {
  readonly provider: OAuthSettings['provider'];
  readonly clientId: string;
  /** As newly typed; empty keeps the stored one. */
  readonly clientSecret: string;
  readonly tenant: string;
  readonly tokenEndpoint: string;
  readonly deviceEndpoint: string;
  readonly authorizationEndpoint: string;
  readonly revocationEndpoint: string;
  readonly scope: string;
}

export function oauthDraftOf(auth: OAuthSettings | null, provider: OAuthSettings['provider']): OAuthDraft {
  return {
    provider: auth?.provider ?? provider,
    clientId: auth?.clientId ?? '',
    clientSecret: '',
    tenant: auth?.tenant ?? '',
    tokenEndpoint: auth?.tokenEndpoint ?? '',
    deviceEndpoint: auth?.deviceEndpoint ?? '',
    authorizationEndpoint: auth?.authorizationEndpoint ?? '',
    revocationEndpoint: auth?.revocationEndpoint ?? '',
    scope: auth?.scope ?? '',
  };
}

export function oauthOf({ provider, clientSecret, ...texts }: OAuthDraft) {
  return {
    provider,
    clientId: textOrNull(texts.clientId),
    ...(clientSecret === '' ? {} : { clientSecret }),
    tenant: textOrNull(texts.tenant),
    tokenEndpoint: textOrNull(texts.tokenEndpoint),
    deviceEndpoint: textOrNull(texts.deviceEndpoint),
    authorizationEndpoint: textOrNull(texts.authorizationEndpoint),
    revocationEndpoint: textOrNull(texts.revocationEndpoint),
    scope: textOrNull(texts.scope),
  };
}

/** Whose accounts log in to a mail server. */
export function providerOfHost(host: string): OAuthSettings['provider'] {
  const name = host.trim().toLowerCase();
  if (/(^|\.)(gmail|googlemail|google)\.com$/.test(name)) return 'google';
  return /(^|\.)(office365|outlook|office)\.(com|us)$/.test(name) ? 'microsoft' : 'custom';
}

type App = Pick<OAuthSettings, 'provider' | 'clientId' | 'tenant' | 'tokenEndpoint'>;

export function isSameApp(one: App, other: App): boolean {
  return (
    one.provider === other.provider &&
    one.clientId === other.clientId &&
    one.tenant === other.tenant &&
    one.tokenEndpoint === other.tokenEndpoint
  );
}
