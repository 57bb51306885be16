import { z } from 'zod';
import { addressFault } from '../address.ts';
import type { ErrorCode } from '../errors.ts';
import type { DeliveryRecord } from '../model/delivery.ts';
import type { SmtpEventRecord } from '../model/smtp-event.ts';
import type { AgentStatus, CheckReport } from '../model/status.ts';
import type { Settings } from './settings.ts';
import type { SettingsFault } from './settings-rules.ts';

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

export type ImportReply =
  | { readonly ok: true; readonly warnings: readonly SettingsFault[] }
  | { readonly ok: false; readonly faults: readonly SettingsFault[] };

/** A reply to a command that names something: whether there is such a thing. */
export type FoundReply = { readonly found: boolean };

/** What acknowledging or snoozing came to. */
export type AlertReply = { readonly outcome: 'done' | 'not-found' | 'not-firing' };

/** Ties the type of a reply to its method; there is nothing of it at run time. */
interface Method<Request extends z.ZodType, Reply> {
  readonly request: Request;
  readonly reply?: Reply;
}

function method<Reply>() {
  return <Request extends z.ZodType>(request: Request): Method<Request, Reply> => ({ request });
}

const nothing = z.strictObject({});
const name = z.string().min(1).max(200);
const address = z.string().superRefine((value, context) => {
  const fault = addressFault(value);
  if (fault !== null) context.addIssue({ code: 'custom', message: `“${value.slice(0, 80)}” ${fault}` });
});
const minutes = z.number().int().min(1).max(525_600);

/**
 * What can be asked of a running agent: every method once. The agent's handlers, the control API's routes and the
 * clients are derived from this table.
 */
export const METHODS = {
  'status.get': method<AgentStatus>()(nothing),
  'settings.export': method<Settings>()(nothing),
  'settings.import': method<ImportReply>()(z.strictObject({ text: z.string(), baseDir: z.string() })),
  'alerts.check': method<CheckReport>()(nothing),
  'alerts.acknowledge': method<AlertReply>()(z.strictObject({ name })),
  'alerts.snooze': method<AlertReply>()(z.strictObject({ name, minutes })),
  'monitoring.pause': method<{ readonly until: number | 'forever' }>()(
    z.strictObject({ minutes: minutes.nullable() }),
  ),
  'monitoring.resume': method<Record<string, never>>()(nothing),
  'reports.send': method<FoundReply & { readonly ids: readonly string[] }>()(z.strictObject({ name })),
  'mail.test': method<TestReport>()(z.strictObject({ to: address, via: z.enum(['smtp', 'relay']) })),
  'log.list': method<readonly DeliveryRecord[]>()(
    z.strictObject({
      limit: z.number().int().min(1).max(500),
      since: z.number().nullable(),
      before: name.nullable(),
    }),
  ),
  'log.get': method<DeliveryRecord | null>()(z.strictObject({ id: name })),
  'log.resend': method<FoundReply>()(z.strictObject({ id: name })),
  'events.list': method<readonly SmtpEventRecord[]>()(
    z.strictObject({
      limit: z.number().int().min(1).max(500),
      before: z.number().int().nullable(),
    }),
  ),
  'console.link': method<{ readonly url: string | null }>()(nothing),
} as const;

export type MethodName = keyof typeof METHODS;
export type RequestOf<Name extends MethodName> = z.infer<(typeof METHODS)[Name]['request']>;
export type ReplyOf<Name extends MethodName> = NonNullable<(typeof METHODS)[Name]['reply']> | NullReply<Name>;
type NullReply<Name extends MethodName> = null extends (typeof METHODS)[Name]['reply'] ? null : never;

/** The agent's side: one function per method. */
export type Handlers = {
  readonly [Name in MethodName]: (request: RequestOf<Name>) => ReplyOf<Name> | Promise<ReplyOf<Name>>;
};

/** The caller's side. A call that fails rejects with the sentence to show. */
export type Client = <Name extends MethodName>(
  name: Name,
  request: RequestOf<Name>,
) => Promise<ReplyOf<Name>>;

export function isMethodName(text: string): text is MethodName {
  return Object.hasOwn(METHODS, text);
}
