import { z } from 'zod';
import type { ErrorCode } from '../../errors.ts';
import type { RelayStatus } from '../../model/status.ts';
import { errorCode, nothing, textOrNull, timeOrNull } from './common.ts';
import { schemaFor } from './schema-for.ts';
import { subscription } from './status.ts';

/** What enrolling came to. Times are ISO 8601, as the service said them. */
export type EnrolReply =
  | {
      readonly outcome: 'enrolled';
      readonly from: string;
      readonly subscription: { readonly expiresAt: string | null };
    }
  | { readonly outcome: 'refused'; readonly code: ErrorCode; readonly sentence: string };

/** The enrolment as it is kept, and when the service was asked last; wall-clock milliseconds. */
export interface RelayReply extends Omit<RelayStatus, 'clockOffsetMs'> {
  readonly replyTo: string | null;
  readonly checkedAt: number | null;
}

const enrolReply = schemaFor<EnrolReply>()(
  z.discriminatedUnion('outcome', [
    z.object({
      outcome: z.literal('enrolled'),
      from: z.string(),
      subscription: z.object({ expiresAt: textOrNull }),
    }),
    z.object({ outcome: z.literal('refused'), code: errorCode, sentence: z.string() }),
  ]),
);

const relayReply = schemaFor<RelayReply>()(
  z.object({
    enrolled: z.boolean(),
    url: textOrNull,
    from: textOrNull,
    replyTo: textOrNull,
    subscription,
    checkedAt: timeOrNull,
  }),
);

/** This computer and the Tocsin Web Service. */
export const RELAY_METHODS = {
  'relay.enroll': {
    request: z.strictObject({
      code: z.string().min(1).max(100),
      url: z.string().min(1).max(2000),
      /** A private authority of the service, in PEM. */
      ca: z.string().max(100_000).nullable().optional(),
    }),
    reply: enrolReply,
  },
  'relay.get': { request: nothing, reply: relayReply },
} as const;
