import type { Attempt, AttemptRoute, RecipientOutcome } from '../shared/model/delivery.ts';
import type { OpenedFirst } from './open-first.ts';
import { serverName } from './smtp-server-options.ts';

/** The attempt on a server that could not be opened. */
export function failedOpening(
  failed: OpenedFirst['failures'][number],
  recipients: readonly string[],
  route: AttemptRoute,
  why: string,
): Attempt {
  const { stage, code, reply, detail } = failed.failure;
  // A code of Node's own stands behind the sentence already; words of ours do not.
  const besides = detail !== null && detail.includes(' ') ? `; ${detail}` : '';
  return {
    at: failed.began.at,
    durationMs: failed.durationMs,
    route,
    server: serverName(failed.slot.options),
    stage,
    code,
    reply,
    reason: why + besides,
    outcomes: recipients.map((address) => ({ address, verdict: 'retry', code, reply })),
  };
}

/** Addresses that are none. They never reach a server, where they could become commands. */
export function faultyAddresses(addresses: readonly string[], route: AttemptRoute, at: number): Attempt {
  return withoutServer(addresses, route, at, 'the address cannot be used', {
    verdict: 'rejected',
    code: 'smtp_recipient_rejected',
  });
}

/** The settings have a From address that is none. The mail waits until they have been mended. */
export function faultySender(addresses: readonly string[], route: AttemptRoute, at: number): Attempt {
  return withoutServer(addresses, route, at, 'the From address in the settings cannot be used', {
    verdict: 'retry',
    code: 'smtp_sender_rejected',
  });
}

export function noServer(addresses: readonly string[], route: AttemptRoute, at: number): Attempt {
  return withoutServer(addresses, route, at, 'no mail server is set up', { verdict: 'retry', code: null });
}

function withoutServer(
  addresses: readonly string[],
  route: AttemptRoute,
  at: number,
  reason: string,
  { verdict, code }: Pick<RecipientOutcome, 'verdict' | 'code'>,
): Attempt {
  return {
    at,
    durationMs: 0,
    route,
    server: null,
    stage: 'route',
    code,
    reply: null,
    reason,
    outcomes: addresses.map((address) => ({ address, verdict, code, reply: null })),
  };
}
