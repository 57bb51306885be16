import { useEffect, useEffectEvent, useState } from 'react';
import { parseSettings } from '../../../shared/contract/settings-rules.ts';
import { tellDone } from '../../components/toast.tsx';
import { useUnsavedGuard } from '../../hooks/use-router.tsx';
import { useSettings } from '../../hooks/use-settings.tsx';
import { type EntryFaults, entryFaults } from '../../model/entry-faults.ts';
import { changeEntry, type EntryOf, isSame, type ListName } from '../../model/settings-change.ts';
import { duplicateNameText, savedText } from '../../strings/editor.ts';

/** What an editor is opened with. */
export interface EntryStart<List extends ListName, Draft> {
  readonly list: List;
  /** As it stands in the settings; null for a new one. */
  readonly before: EntryOf<List> | null;
  readonly draft: Draft;
  readonly toEntry: (draft: Draft) => EntryOf<List>;
  /** Called once it is closed, saved or not. */
  readonly onClose: () => void;
}

/** An entry of the settings while it is edited. */
export interface EntryEditor<Draft> {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  /** Empty until saving was tried; from then on they follow what is typed. */
  readonly faults: EntryFaults;
  /** Why saving failed as a whole; null where it did not. */
  readonly failure: string | null;
  readonly isSaving: boolean;
  /** Shows what is wrong; gives it. */
  readonly check: () => EntryFaults;
  /** Saves and closes; gives the faults that stood against it. */
  readonly save: () => Promise<EntryFaults>;
  /** Asks first where something is unsaved. */
  readonly close: () => void;
}

/** The draft of one entry, its faults, and the way to save it. What it was opened with stays, whatever happens in the settings. */
export function useEntryEditor<List extends ListName, Draft extends object>(
  given: EntryStart<List, Draft>,
): EntryEditor<Draft> {
  const { view, save } = useSettings();
  const [start] = useState(given);
  const { onClose } = given;
  const [draft, setDraft] = useState(start.draft);
  const [hasTried, setTried] = useState(false);
  const [refused, setRefused] = useState<EntryFaults>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [isSaved, setSaved] = useState(false);

  const leave = useUnsavedGuard(!isSaved && !isSame(draft, start.draft));
  // Only after the guard is gone, which this very change takes away.
  const closed = useEffectEvent(onClose);
  useEffect(() => {
    if (isSaved) closed();
  }, [isSaved]);

  const faultsOf = (some: Draft): EntryFaults => {
    const entry = start.toEntry(some);
    const others = (view?.settings[start.list] ?? []).filter((other) => !isSame(other, start.before));
    const isTaken = others.some((other) => sameName(other.name, entry.name));
    return [
      ...(isTaken ? [{ path: 'name', message: duplicateNameText(entry.name.trim()) }] : []),
      ...localFaults(start.list, entry),
    ];
  };
  const local = hasTried ? faultsOf(draft) : [];

  const check = () => {
    setTried(true);
    return faultsOf(draft);
  };
  return {
    draft,
    change: (part) => {
      setDraft((before) => ({ ...before, ...part }));
      setRefused([]);
      setFailure(null);
    },
    faults: local.length > 0 ? local : refused,
    failure,
    isSaving,
    check,
    async save() {
      const found = check();
      if (found.length > 0 || isSaving) return found;
      const entry = start.toEntry(draft);
      setSaving(true);
      const reply = await save(changeEntry(start.list, start.before, entry));
      setSaving(false);
      switch (reply.outcome) {
        case 'saved':
          tellDone(savedText(entry.name));
          setSaved(true);
          return [];
        case 'invalid': {
          const faults = entryFaults(reply.faults, start.list);
          setRefused(faults);
          return faults;
        }
        case 'conflict':
        case 'failed':
          setFailure(reply.sentence);
          return [];
      }
    },
    close: () => leave(onClose),
  };
}

/** By the rules of the settings file, but for the schedules, which only the agent can read. */
function localFaults<List extends ListName>(list: List, entry: EntryOf<List>): EntryFaults {
  const parsed = parseSettings({ version: 1, [list]: [entry] }, { cronFault: () => null });
  return parsed.ok ? [] : entryFaults(parsed.faults, list);
}

function sameName(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}
