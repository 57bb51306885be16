import type { SignIn, SignInStatus } from '../../shared/contract/ipc.ts';

/** Logging in to a mail server by OAuth 2.0: the fields, how the sign-in stands, and its dialog. */
export const OAUTH = {
  login: 'Login',
  logins: [
    { value: 'password', label: 'User name and password' },
    { value: 'oauth2', label: 'OAuth 2.0 (sign in)' },
  ],
  account: 'Account',
  accountNote: 'The mailbox that mail is sent from, such as alerts@contoso.example.',
  service: 'Sign-in service',
  services: [
    { value: 'microsoft', label: 'Microsoft' },
    { value: 'google', label: 'Google' },
    { value: 'custom', label: 'Another one' },
  ],
  clientId: 'Client ID',
  clientIdNote: 'Of the app that your IT provider has registered with the service.',
  clientSecret: 'Client secret',
  tenant: 'Tenant',
  tenantNote: 'Directory ID or domain. Left empty: any organisation.',
  tenantExample: 'contoso.example',
  tokenEndpoint: 'Token endpoint',
  deviceEndpoint: 'Device endpoint',
  authorizationEndpoint: 'Authorisation endpoint',
  revocationEndpoint: 'Revocation endpoint',
  eitherNote: 'This one, the authorisation endpoint, or both.',
  scope: 'Scope',
  scopeNote: 'Left empty: offline_access.',
  endpointExample: 'https://login.contoso.example/token',
  unencrypted: 'Access tokens are sent unencrypted. Choose STARTTLS or TLS.',
  signIn: 'Sign in…',
  signInAgain: 'Sign in again…',
  signOut: 'Sign out',
  title: 'Sign in',
  starting: 'Asking the sign-in service…',
  open: 'Open this page on any computer or phone:',
  openHere: 'Open this page in a browser of this computer, and sign in there:',
  link: 'Link',
  openButton: 'Open the page',
  enter: 'Enter this code there, and sign in:',
  copyLink: 'Copy link',
  copyCode: 'Copy code',
  copied: 'Copied',
  elsewhere: 'The browser is on another computer',
  elsewhereNote:
    'It then ends at an address that does not open, beginning with http://127.0.0.1 or http://localhost. Paste that address here.',
  pasted: 'Address',
  take: 'Use this address',
  byBrowser: 'Sign in in the browser instead',
  byCode: 'Sign in by a code instead',
  again: 'Try again',
  cancel: 'Cancel',
  close: 'Close',
} as const;

export function dialogLead({ user, provider }: Pick<SignIn, 'user' | 'provider'>): string {
  return `Sign in with ${provider} as ${user}. Tocsin keeps no password, only the right to send mail with this account, which can be withdrawn at any time.`;
}

export function waitingText(minutes: number): string {
  return `Waiting for the sign-in, for ${minutes} more ${minutes === 1 ? 'minute' : 'minutes'}…`;
}

/** Who is signed in, in a few words. */
export function signedInText({ account, provider }: Pick<SignInStatus, 'account' | 'provider'>): string {
  return account === null ? `Signed in with ${provider}` : `Signed in as ${account}`;
}

export function stateWord(state: SignInStatus['state']): string {
  switch (state) {
    case 'signed-in':
      return 'Signed in';
    case 'signed-out':
      return 'Not signed in';
    case 'ended':
      return 'The sign-in has ended';
    case 'not-set-up':
      return 'Not set up yet';
  }
}
