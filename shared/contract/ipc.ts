import { z } from 'zod';
import { ALERT_METHODS } from './ipc/alerts.ts';
import { nothing, textOrNull } from './ipc/common.ts';
import { COMPUTER_METHODS } from './ipc/computer.ts';
import { EVENT_METHODS } from './ipc/events.ts';
import { FILE_METHODS } from './ipc/files.ts';
import { MAIL_METHODS, testStage } from './ipc/mail.ts';
import { MAILBOX_METHODS } from './ipc/mailbox.ts';
import { OAUTH_METHODS, signIn } from './ipc/oauth.ts';
import { RELAY_METHODS } from './ipc/relay.ts';
import { SETTINGS_METHODS } from './ipc/settings.ts';
import { agentStatus } from './ipc/status.ts';

export type { AlertReply } from './ipc/alerts.ts';
export type { EnrolReply, RelayReply } from './ipc/relay.ts';
export type { SignIn, SignInStatus } from './ipc/oauth.ts';
export type { TestReport, TestStage } from './ipc/mail.ts';
export type { MailboxTestReport } from './ipc/mailbox.ts';

/**
 * What can be asked of a running agent: every method once, with the schemas of its request and its reply. The agent's
 * handlers, the control API's routes, the clients and the tests of who is let in are derived from this table. No reply
 * holds a secret.
 */
export const METHODS = {
  'status.get': { request: nothing, reply: agentStatus },
  'console.link': { request: nothing, reply: z.object({ url: textOrNull }) },
  ...SETTINGS_METHODS,
  ...ALERT_METHODS,
  ...FILE_METHODS,
  ...MAIL_METHODS,
  ...EVENT_METHODS,
  ...MAILBOX_METHODS,
  ...RELAY_METHODS,
  ...OAUTH_METHODS,
  ...COMPUTER_METHODS,
} as const;

/** What a running agent tells by itself, with the schema of what comes along. No event holds a secret. */
export const EVENTS = {
  /** After each check and each delivery, at most one a second, and once at the beginning. */
  'status.changed': agentStatus,
  /** Something entered the delivery log or changed in it, at most one a second. `newest` is the latest message's id. */
  'log.changed': z.object({ newest: textOrNull }),
  'settings.changed': z.object({ revision: z.string() }),
  /** A stage of a test that bears a `testId` has ended. */
  'test.stage': z.object({ testId: z.string(), stage: testStage }),
  /** A sign-in by OAuth 2.0 came to its end. */
  'oauth.changed': signIn,
} as const;

export type MethodName = keyof typeof METHODS;
export type RequestOf<Name extends MethodName> = z.infer<(typeof METHODS)[Name]['request']>;
export type ReplyOf<Name extends MethodName> = z.infer<(typeof METHODS)[Name]['reply']>;

export type EventName = keyof typeof EVENTS;
export type PayloadOf<Name extends EventName> = z.infer<(typeof EVENTS)[Name]>;

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

export function isEventName(text: string): text is EventName {
  return Object.hasOwn(EVENTS, text);
}
