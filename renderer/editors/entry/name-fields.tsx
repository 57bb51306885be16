import { Checkbox } from '../../components/choices.tsx';
import { TextField } from '../../components/text-field.tsx';
import { type EntryFaults, faultAt } from '../../model/entry-faults.ts';
import { EDITOR } from '../../strings/editor.ts';

export interface NameFieldsProps {
  readonly draft: { readonly name: string; readonly enabled: boolean };
  readonly change: (part: { readonly name?: string; readonly enabled?: boolean }) => void;
  readonly faults: EntryFaults;
  /** What it means that it is off. */
  readonly enabledNote: string;
}

/** What every tab “General” begins with. */
export function NameFields({ draft, change, faults, enabledNote }: NameFieldsProps) {
  return (
    <>
      <div className="stretched">
        <TextField
          label={EDITOR.name}
          value={draft.name}
          onChange={(name) => change({ name })}
          fault={faultAt(faults, 'name')}
          autoFocus
        />
      </div>
      <Checkbox
        label={EDITOR.enabled}
        isSelected={draft.enabled}
        onChange={(enabled) => change({ enabled })}
        note={enabledNote}
      />
    </>
  );
}
