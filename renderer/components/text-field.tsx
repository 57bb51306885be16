import { Input, TextArea, TextField as AriaTextField } from 'react-aria-components';
import { FieldParts, type FieldProps, isFaulty } from './field.tsx';

export interface TextFieldProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur?: () => void;
  readonly placeholder?: string;
  readonly type?: 'text' | 'password' | 'search' | 'email' | 'url';
  /** Several lines. */
  readonly multiline?: boolean;
  readonly maxLength?: number;
  /** Shown to be read and copied. */
  readonly isReadOnly?: boolean;
  /** As HTML's `autocomplete`; passwords of mail servers are none of the browser's business. */
  readonly autoComplete?: string;
  readonly autoFocus?: boolean;
}

/** One text, with its label, note and fault. */
export function TextField({
  label,
  note,
  fault,
  isLabelHidden = false,
  multiline = false,
  placeholder,
  autoComplete = 'off',
  ...props
}: TextFieldProps) {
  return (
    <AriaTextField
      {...props}
      autoComplete={autoComplete}
      isInvalid={isFaulty(fault)}
      validationBehavior="aria"
      className="field"
    >
      <FieldParts label={label} note={note} fault={fault} isLabelHidden={isLabelHidden}>
        {multiline ? (
          <TextArea className="input" placeholder={placeholder ?? ''} />
        ) : (
          <Input className="input" placeholder={placeholder ?? ''} spellCheck="false" />
        )}
      </FieldParts>
    </AriaTextField>
  );
}
