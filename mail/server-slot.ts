import type { CancelTimer, Clock } from '../shared/model/clock.ts';
import { Deadline } from './deadline.ts';
import type { OpenFailure } from './open-session.ts';
import { HealthOfServer } from './server-health.ts';
import { SessionLimit } from './session-limit.ts';
import { serverLabel, serverName, type SmtpServerOptions } from './smtp-server-options.ts';
import type { SessionContext, SmtpSession } from './smtp-session.ts';
import type { PeerTrust } from './tls.ts';

/** How long a session may lie idle before it is ended, in milliseconds: enough for a burst, too short to go stale. */
const IDLE_MS = 10_000;

/** A session for one message, or why there is none. `isFull`: the server has given us as many as it gives anybody. */
export type Acquired =
  | { readonly isFull: true }
  | { readonly session: SmtpSession; readonly reused: boolean; readonly openMs: number }
  | { readonly failure: OpenFailure; readonly openMs: number };

interface Opening {
  readonly acquired: Acquired;
  /** Whether it was down or paused before. */
  readonly revived: boolean;
}

export interface SlotEvents {
  /** The server was down or paused, and has let us in. */
  readonly onAvailable: () => void;
  readonly onFailed: (failure: OpenFailure) => void;
}

/** What speaks SMTP and TLS is loaded when a first connection is made: most days an agent has no mail to send. */
async function loadSmtp() {
  const [{ openSession }, { peerTrust }] = await Promise.all([
    import('./open-session.ts'),
    import('./tls.ts'),
  ]);
  return { openSession, peerTrust };
}

/** One server of an outlet: its health, its idle sessions and the openings under way. */
export class ServerSlot {
  readonly options: SmtpServerOptions;
  readonly health: HealthOfServer;
  readonly #clock: Clock;
  readonly #context: Omit<SessionContext, 'trust'>;
  readonly #signal: AbortSignal;
  readonly #events: SlotEvents;
  readonly #idle: SmtpSession[] = [];
  /** Every session that is open, and until when it may lie idle. */
  readonly #all = new Map<SmtpSession, Deadline>();
  /** When each opening under way began, on the monotonic clock. */
  readonly #openings = new Set<{ readonly sinceMs: number }>();
  readonly #limit: SessionLimit;
  #trust: PeerTrust | null = null;
  #cancelProbe: CancelTimer = () => {};
  #probing = false;
  #waiting = false;
  #closed = false;

  constructor(
    options: SmtpServerOptions,
    context: Omit<SessionContext, 'trust'>,
    signal: AbortSignal,
    events: SlotEvents,
  ) {
    this.options = options;
    this.#clock = context.clock;
    this.#context = context;
    this.#signal = signal;
    this.#events = events;
    this.#limit = new SessionLimit(context.clock);
    this.health = new HealthOfServer(serverName(options), context.clock);
  }

  get label(): string {
    return serverLabel(this.options);
  }

  /** How long the oldest opening under way has taken so far, in milliseconds; 0 when none is. */
  get slowestOpeningMs(): number {
    let sinceMs = this.#clock.monotonic();
    for (const opening of this.#openings) sinceMs = Math.min(sinceMs, opening.sinceMs);
    return this.#clock.monotonic() - sinceMs;
  }

  get hasIdle(): boolean {
    return this.#idle.some((session) => session.alive);
  }

  /** An idle session, or a new one. `fresh`: a new one in any case. The caller gives it back with `release`. */
  async acquire(fresh: boolean): Promise<Acquired> {
    const idle = fresh ? undefined : this.#takeIdle();
    if (idle !== undefined) return { session: idle, reused: true, openMs: 0 };
    if (!this.#limit.allows(this.#inUse + 1)) return { isFull: true };
    const { acquired, revived } = await this.#tryOpen();
    if (revived) this.#events.onAvailable();
    return acquired;
  }

  /** Whether this session was one too many for the server, by its reply to a message; then it is ended. */
  endsAsOneTooMany(session: SmtpSession, reply: string | null): boolean {
    // It may be gone already.
    const isOver = this.#limit.learn(reply, this.#inUse - (this.#all.has(session) ? 1 : 0));
    if (isOver) session.quit();
    return isOver;
  }

  /** Sessions that are open or being opened. */
  get #inUse(): number {
    return this.#all.size + this.#openings.size;
  }

  /** Takes a session back. `clean`: its last message was accepted, or it has had none. */
  async release(session: SmtpSession, clean: boolean): Promise<void> {
    if (this.#closed) {
      session.quit();
      return;
    }
    if (!clean && !(await session.reset())) return;
    if (!session.alive) return;
    this.#all.get(session)?.set(IDLE_MS);
    this.#idle.push(session);
  }

  /** A message was to be sent, and this server was not asked because it is down: see whether it is back. */
  probeIfDue(): void {
    if (!this.health.usable && this.health.dueInMs === 0) void this.#probe();
  }

  /** Says whether mail is waiting, and whether anew: while it is, a server that cannot be used is probed when it is due. */
  setWaiting(waiting: boolean, afresh: boolean): void {
    this.#waiting = waiting;
    if (afresh) this.health.watchClosely();
    this.#scheduleProbe();
  }

  /** Refused something that the settings have to mend, in the middle of a session. */
  pause(failure: OpenFailure): void {
    this.#failed(failure);
  }

  /** Forgets faults, limits and idle sessions: the network may be another one now. */
  reset(): void {
    this.#limit.forget();
    this.health.reset();
    this.endIdle();
    this.#scheduleProbe();
  }

  endIdle(): void {
    for (const session of this.#idle.splice(0)) {
      this.#all.get(session)?.clear();
      session.quit();
    }
  }

  /** Nothing new from now on; idle sessions are told goodbye. */
  shutDown(): void {
    this.#closed = true;
    this.#cancelProbe();
    this.endIdle();
  }

  /** Cuts every connection that is left. */
  cut(): void {
    for (const session of this.#all.keys()) session.close();
  }

  /** What should never throw is a fault of this one opening; the mail must not wait for it for ever. */
  async #tryOpen(): Promise<Opening> {
    try {
      return await this.#open();
    } catch (error) {
      this.#openings.clear();
      const detail = `an unexpected fault of Tocsin's own: ${error instanceof Error ? error.message : String(error)}`;
      const failure = {
        stage: 'connect',
        code: 'smtp_temporary',
        reply: null,
        detail,
        pauses: false,
      } as const;
      this.#failed(failure);
      return { acquired: { failure, openMs: 0 }, revived: false };
    }
  }

  async #open(): Promise<Opening> {
    const opening = { sinceMs: this.#clock.monotonic() };
    this.#openings.add(opening);
    const { openSession, peerTrust } = await loadSmtp();
    const trust = () => (this.#trust ??= peerTrust(this.options));
    const opened = await openSession(this.options, { ...this.#context, trust }, this.#signal);
    this.#openings.delete(opening);
    const openMs = this.#clock.monotonic() - opening.sinceMs;
    if ('failure' in opened) {
      if (this.#limit.learn(opened.failure.reply, this.#inUse)) {
        // It answers, and serves our other sessions.
        const revived = !this.health.usable;
        if (revived) this.health.opened();
        return { acquired: { isFull: true }, revived };
      }
      // An opening that was called off says nothing about the server.
      if (!this.#signal.aborted) this.#failed(opened.failure);
      return { acquired: { failure: opened.failure, openMs }, revived: false };
    }
    const { session } = opened;
    const whileIdle = new Deadline(this.#clock, () => {
      this.#dropIdle(session);
      session.quit();
    });
    this.#all.set(session, whileIdle);
    session.onGone = () => this.#forget(session);
    const revived = !this.health.usable;
    this.health.opened();
    return { acquired: { session, reused: false, openMs }, revived };
  }

  async #probe(): Promise<void> {
    if (this.#probing || this.#closed) return;
    this.#probing = true;
    this.#cancelProbe();
    const { acquired, revived } = await this.#tryOpen();
    this.#probing = false;
    // The session is put away first, so that the message this makes room for finds it.
    if ('session' in acquired) void this.release(acquired.session, true);
    else this.#scheduleProbe();
    if (revived) this.#events.onAvailable();
  }

  #scheduleProbe(): void {
    this.#cancelProbe();
    if (!this.#waiting || this.#closed || this.#probing || this.health.usable) return;
    this.#cancelProbe = this.#clock.after(this.health.dueInMs, () => {
      // A timer may wake early when the wait was longer than timers can be.
      if (this.health.dueInMs > 0) this.#scheduleProbe();
      else void this.#probe();
    });
  }

  #failed(failure: OpenFailure): void {
    this.health.failed(failure);
    this.#events.onFailed(failure);
    this.#scheduleProbe();
  }

  #takeIdle(): SmtpSession | undefined {
    for (let session = this.#idle.pop(); session !== undefined; session = this.#idle.pop()) {
      this.#all.get(session)?.clear();
      if (session.alive) return session;
    }
    return undefined;
  }

  #dropIdle(session: SmtpSession): void {
    const index = this.#idle.indexOf(session);
    if (index >= 0) this.#idle.splice(index, 1);
    this.#all.get(session)?.clear();
  }

  #forget(session: SmtpSession): void {
    this.#dropIdle(session);
    this.#all.get(session)?.end();
    this.#all.delete(session);
  }
}
