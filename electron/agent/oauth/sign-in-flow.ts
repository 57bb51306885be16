import type { Provider } from './provider.ts';
import type { EndpointAnswer, EndpointParts, Tokens } from './token-endpoint.ts';
import { tokensOf } from './token-endpoint.ts';
import { appRefused } from './words.ts';

/** What it takes to sign somebody in. */
export interface FlowOptions {
  readonly provider: Provider;
  /** The account that is wanted. */
  readonly user: string;
  readonly clientSecret: string | null;
  readonly endpoint: EndpointParts;
}

/** What a person is shown. */
export interface Prompt {
  /** Where to go. */
  readonly url: string;
  /** What to enter there; null where the address holds all of it. */
  readonly code: string | null;
  /** Wall-clock milliseconds. */
  readonly expiresAt: number;
}

export type FlowEnd =
  | { readonly kind: 'tokens'; readonly tokens: Tokens & { refresh_token: string } }
  | { readonly kind: 'failed'; readonly sentence: string };

/** A sign-in that waits for somebody. */
export interface Flow {
  readonly prompt: Prompt;
  /** Never rejects. */
  readonly ended: Promise<FlowEnd>;
  /** Takes the address that a browser elsewhere was sent to; gives what is wrong with it, or null. */
  finish(address: string): string | null;
  /** Ends it as failed, with this sentence. */
  cancel(sentence: string): void;
}

export type FlowStart =
  | { readonly ok: true; readonly flow: Flow }
  | { readonly ok: false; readonly sentence: string };

/** Who the app is (RFC 6749 2.3.1): the secret goes along where there is one. */
export function clientForm({ provider, clientSecret }: FlowOptions): Record<string, string> {
  return {
    client_id: provider.clientId ?? '',
    ...(clientSecret === null ? {} : { client_secret: clientSecret }),
  };
}

/** What a refusal means that is no matter of waiting. */
export function refusalSentence(label: string, error: string, description: string | null): string {
  const said = description === null ? error : `${error}: ${description.replace(/[.\s]+$/, '')}`;
  switch (error) {
    case 'access_denied':
    case 'authorization_declined':
      return `The sign-in with ${label} was declined (${said}). Start it again to allow it.`;
    case 'expired_token':
      return tooLate(label);
    case 'invalid_grant':
      return `The sign-in with ${label} did not come to an end (${said}). Start it again.`;
    default:
      return `${appRefused(label)} (${said}). Check client id, client secret, tenant and scope.`;
  }
}

export function tooLate(label: string): string {
  return `Nobody signed in with ${label} in time. Start the sign-in again.`;
}

export function notReached(label: string, why: string): string {
  return `The sign-in service of ${label} cannot be reached (${why}). Check the network and its address, and try again.`;
}

/** What the token endpoint's answer to a completed sign-in comes to. */
export function endOf(answer: EndpointAnswer, label: string): FlowEnd {
  switch (answer.kind) {
    case 'unreachable':
      return { kind: 'failed', sentence: notReached(label, answer.why) };
    case 'refused':
      return { kind: 'failed', sentence: refusalSentence(label, answer.error, answer.description) };
    case 'answered': {
      const tokens = tokensOf(answer.body);
      if (tokens === null)
        return { kind: 'failed', sentence: notReached(label, 'it gave no access token that can be used') };
      const { refresh_token: refreshToken } = tokens;
      if (refreshToken === undefined) {
        const sentence = `The sign-in with ${label} brought nothing to renew it by. Add the right for offline access to the scope (such as offline_access), and sign in again.`;
        return { kind: 'failed', sentence };
      }
      return { kind: 'tokens', tokens: { ...tokens, refresh_token: refreshToken } };
    }
  }
}
