import { z } from 'zod';
import { endpointFault } from '../../../shared/contract/relay-url.ts';
import {
  clientForm,
  endOf,
  type Flow,
  type FlowEnd,
  type FlowOptions,
  type FlowStart,
  notReached,
  refusalSentence,
  tooLate,
} from './sign-in-flow.ts';
import { postForm } from './token-endpoint.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
/** RFC 8628 3.2: five seconds where the service does not say; 3.5: five more each time it asks to slow down. */
const USUAL_INTERVAL_SECONDS = 5;
const SLOWER_MS = 5000;
/** A service that does not answer is asked less and less often, but never more seldom than this. */
const INTERVAL_MOST_MS = 60_000;

const address = z.string().refine((text) => endpointFault(text) === null);
const answerSchema = z.object({
  device_code: z.string().min(1).max(4096),
  user_code: z.string().regex(/^[\x20-\x7e]{1,64}$/),
  verification_uri: address.optional(),
  // Google's name for it.
  verification_url: address.optional(),
  verification_uri_complete: address.optional(),
  expires_in: z.coerce.number().positive().max(86_400),
  interval: z.coerce.number().positive().max(60).optional(),
});

/** Signs in by a code that is entered on any device (RFC 8628). */
export async function startDeviceFlow(options: FlowOptions): Promise<FlowStart> {
  const { provider, endpoint } = options;
  const { label, scope } = provider;
  const { clock } = endpoint;
  const askedMs = clock.monotonic();
  const form = { ...clientForm(options), scope };
  const answer = await postForm(provider.deviceEndpoint ?? '', form, endpoint);
  if (answer.kind === 'unreachable') return { ok: false, sentence: notReached(label, answer.why) };
  if (answer.kind === 'refused')
    return { ok: false, sentence: refusalSentence(label, answer.error, answer.description) };
  const read = answerSchema.safeParse(answer.body);
  const url = read.success ? (read.data.verification_uri ?? read.data.verification_url) : undefined;
  if (!read.success || url === undefined)
    return { ok: false, sentence: notReached(label, 'it gave no code to sign in by') };
  const { device_code: deviceCode, user_code: code, expires_in: seconds, interval } = read.data;

  let settle: (end: FlowEnd) => void = () => {};
  let cancelWait = () => {};
  let isOver = false;
  const ended = new Promise<FlowEnd>((resolve) => {
    settle = resolve;
  });
  const end = (outcome: FlowEnd) => {
    isOver = true;
    cancelWait();
    settle(outcome);
  };
  const endsMs = askedMs + seconds * 1000;

  const poll = async (intervalMs: number): Promise<void> => {
    if (provider.tokenEndpoint === null || clock.monotonic() >= endsMs) {
      end({ kind: 'failed', sentence: tooLate(label) });
      return;
    }
    const asked = { ...clientForm(options), grant_type: GRANT, device_code: deviceCode };
    const said = await postForm(provider.tokenEndpoint, asked, endpoint);
    if (isOver) return;
    if (said.kind === 'unreachable') wait(Math.min(intervalMs * 2, INTERVAL_MOST_MS));
    else if (said.kind === 'refused' && said.error === 'authorization_pending') wait(intervalMs);
    else if (said.kind === 'refused' && said.error === 'slow_down') wait(intervalMs + SLOWER_MS);
    else end(endOf(said, label));
  };
  const wait = (intervalMs: number) => {
    cancelWait = clock.after(intervalMs, () => void poll(intervalMs));
  };
  wait((interval ?? USUAL_INTERVAL_SECONDS) * 1000);

  const flow: Flow = {
    prompt: {
      url: read.data.verification_uri_complete ?? url,
      code,
      expiresAt: clock.now() + seconds * 1000,
    },
    ended,
    finish: () => 'This sign-in waits for the code to be entered; there is no address to paste.',
    cancel: (sentence) => {
      if (!isOver) end({ kind: 'failed', sentence });
    },
  };
  return { ok: true, flow };
}
