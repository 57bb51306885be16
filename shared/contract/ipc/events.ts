import { z } from 'zod';
import {
  type EventActionRecord,
  type SmtpEvent,
  SMTP_EVENT_TYPES,
  type SmtpEventRecord,
} from '../../model/smtp-event.ts';
import { errorCodeOrNull, textOrNull, time, timeOrNull } from './common.ts';
import { stage } from './delivery.ts';
import { schemaFor } from './schema-for.ts';
import { serverName } from './status.ts';

/** Schemas of `shared/model/smtp-event.ts`. */

const smtpEvent = schemaFor<SmtpEvent>()(
  z.object({
    type: z.enum(SMTP_EVENT_TYPES),
    at: time,
    route: z.enum(['smtp', 'relay', 'practice', 'mailbox']),
    server: serverName.nullable(),
    requiresAuthentication: z.boolean().nullable(),
    emailAddress: textOrNull,
    messageId: textOrNull,
    subject: textOrNull,
    recipients: z.array(z.string()),
    stage: stage.nullable(),
    code: errorCodeOrNull,
    reply: textOrNull,
  }),
);

const eventAction = schemaFor<EventActionRecord>()(
  z.object({
    rule: z.string(),
    type: z.string(),
    status: z.enum(['queued', 'done', 'failed']),
    tries: z.number(),
    settledAt: timeOrNull,
    outcome: textOrNull,
    suppressed: z.number(),
  }),
);

const eventRecord = schemaFor<SmtpEventRecord>()(
  z.object({ id: z.number(), event: smtpEvent, actions: z.array(eventAction) }),
);

/** SMTP events and the rules about them. */
export const EVENT_METHODS = {
  /** Newest first; `before` is the id of the last one of the part before. */
  'events.list': {
    request: z.strictObject({
      limit: z.number().int().min(1).max(500),
      before: z.number().int().nullable(),
    }),
    reply: z.array(eventRecord).readonly(),
  },
} as const;
