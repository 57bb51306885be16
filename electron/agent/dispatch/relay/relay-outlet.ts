import { addressFault } from '../../../../shared/address.ts';
import { MAX_BODY_BYTES } from '../../../../shared/contract/relay-api.ts';
import type { ErrorCode } from '../../../../shared/errors.ts';
import type { Clock } from '../../../../shared/model/clock.ts';
import type { Attempt, Stage, Verdict } from '../../../../shared/model/delivery.ts';
import type { Message } from '../../../../shared/model/message.ts';
import type { Outlet, SendRequest } from '../../../../mail/outlet.ts';
import type { RelayAnswer } from './answer.ts';
import type { RelayClient } from './client.ts';
import { RelayHealth } from './relay-health.ts';
import { mayBeRelayed, type Submission, submissionBody, submissionsOf } from './submission.ts';
import { type SubmissionVerdict, verdictOf } from './verdict.ts';

export interface RelayOutletOptions {
  readonly client: RelayClient;
  readonly clock: Clock;
  /** The recipients of each earlier acceptance of a message by the service. */
  readonly earlier: (messageId: string) => readonly (readonly string[])[];
  /** The service can be used again. */
  readonly onAvailable: () => void;
  /** Told of each answer to a submission. */
  readonly onAnswer: (answer: RelayAnswer) => void;
}

/** The way out through the Web Service. Besides an outlet, it hears of calls that others make. */
export interface RelayOutlet extends Outlet {
  /** A signed call was answered, or was not: what is known of the way is brought up to date. */
  note(answer: RelayAnswer): void;
}

/** How long `close` waits for submissions under way, in milliseconds: their outcome is worth knowing. */
const CLOSE_GRACE_MS = 1_000;
/** So many messages at most are remembered to be waiting for their quota. */
const MOST_HELD = 1000;

/** Hands messages to the Web Service: an id is taken once, whatever is lost on the way. */
export function createRelayOutlet(options: RelayOutletOptions): RelayOutlet {
  const { client, clock } = options;
  const health = new RelayHealth(client, clock, options.onAvailable);
  /** Until when, on the monotonic clock, a message is not offered again, because a quota is used up. */
  const heldUntilMs = new Map<string, number>();
  let isClosed = false;

  const submit = async (request: SendRequest, { key, recipients }: Submission): Promise<Attempt> => {
    const { message } = request;
    const at = clock.now();
    const began = clock.monotonic();
    const attempt = (said: Said, server = client.server): Attempt => ({
      at,
      durationMs: clock.monotonic() - began,
      route: 'relay',
      server,
      stage: said.stage,
      code: said.code,
      reply: said.reply,
      reason: reasonOf(message, said.besides),
      outcomes: recipients.map((address) => ({
        address,
        verdict: said.verdict,
        code: said.code,
        reply: said.reply,
      })),
    });
    const heldMs = (heldUntilMs.get(key) ?? 0) - began;
    if (heldMs > 0) {
      const besides = `not asked, because the service said to wait until ${new Date(at + heldMs).toISOString()}`;
      return attempt({ ...WAITS, besides });
    }
    heldUntilMs.delete(key);
    const body = submissionBody(message, recipients);
    if (body.length > MAX_BODY_BYTES) return attempt(TOO_LARGE);
    const answer = await client.call({ method: 'POST', path: '/v1/messages', body, idempotencyKey: key });
    const verdict = verdictOf(answer, key);
    hold(key, answer);
    if (!isClosed) take(answer, verdict, clock.monotonic() - began);
    return attempt(verdict);
  };

  const take = (answer: RelayAnswer, verdict: SubmissionVerdict, durationMs: number) => {
    if (verdict.verdict === 'accepted') health.accepted(durationMs);
    else if (verdict.way === 'fine') health.answered();
    else health.failed(verdict, answer.kind === 'refused' ? answer.retryAfterMs : null);
    options.onAnswer(answer);
  };

  const hold = (key: string, answer: RelayAnswer) => {
    if (answer.kind !== 'refused' || answer.refusal !== 'quota_exceeded' || answer.retryAfterMs === null)
      return;
    const oldest = heldUntilMs.keys().next().value;
    if (heldUntilMs.size >= MOST_HELD && oldest !== undefined) heldUntilMs.delete(oldest);
    heldUntilMs.set(key, clock.monotonic() + answer.retryAfterMs);
  };

  const underWay = new Set<Promise<unknown>>();
  const send = async (request: SendRequest): Promise<Attempt[]> => {
    const { message, recipients } = request;
    const at = clock.now();
    const faulty = recipients.filter((address) => addressFault(address) !== null);
    const attempts = faulty.length === 0 ? [] : [withoutService(FAULTY, faulty, message, at)];
    const sound = recipients.filter((address) => !faulty.includes(address));
    if (!mayBeRelayed(message)) return [...attempts, withoutService(NEVER, sound, message, at)];
    const whole = {
      ...message,
      recipients: message.recipients.filter((address) => addressFault(address) === null),
    };
    const earlier = options.earlier(message.id);
    for (const submission of submissionsOf(whole, sound, earlier, request.submissionKey)) {
      if (isClosed || !health.usable) break;
      attempts.push(await submit(request, submission));
    }
    return attempts;
  };

  return {
    async send(request) {
      if (isClosed) return [];
      const sending = send(request);
      underWay.add(sending);
      try {
        return await sending;
      } finally {
        underWay.delete(sending);
      }
    },
    available: () => health.usable,
    setWaiting: (waiting) => health.setWaiting(waiting),
    health: () => [health.snapshot()],
    reset: () => health.reset(),
    note(answer) {
      if (isClosed) return;
      if (answer.kind === 'ok') health.reached();
      else {
        const verdict = verdictOf(answer, '');
        // A signed call that is refused for what it asks says nothing of the way.
        if (verdict.way !== 'fine')
          health.failed(verdict, answer.kind === 'refused' ? answer.retryAfterMs : null);
      }
    },
    async close() {
      isClosed = true;
      health.close();
      const cancel = clock.after(CLOSE_GRACE_MS, () => client.close());
      await Promise.allSettled(underWay);
      cancel();
      client.close();
    },
  };
}

interface Said {
  readonly verdict: Verdict;
  readonly stage: Stage;
  readonly code: ErrorCode | null;
  readonly reply: string | null;
  readonly besides: string | null;
}

const WAITS: Said = {
  verdict: 'retry',
  stage: 'route',
  code: 'relay_refused_quota_exceeded',
  reply: null,
  besides: null,
};
const TOO_LARGE: Said = {
  verdict: 'rejected',
  stage: 'data',
  code: 'relay_refused_too_large',
  reply: null,
  besides: 'not sent: it is larger than the service takes',
};
const NEVER: Said = {
  verdict: 'rejected',
  stage: 'route',
  code: 'relay_refused_attachments_not_relayed',
  reply: null,
  besides: 'not sent: file alerts and attachments never leave by the Web Service',
};
const FAULTY: Said = {
  verdict: 'rejected',
  stage: 'route',
  code: 'smtp_recipient_rejected',
  reply: null,
  besides: 'the address cannot be used',
};

function withoutService(said: Said, addresses: readonly string[], message: Message, at: number): Attempt {
  const { verdict, stage, code, reply } = said;
  return {
    at,
    durationMs: 0,
    route: 'relay',
    server: null,
    stage,
    code,
    reply,
    reason: reasonOf(message, said.besides),
    outcomes: addresses.map((address) => ({ address, verdict, code, reply })),
  };
}

/** Why by the Web Service, in words for the delivery log. */
function reasonOf({ route }: Message, besides: string | null): string {
  const why = route === 'relay' ? 'SMTP override' : 'fallback';
  return besides === null ? why : `${why}; ${besides}`;
}
