import type { Outlet, SendRequest, ServerHealth } from '../../mail/outlet.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { Attempt, ServerName, Verdict } from '../../shared/model/delivery.ts';

const SERVICE: ServerName = { host: 'relay.example', port: 443, security: 'tls' };

/**
 * What the Web Service makes of a request. `lost`: it accepts, and its reply is lost. `cut`: the connection is lost
 * before it has anything; nobody can tell the two apart.
 */
export type RelayAnswer = 'accept' | 'lost' | 'cut' | 'unreachable' | 'refuse' | 'expired';

/** A Web Service that keeps the rules of the real one: an id is accepted once, and never with another body. */
export class FakeRelay implements Outlet {
  readonly requests: { readonly key: string; readonly recipients: readonly string[] }[] = [];
  /** By key, who was accepted. */
  readonly accepted = new Map<string, readonly string[]>();
  /** Keys that came with another body than before, accepted or not: there must never be one. */
  readonly conflicts: string[] = [];
  isAvailable = true;
  waiting = false;
  /** For the next requests, in order; afterwards the last one again. */
  answers: RelayAnswer[] = ['accept'];
  readonly #bodies = new Map<string, string>();

  async send(request: SendRequest): Promise<readonly Attempt[]> {
    const { message, recipients } = request;
    const key = request.submissionKey ?? message.id;
    const body = JSON.stringify([message.subject, message.html, message.text, recipients]);
    this.requests.push({ key, recipients });
    if ((this.#bodies.get(key) ?? body) !== body) this.conflicts.push(key);
    this.#bodies.set(key, body);
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    switch (answer ?? 'accept') {
      case 'accept':
        this.accepted.set(key, recipients);
        return [attempt(request, 'accepted', null)];
      case 'lost':
        this.accepted.set(key, recipients);
        return [attempt(request, 'unknown', 'relay_unreachable')];
      case 'cut':
        return [attempt(request, 'unknown', 'relay_unreachable')];
      case 'unreachable':
        return [attempt(request, 'retry', 'relay_unreachable')];
      case 'expired':
        return [attempt(request, 'retry', 'relay_refused_subscription_expired')];
      case 'refuse':
        // The first answer again: what was accepted once is never refused for what it is.
        if (this.accepted.has(key)) return [attempt(request, 'accepted', null)];
        return [attempt(request, 'rejected', 'relay_refused_invalid_message')];
    }
  }

  /** Everybody who was accepted, once for each key. */
  get mailed(): string[] {
    return [...this.accepted.values()].flat();
  }

  available(): boolean {
    return this.isAvailable;
  }

  setWaiting(waiting: boolean): void {
    this.waiting = waiting;
  }

  health(): readonly ServerHealth[] {
    return [
      {
        server: SERVICE,
        state: this.isAvailable ? 'ok' : 'down',
        since: 0,
        code: this.isAvailable ? null : 'relay_unreachable',
        reply: null,
        nextProbeAt: null,
        lastAcceptedAt: null,
        lastDurationMs: null,
      },
    ];
  }

  reset(): void {}

  async close(): Promise<void> {}
}

function attempt(request: SendRequest, verdict: Verdict, code: ErrorCode | null): Attempt {
  const reply = verdict === 'accepted' ? 'accepted by the Web Service' : null;
  return {
    at: 0,
    durationMs: 1,
    route: 'relay',
    server: SERVICE,
    stage: verdict === 'accepted' ? 'accepted' : 'connect',
    code,
    reply,
    reason: 'SMTP override',
    outcomes: request.recipients.map((address) => ({ address, verdict, code, reply })),
  };
}
