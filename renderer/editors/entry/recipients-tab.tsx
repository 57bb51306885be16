import type { ReactNode } from 'react';
import type { Settings } from '../../../shared/contract/settings.ts';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { TagInput } from '../../components/tag-input.tsx';
import { useSettings } from '../../hooks/use-settings.tsx';
import { type EntryFaults, faultWithin } from '../../model/entry-faults.ts';
import { EDITOR } from '../../strings/editor.ts';

/** So many addresses of other entries are offered. */
const KNOWN_MAX = 8;

export interface RecipientsTabProps {
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
  readonly faults: EntryFaults;
  /** What stands here while there are none: what follows from that. */
  readonly whenNone: ReactNode;
}

/** Whom an entry tells, with the addresses that other entries tell to choose from. */
export function RecipientsTab({ values, onChange, faults, whenNone }: RecipientsTabProps) {
  const { view } = useSettings();
  const known = view === null ? [] : knownAddresses(view.settings).filter((each) => !values.includes(each));
  return (
    <div className="groups entry-fields">
      <TagInput
        label={EDITOR.recipientsLabel}
        note={EDITOR.recipientsNote}
        values={values}
        onChange={onChange}
        placeholder="it@contoso.example"
        fault={faultWithin(faults, 'recipients')}
      />
      {known.length > 0 && (
        <div className="row known-addresses">
          <span className="muted">{EDITOR.knownAddresses}</span>
          {known.slice(0, KNOWN_MAX).map((address) => (
            <Button
              key={address}
              aria-label={`Add ${address}`}
              onPress={() => onChange([...values, address])}
            >
              <Icon name="plus" />
              <span className="cut" title={address}>
                {address}
              </span>
            </Button>
          ))}
        </div>
      )}
      {values.length === 0 && <p className="muted">{whenNone}</p>}
    </div>
  );
}

/** Every address that anything is mailed to, those that are used most first. */
function knownAddresses({ alerts, reports, fileAlerts, profile }: Settings): string[] {
  const counts = new Map<string, number>();
  for (const address of [
    ...profile.emails,
    ...[...alerts, ...reports, ...fileAlerts].flatMap(({ recipients }) => recipients),
  ]) {
    counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1]).map(([address]) => address);
}
