import type { ReactNode } from 'react';
import { Group, Input, NumberField as AriaNumberField } from 'react-aria-components';
import { FieldParts, type FieldProps, isFaulty } from './field.tsx';

export interface NumberFieldProps extends FieldProps {
  /** Null while it is empty. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  readonly onBlur?: () => void;
  readonly minValue?: number;
  readonly maxValue?: number;
  readonly step?: number;
  /** Stands behind the number: "min", "%". */
  readonly unit?: string;
  /** A control that belongs to the number, such as the choice of its unit. */
  readonly after?: ReactNode;
  readonly formatOptions?: Intl.NumberFormatOptions;
}

/** One number with its unit; arrow keys and the page keys change it. */
export function NumberField({
  label,
  note,
  fault,
  isLabelHidden = false,
  value,
  onChange,
  unit,
  after,
  ...props
}: NumberFieldProps) {
  return (
    <AriaNumberField
      {...props}
      value={value ?? Number.NaN}
      onChange={(next) => onChange(Number.isNaN(next) ? null : next)}
      isInvalid={isFaulty(fault)}
      validationBehavior="aria"
      className="field"
    >
      <FieldParts label={label} note={note} fault={fault} isLabelHidden={isLabelHidden}>
        <Group className="number-group">
          <Input className="input" />
          {unit !== undefined && <span className="muted">{unit}</span>}
          {after}
        </Group>
      </FieldParts>
    </AriaNumberField>
  );
}
