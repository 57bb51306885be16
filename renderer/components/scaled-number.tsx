import { useState } from 'react';
import { fittingScale, type Scale } from '../model/scale.ts';
import type { FieldProps } from './field.tsx';
import { NumberField } from './number-field.tsx';
import { Select } from './select.tsx';

export interface ScaledNumberProps extends FieldProps {
  /** In the basic unit, the one of factor 1; null while it is empty. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  /** The units to choose from, from small to large; a single one is shown and not chosen. */
  readonly scales: readonly Scale[];
  /** The label of the unit to begin with where there is no value yet. */
  readonly usual?: string;
  readonly minValue?: number;
}

/** A number in a unit of the user's choice: another unit keeps the number that was typed. */
export function ScaledNumber({ value, onChange, scales, usual, minValue, ...props }: ScaledNumberProps) {
  const byLabel = (label: string) => scales.find((scale) => scale.label === label) ?? null;
  const [chosen, setChosen] = useState<Scale | null>(() =>
    fittingScale(value, scales, usual === undefined ? null : byLabel(usual)),
  );
  const factor = chosen?.factor ?? 1;
  const [only, ...others] = scales;
  const change = (label: string) => {
    const next = byLabel(label);
    setChosen(next);
    if (value !== null && next !== null) onChange((value / factor) * next.factor);
  };
  return (
    <NumberField
      {...props}
      value={value === null ? null : value / factor}
      onChange={(typed) => onChange(typed === null ? null : typed * factor)}
      formatOptions={{ maximumFractionDigits: 3, useGrouping: false }}
      {...(minValue === undefined ? {} : { minValue })}
      {...(others.length === 0 && only !== undefined && only.label !== '' ? { unit: only.label } : {})}
      {...(others.length === 0
        ? {}
        : {
            after: (
              <UnitSelect
                label={`Unit of “${props.label}”`}
                value={chosen?.label ?? ''}
                onChange={change}
                scales={scales}
                isDisabled={props.isDisabled === true}
              />
            ),
          })}
    />
  );
}

function UnitSelect({
  label,
  value,
  onChange,
  scales,
  isDisabled,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (label: string) => void;
  readonly scales: readonly Scale[];
  readonly isDisabled: boolean;
}) {
  return (
    <span className="unit-select">
      <Select
        label={label}
        isLabelHidden
        value={value}
        onChange={onChange}
        options={scales.map((scale) => ({ value: scale.label, label: scale.label }))}
        isDisabled={isDisabled}
      />
    </span>
  );
}
