import './field.css';
import type { ReactNode } from 'react';
import { FieldError, Label, Text } from 'react-aria-components';

/** What every field has beside its value. */
export interface FieldProps {
  readonly label: string;
  /** A sentence below the field: what it is for, or why it is not used. */
  readonly note?: ReactNode;
  /** What is wrong with the value, in words; null or left out where nothing is. */
  readonly fault?: string | null | undefined;
  readonly isDisabled?: boolean;
  /** The label is read out and not shown: what stands beside the field says it already. */
  readonly isLabelHidden?: boolean;
}

/** The label above a field, and its note and its fault below; the field itself stands between. */
export function FieldParts({
  label,
  note,
  fault,
  isLabelHidden = false,
  children,
}: Omit<FieldProps, 'isDisabled'> & { readonly children: ReactNode }) {
  return (
    <>
      <Label className={isLabelHidden ? 'visually-hidden' : 'field-label'}>{label}</Label>
      {children}
      {note !== undefined && note !== null && (
        <Text slot="description" className="field-note">
          {note}
        </Text>
      )}
      <FieldError className="field-fault">{fault}</FieldError>
    </>
  );
}

/** Whether a fault is one: what react-aria asks for. */
export function isFaulty(fault: string | null | undefined): boolean {
  return fault !== undefined && fault !== null && fault !== '';
}
