import { Checkbox, RadioGroup } from '../../components/choices.tsx';
import { ScaledNumber } from '../../components/scaled-number.tsx';
import type { AlertDraft } from '../../model/alert-draft.ts';
import { type EntryFaults, faultAt } from '../../model/entry-faults.ts';
import { MINUTE_SCALES } from '../../model/scale.ts';
import { ALERTS } from '../../strings/alerts.ts';
import { NameFields } from '../entry/name-fields.tsx';

/** What every tab of the editor is given. */
export interface AlertTabProps {
  readonly draft: AlertDraft;
  readonly change: (part: Partial<AlertDraft>) => void;
  readonly faults: EntryFaults;
}

/** What the alert is called, how bad it is, and how often it is told. */
export function GeneralTab({ draft, change, faults }: AlertTabProps) {
  return (
    <div className="groups entry-fields">
      <NameFields draft={draft} change={change} faults={faults} enabledNote={ALERTS.enabledNote} />
      <RadioGroup
        label={ALERTS.severity}
        orientation="horizontal"
        value={draft.severity}
        onChange={(severity) => change({ severity })}
        options={(['info', 'warning', 'critical'] as const).map((value) => ({
          value,
          label: ALERTS.severities[value],
        }))}
      />
      <div className="stack">
        <Checkbox
          label={ALERTS.recovery}
          isSelected={draft.notifyOnRecovery}
          onChange={(notifyOnRecovery) => change({ notifyOnRecovery })}
        />
        <Checkbox
          label={ALERTS.remind}
          isSelected={draft.reminds}
          onChange={(reminds) => change({ reminds })}
        />
        <div className="beneath-choice">
          <ScaledNumber
            label={ALERTS.remindEvery}
            value={draft.repeatMinutes}
            onChange={(repeatMinutes) => change({ repeatMinutes })}
            scales={MINUTE_SCALES}
            minValue={0}
            isDisabled={!draft.reminds}
            fault={faultAt(faults, 'repeatMinutes')}
          />
        </div>
        <p className="muted small">{ALERTS.conversation}</p>
      </div>
    </div>
  );
}
