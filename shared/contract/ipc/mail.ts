import { z } from 'zod';
import type { ErrorCode } from '../../errors.ts';
import type { LatestMessage } from '../../model/delivery.ts';
import { type Finding, FINDING_CODES } from '../../model/finding.ts';
import type { StageFacts } from '../../model/stage-facts.ts';
import { address, errorCodeOrNull, id, name, textOrNull, time, timeOrNull } from './common.ts';
import { attemptRoute, deliveryRecord, deliverySummary } from './delivery.ts';
import { schemaFor } from './schema-for.ts';
import { stageFacts } from './stage-facts.ts';

/** One step of a test: what was tried, how long it took, and what came of it. */
export interface TestStage {
  readonly stage: string;
  readonly title: string;
  readonly outcome: 'ok' | 'failed' | 'skipped';
  readonly detail: string;
  readonly durationMs: number;
  /** The server's own words, if it said any. */
  readonly reply: string | null;
  readonly code: ErrorCode | null;
  /** What happened, for people; null unless it failed, as are its cause and mend. */
  readonly sentence: string | null;
  readonly cause: string | null;
  readonly mend: string | null;
  /** What was found out at this stage; null where there is nothing to show. */
  readonly facts: StageFacts | null;
}

/** The Test button's answer: the stages in order, and whether the first server took the message. */
export interface TestReport {
  readonly accepted: boolean;
  /** In one sentence; says "accepted by", never "delivered" (C6). */
  readonly sentence: string;
  readonly via: 'smtp' | 'relay' | 'practice';
  readonly server: string | null;
  readonly stages: readonly TestStage[];
}

export const testStage = schemaFor<TestStage>()(
  z.object({
    stage: z.string(),
    title: z.string(),
    outcome: z.enum(['ok', 'failed', 'skipped']),
    detail: z.string(),
    durationMs: z.number(),
    reply: textOrNull,
    code: errorCodeOrNull,
    sentence: textOrNull,
    cause: textOrNull,
    mend: textOrNull,
    facts: stageFacts.nullable(),
  }),
);

export const testReport = schemaFor<TestReport>()(
  z.object({
    accepted: z.boolean(),
    sentence: z.string(),
    via: z.enum(['smtp', 'relay', 'practice']),
    server: textOrNull,
    stages: z.array(testStage),
  }),
);

const finding = schemaFor<Finding>()(
  z.object({
    code: z.enum(FINDING_CODES),
    level: z.enum(['warning', 'note']),
    sentence: z.string(),
    mend: z.string(),
  }),
);

/** Names one test among the events of several; the page makes it up. */
export const testId = z.string().min(1).max(100);

/** The From of a form, null where it has none; without it the one of the settings. */
const formFrom = z.strictObject({ name: textOrNull, address }).nullable().optional();

const timeoutSeconds = z.number().int().min(1).max(120);

/** Whether a server lets this computer in; if not, why in a sentence, and the stage that failed where one was reached. */
const checkReply = z.object({
  reached: z.boolean(),
  server: textOrNull,
  sentence: textOrNull,
  failure: testStage.nullable(),
});

/** A mail in the practice mailbox, as a list shows it. */
const practiceEntry = z.object({
  id: z.string(),
  at: time,
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
});

/** A mail of the practice mailbox with its bodies. `headers` are as they came, one string. */
const practiceMail = practiceEntry.extend({ html: textOrNull, text: z.string(), headers: z.string() });

/** Whether a server's name has an address (K7). `sentence` says what is wrong; null where it resolves. */
const resolveReply = z.object({
  state: z.enum(['resolves', 'not-found', 'no-answer']),
  addresses: z.array(z.string()).readonly(),
  sentence: textOrNull,
});

/** A well-known mail server to begin with (C4). */
const serverPreset = z.object({
  name: z.string(),
  host: z.string(),
  port: z.number(),
  security: z.enum(['none', 'starttls', 'tls']),
  note: textOrNull,
});

/** Which messages of the delivery log; each filter that is null or left out lets everything pass. */
const logFilter = {
  /** Words that all stand in the subject, a recipient's address or the name of what raised it. */
  search: z.string().max(200).nullable().optional(),
  /** Messages of which at least one recipient is in this state, by what is known now: who bounced has failed. */
  status: z.enum(['waiting', 'accepted', 'failed']).nullable().optional(),
};

/** The newest message of one source; recipients are counted by how they fare. */
const latestMessage = schemaFor<LatestMessage>()(
  z.object({
    name: z.string(),
    id: z.string(),
    at: time,
    waiting: z.number(),
    accepted: z.number(),
    failed: z.number(),
  }),
);

/** Requests and replies of the methods that concern mail: tests, the delivery log, the practice mailbox. */
export const MAIL_METHODS = {
  'mail.test': {
    request: z.strictObject({
      to: address,
      via: z.enum(['smtp', 'relay']),
      /** Its stages are told as events as well, under this name. */
      testId: testId.optional(),
      /**
       * One of `smtp.servers` as it stands in a form, not saved yet; a password that is left out is the one that is stored
       * for the same host, port and user. Without it the servers of the settings are tried in order.
       */
      server: z.unknown().optional(),
      from: formFrom,
      /** That of the form; without it the one of the settings. */
      timeoutSeconds: timeoutSeconds.optional(),
    }),
    reply: testReport,
  },
  /** As a test, up to the login: no mail is sent. For a page that has just saved a server (K8). */
  'mail.check': {
    request: z.strictObject({ server: z.unknown(), timeoutSeconds: timeoutSeconds.optional() }),
    reply: checkReply,
  },
  /**
   * What can be said of the sender without sending mail: From and login, its domain, the SPF record. Asked beside a test,
   * which it neither delays nor fails; answered within 3 s. `server` and `from` as for a test.
   */
  'mail.findings': {
    request: z.strictObject({ server: z.unknown().optional(), from: formFrom }),
    reply: z.array(finding).readonly(),
  },
  'mail.resolve': { request: z.strictObject({ host: z.string().min(1).max(253) }), reply: resolveReply },
  'mail.presets': { request: z.strictObject({}), reply: z.array(serverPreset).readonly() },
  /** Newest first. */
  'log.list': {
    request: z.strictObject({
      limit: z.number().int().min(1).max(500),
      since: timeOrNull,
      before: name.nullable(),
      ...logFilter,
    }),
    reply: z.array(deliveryRecord).readonly(),
  },
  /** The same as a list shows it, for a log of any length: without the mails' words and attempts. */
  'log.rows': {
    request: z.strictObject({
      limit: z.number().int().min(1).max(500),
      before: name.nullable(),
      ...logFilter,
      /** Messages whose last attempt went this way, or that are to go this way. */
      route: attemptRoute.nullable().optional(),
    }),
    reply: z.array(deliverySummary).readonly(),
  },
  /** The newest message of each alert, report or file alert that has made one, and how its recipients fare. */
  'log.latest': {
    request: z.strictObject({ type: z.enum(['alert', 'report', 'file-alert']) }),
    reply: z.array(latestMessage).readonly(),
  },
  'log.get': { request: z.strictObject({ id }), reply: deliveryRecord.nullable() },
  'log.resend': { request: z.strictObject({ id }), reply: z.object({ found: z.boolean() }) },
  'practice.list': {
    request: z.strictObject({ limit: z.number().int().min(1).max(500) }),
    reply: z.array(practiceEntry).readonly(),
  },
  'practice.get': { request: z.strictObject({ id }), reply: practiceMail.nullable() },
} as const;
