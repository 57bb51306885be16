import type { SmtpEventAction, SmtpEventRule } from '../../shared/contract/settings.ts';
import { clockTime } from './schedule.ts';

type Conditions = SmtpEventRule['conditions'];
export type Weekday = NonNullable<Conditions['daysOfWeek']>[number];
export type ActionType = SmtpEventAction['type'];
export type Method = Extract<SmtpEventAction, { type: 'call-web-page' }>['method'];
/** What a condition asks for that is either so or not. */
export type Asked = 'any' | 'yes' | 'no';

/** Conditions as fields hold them: what is empty is not asked for. */
export interface ConditionsDraft {
  readonly from: string;
  readonly to: string;
  readonly daysOfWeek: readonly Weekday[];
  readonly server: string;
  readonly port: number | null;
  readonly emailAddress: string;
  readonly ssl: Asked;
  readonly requiresAuthentication: Asked;
  readonly customerEmail: string;
}

/** An action with the fields of every type, so that another type can be looked at without losing what was typed. */
export interface ActionDraft {
  /** Names it while it is edited. */
  readonly key: number;
  readonly type: ActionType;
  readonly file: string;
  readonly url: string;
  readonly method: Method;
  /** "Name: value", one a line. */
  readonly headers: string;
  readonly body: string;
  readonly allowedAddresses: readonly string[];
  readonly command: string;
  readonly recipients: readonly string[];
  readonly maxFrequencyMinutes: number | null;
}

/** A rule as its editor holds it. */
export interface EventRuleDraft {
  readonly name: string;
  readonly enabled: boolean;
  readonly event: SmtpEventRule['event'];
  readonly conditions: ConditionsDraft;
  readonly actions: readonly ActionDraft[];
}

export function eventRuleDraft(rule: SmtpEventRule): EventRuleDraft {
  const { timeOfDay, daysOfWeek, server, port, emailAddress, ssl, requiresAuthentication, customerEmail } =
    rule.conditions;
  return {
    name: rule.name,
    enabled: rule.enabled,
    event: rule.event,
    conditions: {
      from: timeOfDay?.from ?? '',
      to: timeOfDay?.to ?? '',
      daysOfWeek: daysOfWeek ?? [],
      server: server ?? '',
      port,
      emailAddress: emailAddress ?? '',
      ssl: asked(ssl),
      requiresAuthentication: asked(requiresAuthentication),
      customerEmail: customerEmail ?? '',
    },
    actions: rule.actions.map((action, key) => actionDraft(action, key)),
  };
}

/** An action that nothing has been typed into. */
export function emptyAction(key: number, type: ActionType): ActionDraft {
  return {
    key,
    type,
    file: 'smtp-events.log',
    url: '',
    method: 'POST',
    headers: '',
    body: '',
    allowedAddresses: [],
    command: '',
    recipients: [],
    maxFrequencyMinutes: 60,
  };
}

/** The rule as the settings hold it; what is wrong with it stays in it, for the rules to name. */
export function eventRuleOf(draft: EventRuleDraft): SmtpEventRule {
  const { conditions } = draft;
  const { from, to } = conditions;
  return {
    name: draft.name.trim(),
    enabled: draft.enabled,
    event: draft.event,
    conditions: {
      timeOfDay:
        from.trim() === '' && to.trim() === ''
          ? null
          : { from: clockTime(from) ?? from.trim(), to: clockTime(to) ?? to.trim() },
      daysOfWeek: conditions.daysOfWeek.length === 0 ? null : [...conditions.daysOfWeek],
      server: textOrNull(conditions.server),
      port: conditions.port,
      emailAddress: textOrNull(conditions.emailAddress),
      ssl: answer(conditions.ssl),
      requiresAuthentication: answer(conditions.requiresAuthentication),
      // A refused login concerns no recipient, so no such event would ever match.
      customerEmail: hasCustomerEmail(draft.event) ? textOrNull(conditions.customerEmail) : null,
    },
    actions: draft.actions.map(actionOf),
  };
}

/** Whether an event concerns recipients. */
export function hasCustomerEmail(event: SmtpEventRule['event']): boolean {
  return event !== 'pop-login-failed';
}

/** How many conditions are set. */
export function conditionCount(conditions: Conditions): number {
  return Object.values(conditions).filter(
    (value) => value !== null && !(Array.isArray(value) && value.length === 0),
  ).length;
}

function actionDraft(action: SmtpEventAction, key: number): ActionDraft {
  const draft = emptyAction(key, action.type);
  switch (action.type) {
    case 'call-web-page':
      return {
        ...draft,
        url: action.url,
        method: action.method,
        headers: Object.entries(action.headers)
          .map(([name, value]) => `${name}: ${value}`)
          .join('\n'),
        body: action.body ?? '',
        allowedAddresses: action.allowedAddresses,
      };
    case 'log-to-file':
    case 'external-provider':
    case 'send-email':
    case 'notification-profile':
      return { ...draft, ...action };
  }
}

function actionOf(draft: ActionDraft): SmtpEventAction {
  const { type } = draft;
  // An empty field is a fault, which the rules name: they ask for a number from 1 on.
  const maxFrequencyMinutes = draft.maxFrequencyMinutes ?? 0;
  switch (type) {
    case 'log-to-file':
      return { type, file: draft.file.trim(), maxFrequencyMinutes };
    case 'call-web-page':
      return {
        type,
        url: draft.url.trim(),
        method: draft.method,
        headers: headersOf(draft.headers),
        body: draft.body === '' ? null : draft.body,
        allowedAddresses: [...draft.allowedAddresses],
      };
    case 'external-provider':
      return { type, command: draft.command.trim(), maxFrequencyMinutes };
    case 'send-email':
      return { type, recipients: [...draft.recipients], maxFrequencyMinutes };
    case 'notification-profile':
      return { type, maxFrequencyMinutes };
  }
}

function headersOf(text: string): Record<string, string> {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [line, ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
}

function asked(value: boolean | null): Asked {
  return value === null ? 'any' : value ? 'yes' : 'no';
}

function answer(value: Asked): boolean | null {
  return value === 'any' ? null : value === 'yes';
}

function textOrNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}
