import type { Socket } from 'node:net';
import type { ErrorCode } from '../shared/errors.ts';
import type { Stage } from '../shared/model/delivery.ts';
import type { StageFacts } from '../shared/model/stage-facts.ts';
import type { FaultWords } from './access-token.ts';
import { connectAny } from './connect.ts';
import { withDeadline } from './deadline.ts';
import { loginByToken, noToken, type TokenAuth } from './login-by-token.ts';
import { dnsFacts, greetingFacts, methodsOffered, takesPassword } from './session-facts.ts';
import { cleanReply, judgeFailure, judgeReply, parseReply, type FailureKind } from './smtp-reply.ts';
import { secretForms, type SmtpServerOptions } from './smtp-server-options.ts';
import { createSession, type SessionContext, type SmtpSession } from './smtp-session.ts';
import { SmtpWire } from './smtp-wire.ts';
import { systemWords } from './system-words.ts';
import { describeTls, encrypt, tlsFacts, tlsStageFacts } from './tls.ts';
import { tokenMechanism } from './token-mechanism.ts';
import type { WireFailure } from './wire-failure.ts';

/** Why a server could not be opened. */
export interface OpenFailure {
  readonly stage: Stage;
  readonly code: ErrorCode;
  readonly reply: string | null;
  /** What is to be said besides the code's own sentence; null where there is nothing. */
  readonly detail: string | null;
  /** What is said in place of the code's own words; left out where those fit. */
  readonly words?: FaultWords;
  /** Whether the server is to be left alone until settings change or an hour has passed. */
  readonly pauses: boolean;
}

/** One stage that ended while a session was opened. */
export interface StageReport {
  readonly stage: Stage;
  readonly ms: number;
  /** Facts for people, such as the address found. */
  readonly detail: string | null;
  readonly reply: string | null;
  readonly failure: OpenFailure | null;
  /** What was found out besides; null where there is nothing. */
  readonly facts: StageFacts | null;
}

export type StageObserver = (report: StageReport) => void;

export type Opened = { readonly session: SmtpSession } | { readonly failure: OpenFailure };

/**
 * Opens a session stage by stage, each within its own time: name, connection, encryption, greeting, login. Never
 * rejects. A password goes out only after everything that was asked for before it, encryption above all, is in
 * place. When `signal` is aborted, it ends as a failure of the stage it was in.
 */
export async function openSession(
  server: SmtpServerOptions,
  context: SessionContext,
  signal: AbortSignal,
  observe: StageObserver = () => {},
): Promise<Opened> {
  const unusable = loginFault(server);
  if (unusable !== null) {
    const nothing = { reply: null, facts: null } as const;
    observe({ stage: 'auth', ms: 0, detail: unusable.detail, failure: unusable, ...nothing });
    return { failure: unusable };
  }
  const opening = new Opening(server, context, signal, observe);
  return opening.run();
}

/** A login that cannot succeed, known without asking the server. */
function loginFault({ auth }: SmtpServerOptions): OpenFailure | null {
  const fault = { stage: 'auth', reply: null, pauses: true } as const;
  if (auth.method === 'oauth2') {
    const obstacle = auth.tokens.obstacle();
    return obstacle === null ? null : noToken(obstacle);
  }
  if (auth.method === 'password' && auth.password === null) {
    return {
      ...fault,
      code: 'secret_unavailable',
      detail: 'The password for this server cannot be read; nothing was sent to the server.',
    };
  }
  return null;
}

class Opening {
  readonly #server: SmtpServerOptions;
  readonly #context: SessionContext;
  readonly #signal: AbortSignal;
  readonly #observe: StageObserver;
  /** What the server is told in confidence, as it might repeat it. */
  #secrets: readonly string[];
  #stage: Stage = 'dns';
  #stageBegan: number;
  /** What is known of the stage under way. */
  #facts: StageFacts | null = null;

  constructor(
    server: SmtpServerOptions,
    context: SessionContext,
    signal: AbortSignal,
    observe: StageObserver,
  ) {
    this.#server = server;
    this.#context = context;
    this.#signal = signal;
    this.#observe = observe;
    this.#secrets = secretForms(server.auth);
    this.#stageBegan = context.clock.monotonic();
  }

  async run(): Promise<Opened> {
    const { clock, resolve, limits } = this.#context;
    const { host, port, security, auth } = this.#server;

    const looked = await withDeadline(clock, limits.connectMs, this.#signal, resolve(host));
    const addresses = 'done' in looked && 'addresses' in looked.done ? looked.done.addresses : [];
    this.#facts = dnsFacts(host, addresses);
    if ('ended' in looked) return this.#failed('timeout', null);
    if ('nodeCode' in looked.done) return this.#failed('system', looked.done.nodeCode);
    this.#passed(`${host} → ${addresses.join(', ')}`, null, 'connect');

    const connected = await this.#within((stop) => connectAny(addresses, port, clock, stop));
    this.#facts = { kind: 'connect', port, tries: connected.tries };
    if ('nodeCode' in connected) return this.#failed('system', connected.nodeCode);
    this.#passed(`${connected.address} port ${port}`, null, security === 'tls' ? 'tls' : 'greeting');

    let socket: Socket = connected.socket;
    if (security === 'tls') {
      const trust = this.#context.trust();
      const secured = await this.#within((signal) =>
        encrypt(socket, { host, trust, now: clock.now(), signal }),
      );
      if ('nodeCode' in secured) {
        this.#facts = secured.facts;
        return this.#failed('system', secured.nodeCode);
      }
      socket = secured.socket;
      this.#facts = tlsStageFacts(socket, trust);
      this.#passed(describeTls(tlsFacts(socket)), null, 'greeting');
    }

    const wire = new SmtpWire({
      socket,
      secured: security === 'tls',
      starttls: security === 'starttls' ? this.#context.trust() : null,
      host,
      port,
      ehloName: this.#context.ehloName,
      clock,
    });
    const onAbort = (): void => wire.abort('closed');
    this.#signal.addEventListener('abort', onAbort, { once: true });
    if (this.#signal.aborted) onAbort();
    const failure = (await this.#greet(wire)) ?? (await this.#login(wire, auth));
    this.#signal.removeEventListener('abort', onAbort);
    if (failure !== null) {
      wire.close();
      return { failure };
    }
    return { session: createSession(wire, this.#context, this.#secrets) };
  }

  async #greet(wire: SmtpWire): Promise<OpenFailure | null> {
    const { limits } = this.#context;
    let banner: string | null = null;
    let words = '';
    wire.onReply = (reply) => {
      words = cleanReply(reply, this.#secrets);
      banner ??= words;
    };
    let encrypting = false;
    wire.onCommand = (verb) => {
      if (verb === 'STARTTLS') {
        this.#facts = greetingFacts(wire.lastReply, false);
        this.#passed(null, banner, 'tls');
        encrypting = true;
        wire.arm(limits.connectMs);
      } else {
        if (encrypting) {
          this.#facts = tlsStageFacts(wire.socket, this.#context.trust());
          this.#passed(describeTls(tlsFacts(wire.socket)), null, 'greeting');
        }
        encrypting = false;
        wire.arm(limits.commandMs);
      }
    };
    const failure = await wire.greet(limits.connectMs);
    if (failure === null) {
      this.#facts = greetingFacts(wire.lastReply, this.#server.security !== 'none');
      this.#passed(null, banner, 'auth');
      return null;
    }
    // A line that came before the connection was cut and is no reply: something else listens there.
    const other = failure.kind === 'closed' && words !== '' && parseReply(words) === null;
    return this.#dialogueFailed(other ? { ...failure, kind: 'not-smtp', reply: words } : failure);
  }

  async #login(wire: SmtpWire, auth: SmtpServerOptions['auth']): Promise<OpenFailure | null> {
    if (auth.method === 'oauth2') return this.#loginByToken(wire, auth);
    if (auth.method !== 'password' || auth.password === null) return null;
    const offered = methodsOffered(wire.lastReply);
    this.#facts = { kind: 'auth', offered, tried: null };
    if (!offered.some(takesPassword)) {
      return this.#report({
        stage: 'auth',
        code: 'smtp_auth_method_disabled',
        reply: null,
        detail: 'The server offers no login with a password on this connection; none was sent.',
        pauses: true,
      });
    }
    let words: string | null = null;
    wire.onReply = (reply) => {
      words = cleanReply(reply, this.#secrets);
    };
    wire.onCommand = (_verb, tried) => {
      if (tried !== null) this.#facts = { kind: 'auth', offered, tried };
      wire.arm(this.#context.limits.commandMs);
    };
    const failure = await wire.login(this.#context.limits.commandMs, auth.user, auth.password);
    if (failure !== null) return this.#dialogueFailed(failure);
    this.#passed(`logged in as ${auth.user}`, words, 'sender');
    return null;
  }

  async #loginByToken(wire: SmtpWire, auth: TokenAuth): Promise<OpenFailure | null> {
    const { host, port } = this.#server;
    const { clock, limits } = this.#context;
    const ehlo = wire.lastReply;
    this.#facts = { kind: 'auth', offered: methodsOffered(ehlo), tried: tokenMechanism(ehlo) };
    const login = await loginByToken(wire, auth, {
      host,
      port,
      clock,
      limitMs: limits.commandMs,
      signal: this.#signal,
      onSecrets: (secrets) => {
        this.#secrets = secrets;
      },
      judged: (failure) => this.#judged(failure),
    });
    if ('failure' in login) return this.#report(login.failure);
    this.#passed(login.detail, login.reply, 'sender');
    return null;
  }

  /** Runs something that can be stopped, within the limit of the stage. */
  async #within<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const onAbort = (): void => stop.abort();
    const cancel = this.#context.clock.after(this.#context.limits.connectMs, onAbort);
    this.#signal.addEventListener('abort', onAbort, { once: true });
    if (this.#signal.aborted) onAbort();
    const result = await work(stop.signal);
    cancel();
    this.#signal.removeEventListener('abort', onAbort);
    return result;
  }

  #passed(detail: string | null, reply: string | null, next: Stage): void {
    const now = this.#context.clock.monotonic();
    this.#observe({
      stage: this.#stage,
      ms: now - this.#stageBegan,
      detail,
      reply,
      failure: null,
      facts: this.#facts,
    });
    this.#facts = null;
    this.#stage = next;
    this.#stageBegan = now;
  }

  #dialogueFailed(failure: WireFailure): OpenFailure {
    return this.#report(this.#judged(failure));
  }

  #judged(failure: WireFailure): OpenFailure {
    const reply = failure.reply === null ? null : parseReply(failure.reply, this.#secrets);
    this.#facts = failure.facts ?? this.#facts;
    const judged =
      failure.kind === 'reply' && reply !== null
        ? judgeReply(this.#stage, reply)
        : judgeFailure(this.#stage, failure.kind === 'reply' ? 'not-smtp' : failure.kind, failure.nodeCode);
    return {
      stage: this.#stage,
      code: judged.code,
      reply: failure.reply === null ? null : cleanReply(failure.reply, this.#secrets),
      // What TLS has against a server is nowhere else to be read.
      detail: this.#stage === 'tls' && failure.nodeCode !== null ? systemWords(failure.nodeCode) : null,
      pauses: judged.pauses,
    };
  }

  #failed(kind: FailureKind, nodeCode: string | null): { readonly failure: OpenFailure } {
    const { code, pauses } = judgeFailure(this.#stage, kind, nodeCode);
    return {
      failure: this.#report({
        stage: this.#stage,
        code,
        reply: null,
        detail: nodeCode === null ? null : systemWords(nodeCode),
        pauses,
      }),
    };
  }

  #report(failure: OpenFailure): OpenFailure {
    const ms = this.#context.clock.monotonic() - this.#stageBegan;
    const { stage, detail, reply } = failure;
    this.#observe({ stage, ms, detail, reply, failure, facts: this.#facts });
    return failure;
  }
}
