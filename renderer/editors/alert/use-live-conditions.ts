import type { ConditionSettings } from '../../../shared/contract/settings.ts';
import { formatRule } from '../../../shared/format.ts';
import type { ConditionStatus } from '../../../shared/model/status.ts';
import { useLoaded } from '../../hooks/use-call.ts';
import { useNow } from '../../hooks/use-now.ts';
import { type AlertDraft, soundPart } from '../../model/alert-draft.ts';
import { ALERTS } from '../../strings/alerts.ts';
import { useDebounced } from '../entry/use-debounced.ts';

/** Long enough not to measure each letter of a path. */
const QUIET_MS = 500;
const AGAIN_MS = 10_000;

/** What an alert that is being edited finds now. */
export interface LiveConditions {
  /** What was measured for a condition as it stands; null while it is not complete, or being measured. */
  readonly of: (condition: ConditionSettings) => ConditionStatus | null;
  /** The subject that Tocsin would write; empty while it is not known. */
  readonly subject: string;
}

/** Measures what the draft watches once it rests, and every ten seconds. */
export function useLiveConditions(draft: AlertDraft): LiveConditions {
  const sound = soundPart(draft, ALERTS.newTitle);
  const asked = useDebounced(
    {
      ...sound,
      recipients: [],
      sms: [],
      emailProperties: { ...sound.emailProperties, subject: null },
    },
    QUIET_MS,
  );
  const again = Math.floor(useNow(AGAIN_MS / 2) / AGAIN_MS);
  const { value } = useLoaded('alerts.preview', { alert: asked }, again);
  const found = value !== null && 'conditions' in value ? value : null;
  return {
    // By what it says, not by its place: the answer may belong to rows that have moved since.
    of: (condition) =>
      found?.conditions.find(
        ({ metric, target, limit }) =>
          metric === condition.metric &&
          target === (condition.target ?? null) &&
          limit === formatRule(condition),
      ) ?? null,
    subject: found?.mail.subject ?? '',
  };
}
