import type { SmtpEventAction, SmtpEventRule } from '../../../../../shared/contract/settings.ts';
import { settingsSchema } from '../../../../../shared/contract/settings.ts';
import type { SmtpEvent } from '../../../../../shared/model/smtp-event.ts';
import type { DueAction } from '../../../../../electron/agent/events/event-store.ts';

/** A mail to Ann that a server with TLS and a login refused, given up; what matters to a test is given. */
export function anEvent(given: Partial<SmtpEvent> = {}): SmtpEvent {
  return {
    type: 'final-delivery-failed',
    at: Date.UTC(2026, 0, 5, 8, 0, 0),
    route: 'smtp',
    server: { host: 'mail.contoso.example', port: 465, security: 'tls' },
    requiresAuthentication: true,
    emailAddress: 'tocsin@contoso.example',
    messageId: 'message-1',
    subject: '[CRITICAL] front-desk: Disk nearly full',
    recipients: ['ann@contoso.example'],
    stage: 'recipient',
    code: 'smtp_recipient_rejected',
    reply: '550 5.1.1 User unknown',
    ...given,
  };
}

type Conditions = Partial<SmtpEventRule['conditions']>;

/** A rule on given-up mail, as an import would leave it. */
export function aRule(
  given: { name?: string; enabled?: boolean; event?: string; conditions?: Conditions } = {},
  actions: readonly object[] = [{ type: 'log-to-file', file: 'events.log' }],
): SmtpEventRule {
  const rule = { name: 'Tell me', event: 'final-delivery-failed', ...given, actions };
  const [parsed] = settingsSchema.parse({ version: 1, smtpEvents: [rule] }).smtpEvents;
  if (parsed === undefined) throw new Error('no rule');
  return parsed;
}

export function anAction<Type extends SmtpEventAction['type']>(
  action: object & { type: Type },
): Extract<SmtpEventAction, { type: Type }> {
  return aRule({}, [action]).actions[0] as Extract<SmtpEventAction, { type: Type }>;
}

export function aDueAction(action: object & { type: SmtpEventAction['type'] }, event = anEvent()): DueAction {
  return {
    seq: 1,
    event,
    rule: 'Tell me',
    action: anAction(action),
    tries: 0,
    suppressed: 0,
    suppressedSince: null,
    isTest: false,
  };
}

export const ORIGIN = {
  installation: 'front-desk',
  organisation: 'Contoso Dental',
  hostName: 'pc-17',
} as const;
