import type { HeartbeatRequest, MessageState } from '../../shared/contract/relay-api.ts';
import type { Message } from '../../shared/model/message.ts';

/** An installation as the operator has set it up. Times are wall-clock milliseconds. */
export interface Installation {
  readonly id: string;
  /** Given by the operator; unique. */
  readonly name: string;
  /** The Reply-To of its mails; null for none. */
  readonly replyTo: string | null;
  /** When its subscription ends; null for never. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly createdAt: number;
  /** Null until a code was used. */
  readonly enrolment: {
    readonly keyId: string;
    /** What the installation called itself. */
    readonly reportedName: string;
    readonly at: number;
  } | null;
  readonly heartbeat: Heartbeat | null;
}

/** What an installation said last, and whether its silence was reported since. */
export interface Heartbeat {
  readonly at: number;
  readonly status: string;
  readonly alertsFiring: number;
  readonly outboxSize: number;
  readonly version: string;
  readonly silentSince: number | null;
}

export interface NewInstallation {
  readonly id: string;
  readonly name: string;
  readonly replyTo: string | null;
  readonly expiresAt: number | null;
}

/** A one-time code, of which only the hash is kept. */
export interface NewCode {
  readonly hash: string;
  readonly validUntil: number;
}

/** A key that signs for an installation: 32 bytes in base64url. */
export interface EnrolledKey {
  readonly installation: Installation;
  readonly publicKey: string;
}

/** A message that has passed every check that can be made before the store is asked. */
export interface Submission {
  readonly installationId: string;
  /** The Idempotency-Key. */
  readonly id: string;
  /** Tells whether a later body with the same key is the same. */
  readonly bodyHash: string;
  /** The same as earlier versions have kept it. Asked only where `bodyHash` differs. */
  readonly formerBodyHash: () => string;
  /** What goes into the outbox: at most one for e-mail and one for SMS. */
  readonly messages: readonly Message[];
  /** Whether anything new may be taken now. What was taken before is answered whatever this is. */
  readonly mayAccept: () => Refusal | null;
}

/** Why something new is not taken. */
export type Refusal =
  | { readonly code: 'subscription_expired'; readonly expiresAt: number }
  | { readonly code: 'not_ready' };

export type Acceptance =
  /** Durable. `repeated`: it was accepted earlier, and this is the answer of then. */
  | { readonly kind: 'accepted'; readonly acceptedAt: number; readonly repeated: boolean }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** `address`: the recipient whose quota is used up; null for the installation's. */
  | { readonly kind: 'quota'; readonly address: string | null; readonly retryAfterSeconds: number };

/** How many messages an hour. */
export interface Quotas {
  readonly messagesPerHour: number;
  /** To one recipient, by one installation. */
  readonly messagesPerRecipientPerHour: number;
}

/**
 * Everything the Web Service remembers. SQLite in the data folder now; PostgreSQL, for several processes on one
 * database, is to follow behind the same interface, which is why every method is asynchronous.
 */
export interface RelayStore {
  /** False where the name is taken. */
  addInstallation(installation: NewInstallation, code: NewCode, now: number): Promise<boolean>;
  /** Replaces the code that has not been used yet, if there is one. */
  renewCode(installationId: string, code: NewCode): Promise<void>;
  /** By id or name. */
  findInstallation(idOrName: string): Promise<Installation | null>;
  listInstallations(): Promise<Installation[]>;
  setExpiry(installationId: string, expiresAt: number | null): Promise<void>;
  revoke(installationId: string, now: number): Promise<void>;
  /** Uses a code up and makes this key the installation's only one. Null: used, expired or unknown. */
  enrol(codeHash: string, key: EnrolmentKey, now: number): Promise<Installation | null>;
  /** The installation a key signs for; null where the key is unknown, was replaced, or the installation was revoked. */
  keyOf(keyId: string): Promise<EnrolledKey | null>;

  /** Takes several at once in one transaction, which is on the disk when this resolves. In the same order. */
  accept(submissions: readonly Submission[], quotas: Quotas, now: number): Promise<Acceptance[]>;
  messageState(installationId: string, id: string): Promise<MessageState | null>;

  heartbeat(
    installationId: string,
    heartbeat: HeartbeatRequest,
    silentAfterSeconds: number,
    now: number,
    /** Makes the mail that says it is back; it enters the outbox in the same transaction. */
    backNotice: (installation: Installation) => Message | null,
  ): Promise<void>;
  /** Marks those that have fallen silent and puts a mail about each into the outbox, in one transaction. */
  reportSilence(now: number, notice: (installation: Installation) => Message | null): Promise<number>;
  /** The service was away itself: nobody counts as silent before their time has run anew. */
  forgiveSilence(now: number): Promise<void>;

  suppress(installationId: string, address: string, now: number): Promise<void>;
  /** False where it was not suppressed. */
  unsuppress(installationId: string, address: string): Promise<boolean>;
  /** Those who want no more mail of this installation. */
  suppressed(installationId: string): Promise<string[]>;
  /** 32 random bytes that belong to this store: what unsubscribe addresses are proved with. */
  secret(): Promise<Buffer>;

  /** Forgets messages accepted before this time, and hours that no quota counts any more. Some at a time; how many. */
  prune(acceptedBefore: number, now: number): Promise<number>;
  counts(): Promise<{ readonly installations: number; readonly silent: number; readonly waiting: number }>;
  /** Rejects when nothing can be written. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

export interface EnrolmentKey {
  readonly keyId: string;
  readonly publicKey: string;
  readonly reportedName: string;
}
