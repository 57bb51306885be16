import type { Settings, SmtpEventRule } from '../../../shared/contract/settings.ts';
import type { ServerName, Stage } from '../../../shared/model/delivery.ts';
import type { ErrorCode } from '../../../shared/errors.ts';
import type { SmtpEvent, SmtpEventType } from '../../../shared/model/smtp-event.ts';
import type { EventContext } from './derive.ts';

interface Example {
  readonly stage: Stage;
  readonly code: ErrorCode;
  readonly reply: string | null;
}

/** What each event is about most often. */
const EXAMPLES: Readonly<Record<SmtpEventType, Example>> = {
  'connection-failed': { stage: 'connect', code: 'smtp_connection_refused', reply: null },
  'delivery-failed': { stage: 'recipient', code: 'smtp_temporary', reply: '450 4.2.0 Greylisted, try later' },
  'final-delivery-failed': {
    stage: 'recipient',
    code: 'smtp_recipient_rejected',
    reply: '550 5.1.1 No such user here',
  },
  'pop-login-failed': { stage: 'auth', code: 'mailbox_login_failed', reply: '[AUTH] Login refused' },
};

/** Names reserved for examples (RFC 2606), where the settings know no real one. */
const NO_SERVER: ServerName = { host: 'mail.example.com', port: 587, security: 'starttls' };
const NO_CUSTOMER = 'customer@example.com';

/**
 * An event as one would be, made up so that the rule is about it whatever the time: from what its conditions ask for,
 * else from the settings. Pure.
 */
export function sampleEvent(rule: SmtpEventRule, settings: Settings, context: EventContext): SmtpEvent {
  const { conditions } = rule;
  const isMailbox = rule.event === 'pop-login-failed';
  const known = isMailbox ? settings.mailbox : settings.smtp.servers[0];
  const { host, port, security } = known ?? NO_SERVER;
  const server: ServerName = {
    host: conditions.server ?? host,
    port: conditions.port ?? port,
    security: conditions.ssl === null ? security : encryptedOrNot(conditions.ssl, security),
  };
  const needsLogin = isMailbox ? true : context.requiresAuthentication(server);
  const ownAddress = isMailbox ? (settings.mailbox?.user ?? null) : context.emailAddress;
  return {
    type: rule.event,
    at: context.now,
    route: isMailbox ? 'mailbox' : 'smtp',
    server,
    requiresAuthentication: conditions.requiresAuthentication ?? needsLogin,
    emailAddress: conditions.emailAddress ?? ownAddress,
    messageId: null,
    subject: isMailbox ? null : 'A mail that does not exist',
    recipients:
      isMailbox && conditions.customerEmail === null ? [] : [conditions.customerEmail ?? NO_CUSTOMER],
    ...EXAMPLES[rule.event],
  };
}

function encryptedOrNot(wanted: boolean, security: ServerName['security']): ServerName['security'] {
  if (!wanted) return 'none';
  return security === 'none' ? 'starttls' : security;
}
