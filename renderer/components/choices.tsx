import './field.css';
import type { ReactNode } from 'react';
import {
  CheckboxButton,
  CheckboxField,
  FieldError,
  Label,
  RadioButton,
  RadioField,
  RadioGroup as AriaRadioGroup,
  SwitchButton,
  SwitchField,
  Text,
} from 'react-aria-components';
import { type FieldProps, isFaulty } from './field.tsx';
import { Icon } from './icon.tsx';

export interface CheckboxProps extends Omit<FieldProps, 'label'> {
  readonly label: ReactNode;
  readonly isSelected: boolean;
  readonly onChange: (selected: boolean) => void;
}

export function Checkbox({ label, note, fault, ...props }: CheckboxProps) {
  return (
    <CheckboxField {...props} isInvalid={isFaulty(fault)} validationBehavior="aria" className="field">
      <CheckboxButton className="choice">
        <span className="choice-shape">
          <Icon name="check" />
        </span>
        <span>{label}</span>
      </CheckboxButton>
      <ChoiceNote note={note} />
      <FieldError className="field-fault choice-note">{fault}</FieldError>
    </CheckboxField>
  );
}

/** Something that is on or off at once, without being saved first: an alert in a list, for instance. */
export function Switch({ label, note, fault: _none, ...props }: CheckboxProps) {
  return (
    <SwitchField {...props} className="field">
      <SwitchButton className="choice choice-switch">
        <span className="choice-shape" />
        <span>{label}</span>
      </SwitchButton>
      <ChoiceNote note={note} />
    </SwitchField>
  );
}

export interface RadioOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly note?: ReactNode;
  readonly isDisabled?: boolean;
}

export interface RadioGroupProps<Value extends string> extends FieldProps {
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly RadioOption<Value>[];
  readonly orientation?: 'horizontal' | 'vertical';
}

export function RadioGroup<Value extends string>({
  label,
  note,
  fault,
  options,
  onChange,
  orientation = 'vertical',
  ...props
}: RadioGroupProps<Value>) {
  return (
    <AriaRadioGroup
      {...props}
      orientation={orientation}
      onChange={(value) => {
        const chosen = options.find((option) => option.value === value);
        if (chosen) onChange(chosen.value);
      }}
      isInvalid={isFaulty(fault)}
      validationBehavior="aria"
      className="field"
    >
      <Label className="field-label">{label}</Label>
      <div className={orientation === 'vertical' ? 'stack' : 'row radio-row'}>
        {options.map((option) => (
          <RadioField
            key={option.value}
            value={option.value}
            isDisabled={option.isDisabled === true}
            className="field"
          >
            <RadioButton className="choice choice-radio">
              <span className="choice-shape" />
              <span>{option.label}</span>
            </RadioButton>
            <ChoiceNote note={option.note} />
          </RadioField>
        ))}
      </div>
      {note !== undefined && (
        <Text slot="description" className="field-note">
          {note}
        </Text>
      )}
      <FieldError className="field-fault">{fault}</FieldError>
    </AriaRadioGroup>
  );
}

function ChoiceNote({ note }: { readonly note: ReactNode }) {
  if (note === undefined || note === null) return null;
  return (
    <Text slot="description" className="field-note choice-note">
      {note}
    </Text>
  );
}
