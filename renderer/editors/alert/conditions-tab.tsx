import { Button } from '../../components/button.tsx';
import { RadioGroup } from '../../components/choices.tsx';
import { Icon } from '../../components/icon.tsx';
import { ScaledNumber } from '../../components/scaled-number.tsx';
import { useLoaded } from '../../hooks/use-call.ts';
import { newConditionKey } from '../../model/alert-draft.ts';
import { type ConditionDraft, emptyCondition } from '../../model/condition-draft.ts';
import { faultAt } from '../../model/entry-faults.ts';
import { SECOND_SCALES } from '../../model/scale.ts';
import { ALERTS } from '../../strings/alerts.ts';
import { ConditionRow } from './condition-row.tsx';
import type { AlertTabProps } from './general-tab.tsx';
import type { LiveConditions } from './use-live-conditions.ts';

export interface ConditionsTabProps extends AlertTabProps {
  readonly live: LiveConditions;
  readonly example: string | undefined;
}

/** What is watched, and when that is wrong. */
export function ConditionsTab({ draft, change, faults, live, example }: ConditionsTabProps) {
  const { value: inventory } = useLoaded('inventory.get', {});
  const { conditions } = draft;
  const changeRow = (row: ConditionDraft) =>
    change({ conditions: conditions.map((each) => (each.key === row.key ? row : each)) });
  return (
    <div className="groups">
      {conditions.length > 1 && (
        <RadioGroup
          label={ALERTS.match}
          orientation="horizontal"
          value={draft.match}
          onChange={(match) => change({ match })}
          options={[
            { value: 'any', label: ALERTS.matchAny },
            { value: 'all', label: ALERTS.matchAll },
          ]}
        />
      )}
      {conditions.map((row, position) => (
        <ConditionRow
          key={row.key}
          row={row}
          position={position}
          severity={draft.severity}
          onChange={changeRow}
          onRemove={
            conditions.length > 1
              ? () => change({ conditions: conditions.filter(({ key }) => key !== row.key) })
              : null
          }
          faults={faults}
          live={live}
          inventory={inventory}
          example={example}
        />
      ))}
      <div>
        <Button
          onPress={() => change({ conditions: [...conditions, emptyCondition(newConditionKey(conditions))] })}
        >
          <Icon name="plus" />
          {ALERTS.addCondition}
        </Button>
      </div>
      <ScaledNumber
        label={ALERTS.unknownAfterAll}
        note={ALERTS.unknownAfterAllNote}
        value={draft.unknownAfterSeconds}
        onChange={(unknownAfterSeconds) => change({ unknownAfterSeconds })}
        scales={SECOND_SCALES}
        minValue={0}
        fault={faultAt(faults, 'unknownAfterSeconds')}
      />
    </div>
  );
}
