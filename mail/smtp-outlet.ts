import { addressFault } from '../shared/address.ts';
import type { Clock } from '../shared/model/clock.ts';
import type { Attempt, AttemptRoute, ServerName } from '../shared/model/delivery.ts';
import { failedOpening, faultyAddresses, faultySender, noServer } from './attempts.ts';
import { buildMime, PLAIN_CONTEXT, type MailFrom, type MimeContext } from './mime.ts';
import { HEDGE_AFTER_MS, type OpenedFirst, openFirst } from './open-first.ts';
import type { Outlet, OutletEvents, SendRequest, ServerHealth } from './outlet.ts';
import { createResolver, type Lookup } from './resolve.ts';
import { routeReason } from './route-reason.ts';
import { inOrder, isSlow } from './server-order.ts';
import { ServerSlot } from './server-slot.ts';
import { sameServer, serverName, type SmtpServerOptions } from './smtp-server-options.ts';
import { smtpLimits, type SmtpLimits } from './smtp-limits.ts';
import type { TransactionOutcome, TransactionResult } from './smtp-transaction.ts';

export interface SmtpOutletOptions {
  /** In order of preference. */
  readonly servers: readonly SmtpServerOptions[];
  readonly from: MailFrom;
  readonly timeoutSeconds: number;
  /** How this computer introduces itself (RFC 5321 4.1.1.1). */
  readonly ehloName: string;
  readonly route: Exclude<AttemptRoute, 'relay'>;
  readonly clock: Clock;
  readonly mime?: MimeContext;
  readonly lookup?: Lookup;
  /** Told when a server goes down, is paused or comes back. Never given a secret. */
  readonly log?: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** Other figures than the usual ones, in milliseconds; tests have less time. */
  readonly limits?: Partial<SmtpLimits> & { readonly hedgeAfterMs?: number };
}

/** How long `close` waits for messages under way, in milliseconds. */
const CLOSE_GRACE_MS = 1_000;

/** An outlet over mail servers of one's own, tried in order of preference. */
export function createSmtpOutlet(options: SmtpOutletOptions, events: OutletEvents): Outlet {
  return new SmtpOutlet(options, events);
}

class SmtpOutlet implements Outlet {
  readonly #options: SmtpOutletOptions;
  readonly #clock: Clock;
  readonly #limits: SmtpLimits;
  readonly #slots: readonly ServerSlot[];
  readonly #abort = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  /** Slow servers that a message tried elsewhere already is waiting for. */
  readonly #awaited = new Set<ServerSlot>();

  constructor(options: SmtpOutletOptions, events: OutletEvents) {
    this.#options = options;
    this.#clock = options.clock;
    this.#limits = { ...smtpLimits(options.timeoutSeconds), ...options.limits };
    const context = {
      clock: options.clock,
      resolve: createResolver(options.lookup),
      ehloName: options.ehloName,
      limits: this.#limits,
    };
    this.#slots = options.servers.map((server) => {
      const label = serverName(server);
      return new ServerSlot(server, context, this.#abort.signal, {
        onAvailable: () => {
          options.log?.('mail server is back', { server: label });
          if (!this.#abort.signal.aborted) events.onAvailable();
        },
        onFailed: ({ stage, code, reply }) =>
          options.log?.('mail server cannot be used', { server: label, stage, code, reply }),
      });
    });
  }

  async send(request: SendRequest): Promise<readonly Attempt[]> {
    if (this.#abort.signal.aborted) return [];
    const sending = this.#send(request);
    this.#underWay.add(sending);
    try {
      return await sending;
    } finally {
      this.#underWay.delete(sending);
    }
  }

  available(pinnedServer: ServerName | null): boolean {
    return this.#pool(pinnedServer).some((slot) => slot.health.usable);
  }

  setWaiting(waiting: boolean, afresh = false): void {
    for (const slot of this.#slots) slot.setWaiting(waiting, afresh);
  }

  health(): readonly ServerHealth[] {
    return this.#slots.map((slot) => slot.health.snapshot());
  }

  reset(): void {
    for (const slot of this.#slots) slot.reset();
  }

  async close(): Promise<void> {
    this.#abort.abort();
    for (const slot of this.#slots) slot.shutDown();
    const cancel = this.#clock.after(CLOSE_GRACE_MS, () => {
      for (const slot of this.#slots) slot.cut();
    });
    await Promise.allSettled(this.#underWay);
    cancel();
    for (const slot of this.#slots) slot.cut();
  }

  /** The servers a message may use: the one that may have it, while it is still set up; else all. */
  #pool(pinnedServer: ServerName | null): readonly ServerSlot[] {
    const pinned = this.#slots.filter(
      (slot) => pinnedServer !== null && sameServer(slot.options, pinnedServer),
    );
    return pinned.length > 0 ? pinned.slice(0, 1) : this.#slots;
  }

  async #send(request: SendRequest): Promise<readonly Attempt[]> {
    const pool = this.#pool(request.pinnedServer);
    const pinned = pool.length === 1 && request.pinnedServer !== null;
    const attempts: Attempt[] = [];
    let remaining = request.recipients.filter((address) => addressFault(address) === null);
    const faulty = request.recipients.filter((address) => addressFault(address) !== null);
    const at = this.#clock.now();
    const { route, from } = this.#options;
    if (faulty.length > 0) attempts.push(faultyAddresses(faulty, route, at));
    if (remaining.length === 0) return attempts;
    if (pool.length === 0) return [...attempts, noServer(remaining, route, at)];
    if (addressFault(from.address) !== null) return [...attempts, faultySender(remaining, route, at)];
    const { message, attachments } = request;
    const mime = await buildMime(
      message,
      this.#options.from,
      request.mime ?? this.#options.mime ?? PLAIN_CONTEXT,
      attachments,
    );
    for (const slot of pool) slot.probeIfDue();

    /** Servers that have failed or answered in this send. */
    const asked = new Set<ServerSlot>();
    /** Servers whose idle session turned out dead: a new one, please. */
    const fresh = new Set<ServerSlot>();
    /** How many servers have refused an address for reasons of their own. */
    const refusals = new Map<string, number>();
    while (remaining.length > 0 && !this.#abort.signal.aborted) {
      const hedgeAfterMs = this.#options.limits?.hedgeAfterMs ?? HEDGE_AFTER_MS;
      const usable = pool.filter((slot) => !asked.has(slot) && slot.health.usable);
      const isTried = asked.size > 0;
      const candidates = inOrder(usable, hedgeAfterMs).filter(
        (slot) => !isTried || !this.#awaited.has(slot) || !isSlow(slot, hedgeAfterMs),
      );
      if (candidates.length === 0) break;
      const opened = await this.#openFirst(candidates, fresh, isTried, hedgeAfterMs);
      const reason = (slot: ServerSlot): string =>
        route === 'practice'
          ? 'no mail server is set, so it went to the practice mailbox'
          : routeReason(slot, pool, { pinned, asked, slow: opened.slow });
      for (const failed of opened.failures) {
        // Called off because the outlet closes: nothing was learned.
        if (this.#abort.signal.aborted) continue;
        const why = reason(failed.slot);
        asked.add(failed.slot);
        attempts.push(failedOpening(failed, remaining, route, why));
      }
      if (opened.first === null && opened.isFull) break;
      if (opened.first === null) continue;
      const { slot, session, reused, began } = opened.first;
      const why = reason(slot);
      const limit = reused ? { firstReplyMs: Math.min(this.#limits.connectMs, this.#limits.commandMs) } : {};
      const result = await session.send(mime, from.address, remaining, limit);
      const durationMs = this.#clock.monotonic() - began.ms;
      if (!isTaken(result) && slot.endsAsOneTooMany(session, result.reply)) break;
      if (result.broken) session.close();
      else void slot.release(session, result.stage === 'accepted');
      if (reused && result.nothingHeard && !fresh.has(slot)) {
        fresh.add(slot);
        continue;
      }
      asked.add(slot);
      this.#noteHealth(slot, result, durationMs);
      for (const { recipient, elsewhere } of result.outcomes) {
        if (recipient.verdict !== 'rejected' || !elsewhere) continue;
        refusals.set(recipient.address, (refusals.get(recipient.address) ?? 0) + 1);
      }
      // While there is a server that has not refused, refusal by another is not the last word.
      const isLastWord = ({ recipient, elsewhere }: TransactionOutcome): boolean =>
        !elsewhere ||
        recipient.verdict !== 'rejected' ||
        refusals.get(recipient.address) === this.#slots.length;
      attempts.push({
        at: began.at,
        durationMs,
        route,
        server: serverName(slot.options),
        stage: result.stage,
        code: result.code,
        reply: result.reply,
        reason: why,
        outcomes: result.outcomes.map((entry) =>
          isLastWord(entry) ? entry.recipient : { ...entry.recipient, verdict: 'retry' },
        ),
      });
      remaining = result.outcomes
        .filter((entry) => entry.elsewhere && entry.recipient.verdict !== 'unknown')
        .map((entry) => entry.recipient.address);
    }
    return attempts;
  }

  /**
   * A message that another server has not taken waits for a slow one alone: one is enough to find out what becomes of
   * that server, and the others would each keep a worker and a connection until then. They are tried again later, on all
   * servers, when it is known to be dead or has a session open.
   */
  async #openFirst(
    slots: readonly ServerSlot[],
    fresh: ReadonlySet<ServerSlot>,
    isTried: boolean,
    hedgeAfterMs: number,
  ): Promise<OpenedFirst> {
    const awaited = isTried ? slots.filter((slot) => !this.#awaited.has(slot)) : [];
    const mostMs = isTried && awaited.length === 0 ? hedgeAfterMs : null;
    for (const slot of awaited) this.#awaited.add(slot);
    try {
      return await openFirst(slots, fresh, this.#clock, { hedgeAfterMs, mostMs });
    } finally {
      for (const slot of awaited) this.#awaited.delete(slot);
    }
  }

  #noteHealth(slot: ServerSlot, result: TransactionResult, durationMs: number): void {
    if (result.stage === 'accepted') slot.health.accepted(durationMs);
    if (result.broken) slot.health.brokeOff();
    if (result.pauses && result.code !== null) {
      const { stage, code, reply } = result;
      slot.pause({ stage, code, reply, detail: null, pauses: true });
    }
  }
}

/** Whether anybody was sent it, or may have been. */
function isTaken({ outcomes }: TransactionResult): boolean {
  return outcomes.some(
    ({ recipient }) => recipient.verdict === 'accepted' || recipient.verdict === 'unknown',
  );
}
