import type { Handlers } from '../../../shared/contract/ipc.ts';
import type { OAuth } from '../oauth/oauth.ts';
import type { OAuthServer } from '../oauth/provider.ts';
import { faultsText, parseServer } from '../settings/parse-part.ts';

export type OAuthHandlers = Pick<
  Handlers,
  'oauth.start' | 'oauth.get' | 'oauth.finish' | 'oauth.cancel' | 'oauth.status' | 'oauth.signOut'
>;

export function oauthHandlers({ oauth }: { readonly oauth: OAuth }): OAuthHandlers {
  return {
    async 'oauth.start'({ server: given, flow }) {
      const read = readServer(given);
      return 'sentence' in read
        ? { outcome: 'refused', sentence: read.sentence }
        : oauth.start(read.server, flow);
    },
    'oauth.get': ({ id }) => oauth.get(id),
    'oauth.finish': ({ id, address }) => ({ sentence: oauth.finish(id, address) }),
    'oauth.cancel': ({ id }) => ({ found: oauth.cancel(id) }),
    'oauth.status'({ server: given }) {
      const read = readServer(given);
      return 'sentence' in read ? null : oauth.status(read.server);
    },
    async 'oauth.signOut'({ server: given }) {
      const read = readServer(given);
      return 'sentence' in read ? { signedOut: false, sentence: read.sentence } : oauth.signOut(read.server);
    },
  };
}

function readServer(given: unknown): { readonly server: OAuthServer } | { readonly sentence: string } {
  const parsed = parseServer(given);
  if (!parsed.ok) return { sentence: `The server is not complete: ${faultsText(parsed.faults)}.` };
  const { auth } = parsed.part;
  if (auth.method !== 'oauth2')
    return { sentence: `${parsed.part.host} does not log in by OAuth 2.0, so there is nobody to sign in.` };
  return { server: { ...parsed.part, auth } };
}
