import { z } from 'zod';
import type { Attempt, DeliveryRecord, RecipientOutcome, RecipientState } from '../../model/delivery.ts';
import type { Message } from '../../model/message.ts';
import { errorCodeOrNull, severity, textOrNull, time, timeOrNull } from './common.ts';
import { schemaFor } from './schema-for.ts';
import { serverName } from './status.ts';

/** Schemas of `shared/model/message.ts` and `delivery.ts`. */

const message = schemaFor<Message>()(
  z.object({
    id: z.string(),
    messageId: z.string(),
    kind: z.enum(['alert', 'resolved', 'reminder', 'group', 'report', 'file-alert', 'notice', 'test']),
    severity,
    source: z.object({
      type: z.enum(['alert', 'report', 'file-alert', 'smtp-event', 'system']),
      name: z.string(),
    }),
    createdAt: time,
    causedAt: time,
    channel: z.enum(['email', 'sms']),
    route: z.enum(['smtp', 'relay']),
    subject: z.string(),
    text: z.string(),
    html: textOrNull,
    priority: z.enum(['high', 'normal', 'low']),
    references: z.array(z.string()),
    incidentId: textOrNull,
    attachments: z.array(z.object({ name: z.string(), sizeBytes: z.number() })),
    recipients: z.array(z.string()),
  }),
);

const recipientState = schemaFor<RecipientState>()(
  z.object({
    address: z.string(),
    status: z.enum(['queued', 'accepted', 'failed']),
    attempts: z.number(),
    nextAttemptAt: timeOrNull,
    settledAt: timeOrNull,
    code: errorCodeOrNull,
    reply: textOrNull,
    news: z
      .object({
        state: z.enum(['accepted', 'failed', 'bounced', 'arrived']),
        at: time,
        source: z.enum(['relay', 'bounce', 'round-trip']),
        reply: textOrNull,
      })
      .nullable(),
  }),
);

const recipientOutcome = schemaFor<RecipientOutcome>()(
  z.object({
    address: z.string(),
    verdict: z.enum(['accepted', 'retry', 'rejected', 'unknown']),
    code: errorCodeOrNull,
    reply: textOrNull,
  }),
);

export const stage = z.enum([
  'route',
  'dns',
  'connect',
  'tls',
  'greeting',
  'auth',
  'sender',
  'recipient',
  'data',
  'accepted',
]);

const attempt = schemaFor<Attempt>()(
  z.object({
    at: time,
    durationMs: z.number(),
    route: z.enum(['smtp', 'relay', 'practice']),
    server: serverName.nullable(),
    stage,
    code: errorCodeOrNull,
    reply: textOrNull,
    reason: z.string(),
    outcomes: z.array(recipientOutcome),
  }),
);

export const deliveryRecord = schemaFor<DeliveryRecord>()(
  z.object({ message, recipients: z.array(recipientState), attempts: z.array(attempt) }),
);
