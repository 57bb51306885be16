import './list.css';
import {
  Button,
  Collection,
  ComboBox as AriaComboBox,
  Header,
  Input,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
  Select as AriaSelect,
  SelectValue,
} from 'react-aria-components';
import { FieldParts, type FieldProps, isFaulty } from './field.tsx';
import { Icon } from './icon.tsx';

export interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** Small, behind the label: a unit, a path. */
  readonly hint?: string;
  /** Options of one group stand together, under its name. */
  readonly group?: string;
  readonly isDisabled?: boolean;
}

export interface SelectProps<Value extends string> extends FieldProps {
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
  readonly options: readonly SelectOption<Value>[];
  readonly placeholder?: string;
}

/** One of a few. */
export function Select<Value extends string>({
  label,
  note,
  fault,
  isLabelHidden = false,
  value,
  onChange,
  options,
  placeholder = 'Choose',
  ...props
}: SelectProps<Value>) {
  return (
    <AriaSelect
      {...props}
      placeholder={placeholder}
      value={value}
      onChange={(key) => {
        const chosen = options.find((option) => option.value === key);
        if (chosen) onChange(chosen.value);
      }}
      isInvalid={isFaulty(fault)}
      validationBehavior="aria"
      className="field"
    >
      <FieldParts label={label} note={note} fault={fault} isLabelHidden={isLabelHidden}>
        <Button className="input select-button">
          <SelectValue className="cut" />
          <Icon name="down" />
        </Button>
        <Options options={options} />
      </FieldParts>
    </AriaSelect>
  );
}

export interface ComboBoxProps extends FieldProps {
  /** The text in the field; it need not be one of the options. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly SelectOption<string>[];
  readonly placeholder?: string;
}

/** A text with suggestions: a disk, a service. What is not among them may be typed. */
export function ComboBox({
  label,
  note,
  fault,
  isLabelHidden = false,
  value,
  onChange,
  options,
  placeholder,
  ...props
}: ComboBoxProps) {
  return (
    <AriaComboBox
      {...props}
      allowsCustomValue
      menuTrigger="focus"
      inputValue={value}
      onInputChange={onChange}
      isInvalid={isFaulty(fault)}
      validationBehavior="aria"
      className="field"
    >
      <FieldParts label={label} note={note} fault={fault} isLabelHidden={isLabelHidden}>
        <div className="combo">
          <Input className="input" placeholder={placeholder ?? ''} spellCheck="false" />
          <Button className="combo-button">
            <Icon name="down" />
          </Button>
        </div>
        <Options options={options} byLabel />
      </FieldParts>
    </AriaComboBox>
  );
}

function Options({
  options,
  byLabel = false,
}: {
  readonly options: readonly SelectOption<string>[];
  readonly byLabel?: boolean;
}) {
  const groups = [...new Set(options.map(({ group }) => group))];
  const option = (item: SelectOption<string>) => (
    <ListBoxItem
      id={item.value}
      textValue={byLabel ? item.value : item.label}
      isDisabled={item.isDisabled === true}
      className="list-item"
    >
      <span className="cut">{item.label}</span>
      {item.hint !== undefined && <span className="muted small push list-hint">{item.hint}</span>}
    </ListBoxItem>
  );
  return (
    <Popover className="popover" offset={4}>
      {groups.some((group) => group !== undefined) ? (
        <ListBox className="list">
          {groups.map((group) => (
            <ListBoxSection key={group ?? ''}>
              <Header className="list-header">{group}</Header>
              <Collection items={options.filter((item) => item.group === group)}>{option}</Collection>
            </ListBoxSection>
          ))}
        </ListBox>
      ) : (
        <ListBox className="list" items={options}>
          {option}
        </ListBox>
      )}
    </Popover>
  );
}
