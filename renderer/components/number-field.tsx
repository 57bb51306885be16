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
  readonly formatOptions?: Intl.NumberFormatOptions;
}

/** One number with its unit; arrow keys and the page keys change it. */
export function NumberField({ label, note, fault, value, onChange, unit, ...props }: NumberFieldProps) {
  return (
    <AriaNumberField
      {...props}
      value={value ?? Number.NaN}
      onChange={(next) => onChange(Number.isNaN(next) ? null : next)}
      isInvalid={isFaulty(fault)}
      validationBehavior="aria"
      className="field"
    >
      <FieldParts label={label} note={note} fault={fault}>
        <Group className="number-group">
          <Input className="input" />
          {unit !== undefined && <span className="muted">{unit}</span>}
        </Group>
      </FieldParts>
    </AriaNumberField>
  );
}
