import type { Outlet, SendRequest, ServerHealth } from '../../mail/outlet.ts';
import type { Attempt, ServerName, Verdict } from '../../shared/model/delivery.ts';

const SERVER: ServerName = { host: 'mail.contoso.example', port: 25, security: 'none' };

/** An outlet whose server does what the test says. */
export class FakeOutlet implements Outlet {
  readonly sent: SendRequest[] = [];
  isAvailable = true;
  waiting = false;
  resets = 0;
  inFlight = 0;
  mostInFlight = 0;
  /** What becomes of each message; by default it is accepted at once. */
  onSend: (request: SendRequest) => Promise<readonly Attempt[]> = async (request) => [
    this.attempt(request, 'accepted'),
  ];

  async send(request: SendRequest): Promise<readonly Attempt[]> {
    this.sent.push(request);
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      return await this.onSend(request);
    } finally {
      this.inFlight -= 1;
    }
  }

  attempt(request: SendRequest, verdict: Verdict): Attempt {
    const code = verdict === 'accepted' ? null : 'smtp_temporary';
    return {
      at: 0,
      durationMs: 1,
      route: 'smtp',
      server: SERVER,
      stage: verdict === 'accepted' ? 'accepted' : 'data',
      code,
      reply: '250 or other',
      reason: 'primary server',
      outcomes: request.recipients.map((address) => ({ address, verdict, code, reply: '250 or other' })),
    };
  }

  available(): boolean {
    return this.isAvailable;
  }

  setWaiting(waiting: boolean): void {
    this.waiting = waiting;
  }

  health(): readonly ServerHealth[] {
    const state = this.isAvailable ? 'ok' : 'down';
    const code = this.isAvailable ? null : 'smtp_connection_refused';
    return [
      {
        server: SERVER,
        state,
        since: 0,
        code,
        reply: null,
        nextProbeAt: null,
        lastAcceptedAt: null,
        lastDurationMs: null,
      },
    ];
  }

  reset(): void {
    this.resets += 1;
  }

  async close(): Promise<void> {}
}
