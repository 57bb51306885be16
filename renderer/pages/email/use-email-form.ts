import { useState } from 'react';
import type { Settings } from '../../../shared/contract/settings.ts';
import type { SettingsFault } from '../../../shared/contract/settings-rules.ts';
import type { SettingsView } from '../../api/settings-source.ts';
import { useLoaded } from '../../hooks/use-call.ts';
import { useDebounced } from '../../hooks/use-debounced.ts';
import { useSettings } from '../../hooks/use-settings.tsx';
import { isSame } from '../../model/settings-change.ts';
import { applyEmailDraft, type EmailDraft, emailChange, emailDraftOf } from './email-draft.ts';

export interface EmailForm {
  readonly draft: EmailDraft;
  readonly change: (change: Partial<EmailDraft>) => void;
  /** The settings as they would be saved. */
  readonly document: Settings;
  readonly isDirty: boolean;
  readonly isSaving: boolean;
  /** What is wrong, once it was tried to save; kept up while it is mended. */
  readonly faults: readonly SettingsFault[];
  readonly warnings: readonly SettingsFault[];
  /** Why it was not saved: neither faults nor success. */
  readonly failure: string | null;
  /** Gives what is in force now where it was saved, else null. */
  readonly save: () => Promise<Settings | null>;
  readonly discard: () => void;
}

/** What was changed, and the settings it began from: what others save meanwhile does not go under it. */
interface Edit {
  readonly before: Settings;
  readonly draft: EmailDraft;
}

/** The values of the page E-mail while they are edited, over all its tabs. */
export function useEmailForm(view: SettingsView): EmailForm {
  const { save } = useSettings();
  const [edit, setEdit] = useState<Edit | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [wasTried, setTried] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const before = edit?.before ?? view.settings;
  const draft = edit?.draft ?? emailDraftOf(view.settings);
  const document = applyEmailDraft(draft, before);
  const isDirty = edit !== null && !isSame(document, before);
  const settled = useDebounced(JSON.stringify(document));
  const checked = useLoaded('settings.check', { settings: JSON.parse(settled) as unknown });

  return {
    draft,
    document,
    isDirty,
    isSaving,
    failure,
    faults: wasTried ? (checked.value?.faults ?? []) : [],
    warnings: checked.value?.warnings ?? view.warnings,
    change: (change) =>
      setEdit((current) => ({
        before: current?.before ?? before,
        draft: { ...(current?.draft ?? draft), ...change },
      })),
    discard() {
      setEdit(null);
      setTried(false);
      setFailure(null);
    },
    async save() {
      setSaving(true);
      setFailure(null);
      const outcome = await save(emailChange(before, document));
      setSaving(false);
      if (outcome.outcome === 'saved') {
        setEdit(null);
        setTried(false);
        return document;
      }
      if (outcome.outcome === 'invalid') setTried(true);
      else setFailure(outcome.sentence);
      return null;
    },
  };
}
