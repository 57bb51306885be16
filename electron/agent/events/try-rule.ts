import type { Settings, SmtpEventAction, SmtpEventRule } from '../../../shared/contract/settings.ts';
import { eventSentence, type RuleTrial, type TriedAction } from '../../../shared/model/smtp-event.ts';
import type { PerformAction } from './actions.ts';
import type { EventContext } from './derive.ts';
import { type LocalMoment, ruleMatches } from './rules.ts';
import { sampleEvent } from './sample-event.ts';

export interface TryRuleOptions {
  readonly settings: Settings;
  readonly context: EventContext;
  readonly moment: LocalMoment;
  readonly perform: PerformAction;
  /** Writes what an action leaves to be written. */
  readonly write: (alongside: () => void) => void;
  /** Told of each outcome, for the log. */
  readonly onTried: (action: TriedAction) => void;
  readonly onFault: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/**
 * “Try this rule”: does all its actions once, at once, on a made-up event, whether the rule is enabled or not. Its max
 * frequencies neither hold that back nor count it, and nothing is tried again.
 */
export async function tryRule(rule: SmtpEventRule, options: TryRuleOptions): Promise<RuleTrial> {
  const event = sampleEvent(rule, options.settings, options.context);
  const tryOne = async (action: SmtpEventAction): Promise<TriedAction> => {
    const tried = await outcomeOf(action);
    options.onTried(tried);
    return tried;
  };
  const outcomeOf = async (action: SmtpEventAction): Promise<TriedAction> => {
    const { type } = action;
    const common = { seq: 0, event, rule: rule.name, tries: 0, suppressed: 0, suppressedSince: null };
    try {
      const outcome = await options.perform({ ...common, action, isTest: true }, options.signal);
      if (outcome.kind !== 'done') return { type, outcome: 'failed', text: outcome.text, messageIds: [] };
      if (outcome.alongside !== undefined) options.write(outcome.alongside);
      return { type, outcome: 'done', text: outcome.text, messageIds: outcome.messageIds ?? [] };
    } catch (error) {
      options.onFault(error);
      const text = 'an unexpected fault inside Tocsin, see its log';
      return { type, outcome: 'failed', text, messageIds: [] };
    }
  };
  return {
    event,
    sentence: eventSentence(event),
    actsNow: ruleMatches({ ...rule, enabled: true }, event, options.moment),
    actions: await Promise.all(rule.actions.map(tryOne)),
  };
}
