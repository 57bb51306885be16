import type { SmtpServerSettings } from '../../../shared/contract/settings.ts';

export type OAuthSettings = Extract<SmtpServerSettings['auth'], { method: 'oauth2' }>;

/** A server that logs in by OAuth 2.0. */
export type OAuthServer = SmtpServerSettings & { readonly auth: OAuthSettings };

/** How a person signs in: by a code on any device (RFC 8628), or in the browser of this computer (RFC 8252). */
export type SignInFlow = 'device' | 'browser';

/** A sign-in service as the settings have it. */
export interface Provider {
  /** What people call it. */
  readonly label: string;
  /** Null: not set, and nobody can sign in. */
  readonly clientId: string | null;
  readonly tokenEndpoint: string | null;
  readonly deviceEndpoint: string | null;
  readonly authorizationEndpoint: string | null;
  /** Where a sign-in is withdrawn (RFC 7009); null where there is no such place. */
  readonly revocationEndpoint: string | null;
  readonly scope: string;
  /** What is asked besides when somebody is sent to the authorisation endpoint. */
  readonly extra: Readonly<Record<string, string>>;
  /** The name by which the browser comes back: what is registered with the provider. */
  readonly redirectHost: '127.0.0.1' | 'localhost';
  /** The ways that can be gone, the usual one first. */
  readonly flows: readonly SignInFlow[];
}

interface WellKnown {
  readonly label: string;
  readonly tokenEndpoint: string | null;
  readonly deviceEndpoint: string | null;
  readonly authorizationEndpoint: string | null;
  readonly revocationEndpoint: string | null;
  readonly scope: string;
  readonly extra: Readonly<Record<string, string>>;
  readonly redirectHost: Provider['redirectHost'];
  readonly usualFlow: SignInFlow;
}

/**
 * Microsoft: SMTP.Send is the right to send by SMTP AUTH, offline_access the one to go on doing so; any port of http://localhost
 * stands for all. Google: SMTP takes the scope of the whole mailbox and no less, which its flow for devices does not give;
 * access_type and prompt have it give a refresh token each time.
 */
function wellKnown({ provider, tenant }: OAuthSettings): WellKnown {
  switch (provider) {
    case 'microsoft': {
      const base = `https://login.microsoftonline.com/${encodeURIComponent(tenant ?? 'organizations')}/oauth2/v2.0`;
      return {
        label: 'Microsoft',
        tokenEndpoint: `${base}/token`,
        deviceEndpoint: `${base}/devicecode`,
        authorizationEndpoint: `${base}/authorize`,
        revocationEndpoint: null,
        scope: 'https://outlook.office.com/SMTP.Send offline_access openid profile',
        extra: { prompt: 'select_account' },
        redirectHost: 'localhost',
        usualFlow: 'device',
      };
    }
    case 'google':
      return {
        label: 'Google',
        tokenEndpoint: 'https://oauth2.googleapis.com/token',
        deviceEndpoint: null,
        authorizationEndpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
        revocationEndpoint: 'https://oauth2.googleapis.com/revoke',
        scope: 'https://mail.google.com/ openid email',
        extra: { access_type: 'offline', prompt: 'consent' },
        redirectHost: '127.0.0.1',
        usualFlow: 'browser',
      };
    case 'custom':
      return {
        label: 'the sign-in service',
        tokenEndpoint: null,
        deviceEndpoint: null,
        authorizationEndpoint: null,
        revocationEndpoint: null,
        scope: 'offline_access',
        extra: {},
        redirectHost: '127.0.0.1',
        usualFlow: 'device',
      };
  }
}

/** What stands in the settings goes before what is known of the provider: clouds of some countries have other addresses. */
export function providerOf(auth: OAuthSettings): Provider {
  const known = wellKnown(auth);
  const deviceEndpoint = auth.deviceEndpoint ?? known.deviceEndpoint;
  const authorizationEndpoint = auth.authorizationEndpoint ?? known.authorizationEndpoint;
  const tokenEndpoint = auth.tokenEndpoint ?? known.tokenEndpoint;
  const host = tokenEndpoint === null ? '' : (URL.parse(tokenEndpoint)?.host ?? '');
  const possible: SignInFlow[] = [
    ...(deviceEndpoint === null ? [] : ['device' as const]),
    ...(authorizationEndpoint === null ? [] : ['browser' as const]),
  ];
  return {
    label: auth.provider === 'custom' && host !== '' ? host : known.label,
    clientId: auth.clientId?.trim() === '' ? null : auth.clientId,
    tokenEndpoint,
    deviceEndpoint,
    authorizationEndpoint,
    revocationEndpoint: auth.revocationEndpoint ?? known.revocationEndpoint,
    scope: auth.scope ?? known.scope,
    extra: known.extra,
    redirectHost: known.redirectHost,
    flows: possible.toSorted((one, other) => rank(one, known.usualFlow) - rank(other, known.usualFlow)),
  };
}

function rank(flow: SignInFlow, usual: SignInFlow): number {
  return flow === usual ? 0 : 1;
}

/** What the settings lack for anybody to sign in, as paths below `auth` with what is to be said; empty where nothing is. */
export function missingForSignIn(
  auth: OAuthSettings,
): readonly { readonly key: string; readonly message: string }[] {
  const { clientId, tokenEndpoint, flows } = providerOf(auth);
  const missing: { key: string; message: string }[] = [];
  if (clientId === null)
    missing.push({ key: 'clientId', message: 'is not set; nobody can sign in until it is' });
  if (tokenEndpoint === null)
    missing.push({ key: 'tokenEndpoint', message: 'is not set; nobody can sign in until it is' });
  if (flows.length === 0) {
    const message = 'is not set, nor is authorizationEndpoint; nobody can sign in without one of them';
    missing.push({ key: 'deviceEndpoint', message });
  }
  return missing;
}

/**
 * The names under which the sign-in of a server's account, and the secret of the app, are kept. All of where tokens come from
 * and where they go is in them: who changes one of these in the settings has to sign in again, and takes nothing along.
 */
export function oauthSecretNames(
  { host, port }: Pick<SmtpServerSettings, 'host' | 'port'>,
  auth: OAuthSettings,
): { readonly grant: string; readonly client: string } {
  const { clientId, tokenEndpoint } = providerOf(auth);
  const place = `${host.toLowerCase()}:${port} ${auth.user} ${clientId ?? '-'} ${tokenEndpoint ?? '-'}`;
  return { grant: `oauth ${place}`, client: `oauth-client ${place}` };
}

/** Whether a name of the secret store is one of these. */
export function isOAuthSecret(name: string): boolean {
  return /^oauth(-client)? /.test(name);
}
