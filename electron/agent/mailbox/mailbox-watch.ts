import type { DeliveryLog } from '../../../mail/delivery-log.ts';
import type { Outbox } from '../../../mail/outbox.ts';
import { writeNews } from '../../../mail/recipient-news.ts';
import type { Store } from '../../../mail/store.ts';
import type { MailboxSettings, Settings } from '../../../shared/contract/settings.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { RouteChoice } from '../../../shared/model/message.ts';
import type { MailboxStatus } from '../../../shared/model/status.ts';
import type { ComposeContext, Composer, SystemNotice } from '../compose/compose.ts';
import type { SmtpEvents } from '../events/smtp-events.ts';
import type { AgentLog } from '../log.ts';
import { administrators } from '../record/troubles.ts';
import { startTicker, type Ticker } from '../schedule/ticker.ts';
import { mailboxServer } from './mailbox-server.ts';
import { type MailboxFailure, type MailboxServer, MailboxTrouble } from './mailbox-session.ts';
import { createMailboxStore } from './mailbox-store.ts';
import { mailboxWords } from './mailbox-words.ts';
import { openMailbox } from './open-mailbox.ts';
import { foundNotice, lostNotice, proofMail } from './proof-notices.ts';
import { readMailbox } from './read-mailbox.ts';
import { takeInBounce } from './returned-mail.ts';
import { nextTripStep } from './round-trip.ts';

export interface MailboxWatchOptions {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly deliveries: DeliveryLog;
  readonly events: Pick<SmtpEvents, 'raise' | 'context'>;
  readonly clock: Clock;
  readonly log: AgentLog;
  readonly settings: () => Settings;
  readonly password: (mailbox: MailboxSettings) => string | null;
  readonly composer: () => Promise<Composer>;
  readonly composeContext: () => ComposeContext;
  /** The address that mail leaves from, to which it is returned. */
  readonly sender: () => string;
  readonly isOpen: (route: RouteChoice) => boolean;
  readonly onQueued: () => void;
  /** Told after each look into the mailbox: its state and the news of mails may be others now. */
  readonly onRead: () => void;
  readonly onFault: (error: unknown) => void;
}

/** Reads the mailbox for returned mail, and proves by mails of its own that mail arrives (row B2). */
export interface MailboxWatch {
  start(): void;
  /** Null where no mailbox is set. */
  status(): MailboxStatus | null;
  /** The settings were replaced: the mailbox is tried anew. */
  settingsChanged(): void;
  stop(): Promise<void>;
}

/** How often it is looked whether something is due. */
const LOOK_MS = 10_000;
const MINUTE_MS = 60_000;
/** A refused login is not tried again sooner, so as not to lock the account; changed settings are tried at once. */
const REFUSED_MS = 60 * MINUTE_MS;
/** One check takes no longer than this. */
const CHECK_MS = 5 * MINUTE_MS;

export function createMailboxWatch(options: MailboxWatchOptions): MailboxWatch {
  const { clock, settings } = options;
  const store = createMailboxStore(options.store);
  const stopped = new AbortController();
  let isChanged = false;
  let failure: MailboxFailure | null = null;
  let readAt: number | null = null;

  const look = async () => {
    const { mailbox, smtp } = settings();
    if (mailbox === null) return;
    if (isDue(mailbox)) await check(mailbox);
    // What goes into the practice mailbox arrives nowhere else.
    if (smtp.servers.length > 0) await lookAfterTrip(mailbox);
  };

  const isDue = (mailbox: MailboxSettings) => {
    const last = store.lastTry(nameOf(mailbox));
    if (last === null || isChanged) return true;
    const sinceMs = clock.now() - last.at;
    const everyMs = mailbox.checkEveryMinutes * MINUTE_MS;
    return sinceMs >= (last.refused ? Math.max(everyMs, REFUSED_MS) : everyMs) || sinceMs < 0;
  };

  const check = async (mailbox: MailboxSettings) => {
    isChanged = false;
    const server = mailboxServer(mailbox, options.password(mailbox), settings());
    // Before it is tried: a crash on the way must not make it a try after each start.
    store.saveTry(nameOf(mailbox), clock.now(), false);
    const began = clock.now();
    const outcome = await tryToRead(server, mailbox);
    if (stopped.signal.aborted) return;
    failure = outcome;
    const refused = outcome?.code === 'mailbox_login_failed';
    options.store.transaction(() => {
      store.saveTry(nameOf(mailbox), clock.now(), refused);
      if (refused && outcome !== null) raiseLoginFailed(mailbox, outcome);
    });
    if (outcome === null) readAt = began;
    else options.log.warn(`the mailbox of ${mailbox.user} was not read: ${wordsOf(mailbox, outcome)}`);
    options.onRead();
  };

  const tryToRead = async (server: MailboxServer, mailbox: MailboxSettings) => {
    const deadline = new AbortController();
    const cancel = clock.after(CHECK_MS, () => deadline.abort());
    const signal = AbortSignal.any([deadline.signal, stopped.signal]);
    try {
      const session = await openMailbox(server, clock, signal);
      try {
        await readMailbox({
          session,
          mailbox: nameOf(mailbox),
          store,
          transaction: options.store.transaction,
          onArrived: (messageId, at) => arrived(messageId, sane(at, clock.now())),
          onBounce: (bounce) => {
            const { deliveries: log, events } = options;
            const returned = { store: options.store, log, raise: events.raise, context: events.context };
            const words = takeInBounce(bounce, clock.now(), returned);
            if (words !== null) options.log.warn(words);
          },
        });
      } finally {
        await session.close();
      }
      return null;
    } catch (error) {
      if (error instanceof MailboxTrouble) return error.failure;
      throw error;
    } finally {
      cancel();
    }
  };

  const arrived = (messageId: string, at: number) => {
    store.arrived(messageId, at);
    const trip = options.deliveries.find(messageId)?.message;
    const news = { state: 'arrived', at, source: 'round-trip', reply: null } as const;
    for (const address of trip?.recipients ?? [])
      writeNews(options.store, trip?.id ?? '', [{ address, news }]);
  };

  const raiseLoginFailed = (mailbox: MailboxSettings, { stage, code, reply }: MailboxFailure) => {
    const { host, port, security, user } = mailbox;
    options.events.raise([
      {
        type: 'pop-login-failed',
        at: clock.now(),
        route: 'mailbox',
        server: { host, port, security },
        requiresAuthentication: true,
        emailAddress: user,
        messageId: null,
        subject: null,
        recipients: [],
        stage,
        code,
        reply,
      },
    ]);
  };

  /** Sends the next round trip when it is due, and tells when one is lost, and when mail arrives again. */
  const lookAfterTrip = async (mailbox: MailboxSettings) => {
    const last = store.lastTrip();
    const address = mailbox.address ?? options.sender();
    if (last?.state === 'arrived' && last.arrivedAt !== null && store.isTold()) {
      const { sentAt, arrivedAt } = last;
      await tell(
        (news, context) => foundNotice(news, arrivedAt, context),
        address,
        sentAt,
        mailbox,
        () => store.setTold(false),
      );
    }
    switch (nextTripStep(mailbox, { now: clock.now(), last, readAt })) {
      case 'wait':
        return;
      case 'send':
        await queue(proofMail(address), (messageId) => store.sent(messageId, clock.now()));
        return;
      case 'lost': {
        if (last === null) return;
        const markLost = () => {
          store.lost(last.messageId, clock.now());
          store.setTold(true);
        };
        // Told once, until a mail has arrived.
        if (store.isTold()) options.store.transaction(markLost);
        else await tell(lostNotice, address, last.sentAt, mailbox, markLost);
      }
    }
  };

  const tell = async (
    notice: (news: Parameters<typeof lostNotice>[0], context: ComposeContext) => SystemNotice,
    address: string,
    sentAt: number,
    mailbox: MailboxSettings,
    alongside: () => void,
  ) => {
    const news = {
      address,
      sentAt,
      mailboxFault: failure === null ? null : wordsOf(mailbox, failure),
      recipients: administrators(settings()),
      route: options.isOpen('relay') ? ('relay' as const) : ('smtp' as const),
    };
    await queue(notice(news, options.composeContext()), alongside);
  };

  /** Puts a mail into the outbox in one commit with what it means. */
  const queue = async (notice: SystemNotice, alongside: (messageId: string) => void) => {
    const composer = await options.composer();
    const messages = composer.notice(notice, options.composeContext());
    options.store.transaction(() => {
      options.outbox.accept(messages, clock.now());
      alongside(messages[0]?.messageId ?? '');
    });
    if (messages.length > 0) options.onQueued();
  };

  let ticker: Ticker | null = null;
  return {
    start() {
      ticker = startTicker({ clock, intervalMs: LOOK_MS, run: look, onFault: options.onFault });
    },
    status() {
      const { mailbox } = settings();
      if (mailbox === null) return null;
      const { host, port, security, user } = mailbox;
      const checkedAt = store.lastTry(nameOf(mailbox))?.at ?? null;
      const trip = store.lastTrip();
      return {
        server: { host, port, security },
        user,
        state: failure !== null ? 'failed' : readAt === null ? 'unused' : 'ok',
        checkedAt,
        code: failure?.code ?? null,
        detail:
          failure === null
            ? null
            : `${wordsOf(mailbox, failure)} ${mailboxWords(failure.code, mailbox).mend}`,
        proof: trip === null ? null : { state: trip.state, sentAt: trip.sentAt, arrivedAt: trip.arrivedAt },
      };
    },
    settingsChanged() {
      isChanged = true;
      failure = null;
    },
    async stop() {
      stopped.abort();
      await ticker?.stop();
    },
  };
}

function nameOf({ protocol, host, port, user }: MailboxSettings): string {
  return `${protocol} ${host.toLowerCase()}:${port} ${user}`;
}

function wordsOf(mailbox: MailboxSettings, { code, reply }: MailboxFailure): string {
  const { sentence } = mailboxWords(code, mailbox);
  return reply === null ? sentence : `${sentence} It said: ${reply}.`;
}

/** The time of a server whose clock cannot be far off; else that of this computer. */
function sane(at: number | null, now: number): number {
  return at !== null && at <= now + MINUTE_MS && now - at < 7 * 24 * 60 * MINUTE_MS ? at : now;
}
