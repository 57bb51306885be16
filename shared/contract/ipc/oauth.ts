import { z } from 'zod';
import { id, textOrNull, time, timeOrNull } from './common.ts';
import { schemaFor } from './schema-for.ts';

/** A sign-in by OAuth 2.0 that was begun: what somebody has to do, and what came of it. */
export interface SignIn {
  readonly id: string;
  /** The mail server that it is for, as `host:port`, and who is to sign in. */
  readonly server: string;
  readonly user: string;
  /** What people call the sign-in service. */
  readonly provider: string;
  /** `device`: the code is entered at the address, on any device. `browser`: a browser of this computer opens the address. */
  readonly flow: 'device' | 'browser';
  readonly state: 'waiting' | 'signed-in' | 'failed';
  readonly url: string;
  readonly code: string | null;
  readonly expiresAt: number;
  /** Who has signed in, as the provider says; null where it does not, or nobody has yet. */
  readonly account: string | null;
  /** What came of it, in one sentence or two; null while it waits. */
  readonly sentence: string | null;
}

/** How the sign-in of a server's account stands. Wall-clock milliseconds. */
export interface SignInStatus {
  /** `ended`: somebody had signed in, and the provider gives no more tokens for that. */
  readonly state: 'signed-in' | 'signed-out' | 'ended' | 'not-set-up';
  readonly provider: string;
  readonly account: string | null;
  readonly signedInAt: number | null;
  /** When it was renewed last, which happens by itself. */
  readonly renewedAt: number | null;
  /** When the access token at hand ends; null while there is none. Another is had before that. */
  readonly tokenUntil: number | null;
  /** The ways to sign in, the usual one first. */
  readonly flows: readonly ('device' | 'browser')[];
  /** What is wrong and what to do; null where nothing is. */
  readonly sentence: string | null;
}

const flow = z.enum(['device', 'browser']);

export const signIn = schemaFor<SignIn>()(
  z.object({
    id: z.string(),
    server: z.string(),
    user: z.string(),
    provider: z.string(),
    flow,
    state: z.enum(['waiting', 'signed-in', 'failed']),
    url: z.string(),
    code: textOrNull,
    expiresAt: time,
    account: textOrNull,
    sentence: textOrNull,
  }),
);

const signInStatus = schemaFor<SignInStatus>()(
  z.object({
    state: z.enum(['signed-in', 'signed-out', 'ended', 'not-set-up']),
    provider: z.string(),
    account: textOrNull,
    signedInAt: timeOrNull,
    renewedAt: timeOrNull,
    tokenUntil: timeOrNull,
    flows: z.array(flow).readonly(),
    sentence: textOrNull,
  }),
);

/** One of `smtp.servers` as it stands in a form or in the settings; a client secret that is left out is the stored one. */
const server = z.unknown();

/** Signing in by OAuth 2.0. No reply holds a token or a client secret. */
export const OAUTH_METHODS = {
  /** Begins a sign-in; one that waits for the same account is ended. Without `flow`, the provider's usual way. */
  'oauth.start': {
    request: z.strictObject({ server, flow: flow.optional() }),
    reply: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('started'), signIn }),
      z.object({ outcome: z.literal('refused'), sentence: z.string() }),
    ]),
  },
  /** Null where there is none by this id, or it is over for ten minutes. */
  'oauth.get': { request: z.strictObject({ id }), reply: signIn.nullable() },
  /** The address that a browser on another computer was sent to. `sentence`: why it is of no use; null where it is taken. */
  'oauth.finish': {
    request: z.strictObject({ id, address: z.string().max(8192) }),
    reply: z.object({ sentence: textOrNull }),
  },
  'oauth.cancel': { request: z.strictObject({ id }), reply: z.object({ found: z.boolean() }) },
  /** Null where the server does not log in by OAuth 2.0, or is not complete. */
  'oauth.status': { request: z.strictObject({ server }), reply: signInStatus.nullable() },
  /** Forgets the sign-in, and withdraws it where the provider has a way to. `sentence`: what came of it. */
  'oauth.signOut': {
    request: z.strictObject({ server }),
    reply: z.object({ signedOut: z.boolean(), sentence: z.string() }),
  },
} as const;
