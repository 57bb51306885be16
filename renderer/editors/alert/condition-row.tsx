import { useId } from 'react';
import type { ReplyOf } from '../../../shared/contract/ipc.ts';
import type { Severity } from '../../../shared/model/alert.ts';
import { metricDefinition, type MetricName, type TargetKind } from '../../../shared/model/metrics.ts';
import { IconButton } from '../../components/button.tsx';
import { ScaledNumber } from '../../components/scaled-number.tsx';
import { ComboBox, Select, type SelectOption } from '../../components/select.tsx';
import { StateMark } from '../../components/state-mark.tsx';
import { isSound } from '../../model/alert-draft.ts';
import { type ConditionDraft, conditionOf, withMetric } from '../../model/condition-draft.ts';
import { liveLine } from '../../model/condition-live.ts';
import { type EntryFaults, faultAt } from '../../model/entry-faults.ts';
import { SECOND_SCALES, UNIT_SCALES } from '../../model/scale.ts';
import { ALERTS, conditionNumberText, removeConditionText } from '../../strings/alerts.ts';
import { METRIC_GROUPS, TARGETS } from '../../strings/metrics.ts';
import type { LiveConditions } from './use-live-conditions.ts';

type Inventory = ReplyOf<'inventory.get'>;

export interface ConditionRowProps {
  readonly row: ConditionDraft;
  readonly position: number;
  readonly severity: Severity;
  readonly onChange: (row: ConditionDraft) => void;
  /** Null for the last one that is left. */
  readonly onRemove: (() => void) | null;
  readonly faults: EntryFaults;
  readonly live: LiveConditions;
  readonly inventory: Inventory | null;
  readonly example: string | undefined;
}

/** One condition: what is measured, on what, its limit, and beneath it what that comes to now. */
export function ConditionRow(props: ConditionRowProps) {
  const { row, position, onChange, onRemove, faults } = props;
  const id = useId();
  const definition = metricDefinition(row.metric);
  const path = `conditions[${position}]`;
  const set = (part: Partial<ConditionDraft>) => onChange({ ...row, ...part });
  return (
    <div role="group" aria-labelledby={id} className="condition">
      <div className="condition-head">
        <h3 id={id}>{conditionNumberText(position + 1)}</h3>
        {onRemove !== null && (
          <span className="push">
            <IconButton icon="close" label={removeConditionText(position + 1)} onPress={onRemove} />
          </span>
        )}
      </div>
      <div className="condition-fields">
        <div className="condition-metric">
          <Select
            label={ALERTS.metric}
            value={row.metric}
            onChange={(metric) => onChange(withMetric(row, metric))}
            options={METRIC_OPTIONS}
            fault={faultAt(faults, `${path}.metric`)}
          />
        </div>
        {definition.target !== null && (
          <Target {...props} kind={definition.target} fault={faultAt(faults, `${path}.target`)} />
        )}
      </div>
      <div className="condition-fields" key={row.metric}>
        {definition.kind === 'state' ? (
          <Select
            label={ALERTS.is}
            value={row.is}
            onChange={(is) => set({ is })}
            options={definition.states.map((value) => ({ value, label: value }))}
            fault={faultAt(faults, `${path}.is`)}
          />
        ) : (
          <>
            <div className="condition-side">
              <Select
                label={ALERTS.side}
                value={row.side}
                onChange={(side) => set({ side })}
                options={[
                  { value: 'above', label: ALERTS.above },
                  { value: 'below', label: ALERTS.below },
                ]}
              />
            </div>
            <ScaledNumber
              label={ALERTS.limit}
              value={row.limit}
              onChange={(limit) => set({ limit })}
              scales={UNIT_SCALES[definition.unit]}
              usual={USUAL_SCALES[definition.unit] ?? ''}
              fault={limitFault(faults, path)}
            />
            <ScaledNumber
              label={ALERTS.clear}
              note={ALERTS.clearNote}
              value={row.clear}
              onChange={(clear) => set({ clear })}
              scales={UNIT_SCALES[definition.unit]}
              usual={USUAL_SCALES[definition.unit] ?? ''}
              fault={faultAt(faults, `${path}.clear`)}
            />
          </>
        )}
        <ScaledNumber
          label={ALERTS.hold}
          value={row.forSeconds}
          onChange={(forSeconds) => set({ forSeconds })}
          scales={SECOND_SCALES}
          usual="min"
          minValue={0}
          fault={faultAt(faults, `${path}.forSeconds`)}
        />
        <ScaledNumber
          label={ALERTS.unknownAfter}
          note={ALERTS.unknownAfterNote}
          value={row.unknownAfterSeconds}
          onChange={(unknownAfterSeconds) => set({ unknownAfterSeconds })}
          scales={SECOND_SCALES}
          usual="min"
          minValue={0}
          fault={faultAt(faults, `${path}.unknownAfterSeconds`)}
        />
      </div>
      <Live {...props} />
    </div>
  );
}

const USUAL_SCALES: Readonly<Partial<Record<string, string>>> = {
  bytes: 'GiB',
  bytesPerSecond: 'MiB/s',
  seconds: 'h',
};

const METRIC_OPTIONS: readonly SelectOption<MetricName>[] = METRIC_GROUPS.flatMap(({ title, metrics }) =>
  Object.entries(metrics).map(([name, label]) => {
    const value = name as MetricName;
    return { value, label, group: title, hint: unitHint(value) };
  }),
);

/** "%", "GiB", "stopped or running": how its values read. */
function unitHint(metric: MetricName): string {
  const definition = metricDefinition(metric);
  if (definition.kind === 'state') return definition.states.join(', ');
  const scales = UNIT_SCALES[definition.unit];
  const usual = USUAL_SCALES[definition.unit];
  return usual ?? scales[0]?.label ?? '';
}

function limitFault(faults: EntryFaults, path: string): string | null {
  const own = faultAt(faults, `${path}.above`) ?? faultAt(faults, `${path}.below`);
  if (own !== null) return own;
  return faultAt(faults, path) === null ? null : ALERTS.missingLimit;
}

function Target(props: ConditionRowProps & { readonly kind: TargetKind; readonly fault: string | null }) {
  const { row, onChange, kind, fault, inventory, example } = props;
  const { label, placeholder, missing } = TARGETS[kind];
  return (
    <div className="condition-target">
      <ComboBox
        label={label}
        value={row.target}
        onChange={(target) => onChange({ ...row, target })}
        options={suggestions(kind, inventory).map((value) => ({ value, label: value }))}
        placeholder={example ?? placeholder}
        fault={fault !== null && row.target.trim() === '' ? missing : fault}
      />
    </div>
  );
}

function suggestions(kind: TargetKind, inventory: Inventory | null): readonly string[] {
  if (inventory === null) return [];
  switch (kind) {
    case 'mount':
      return inventory.mounts;
    case 'interface':
      return inventory.interfaces;
    case 'process':
      return inventory.processes;
    case 'service':
      return inventory.services;
    case 'host:port':
    case 'url':
    case 'name':
    case 'path':
      return [];
  }
}

/** "Disk / used 61 % — would not fire." */
function Live({ row, severity, live }: ConditionRowProps) {
  const condition = conditionOf(row);
  const found = live.of(condition);
  if (found === null) {
    return (
      <p className="condition-live muted">{isSound(condition) ? ALERTS.measuring : ALERTS.notComplete}</p>
    );
  }
  const line = liveLine(found, severity, row.forSeconds ?? 0);
  return (
    <p className="condition-live" aria-live="polite">
      <StateMark state={line.state} />
      <span>
        <strong>{line.found}</strong> — {line.verdict}
      </span>
    </p>
  );
}
