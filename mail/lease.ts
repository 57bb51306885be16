import type { ErrorCode } from '../shared/errors.ts';
import type { ServerName } from '../shared/model/delivery.ts';
import type { Attachment, Message } from '../shared/model/message.ts';

/** A message that is this worker's alone until it settles it, or the lease runs out. */
export interface Lease {
  readonly message: Message;
  /** Those whose turn it is. */
  readonly recipients: readonly string[];
  readonly pinnedServer: ServerName | null;
  readonly attachments: readonly Attachment[];
}

/** Whether a message may be sent now, by its id and the only server that may have it. */
export type MaySend = (pinnedServer: ServerName | null, id: string) => boolean;

/** A recipient who will get no further try. */
export interface FinalFailure {
  readonly message: Message;
  readonly address: string;
  readonly code: ErrorCode | null;
  readonly reply: string | null;
}
