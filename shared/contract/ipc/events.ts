import { z } from 'zod';
import {
  type EventActionRecord,
  type RuleTrial,
  type SmtpEvent,
  SMTP_EVENT_TYPES,
  type SmtpEventRecord,
  type TriedAction,
} from '../../model/smtp-event.ts';
import { errorCodeOrNull, faults, textOrNull, time, timeOrNull } from './common.ts';
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

const triedAction = schemaFor<TriedAction>()(
  z.object({
    type: z.string(),
    outcome: z.enum(['done', 'failed']),
    text: z.string(),
    messageIds: z.array(z.string()),
  }),
);

const ruleTrial = schemaFor<RuleTrial>()(
  z.object({ event: smtpEvent, sentence: z.string(), actsNow: z.boolean(), actions: z.array(triedAction) }),
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
  /**
   * One of `smtpEvents` as it stands in an editor, not saved: all its actions are done once, for real, on a made-up
   * event; what leaves says that it is a test. May take half a minute.
   */
  'events.try': {
    request: z.strictObject({ rule: z.unknown() }),
    reply: z.union([z.object({ faults }), ruleTrial]),
  },
} as const;
