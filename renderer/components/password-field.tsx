import { TextField } from './text-field.tsx';

export interface PasswordFieldProps {
  readonly label: string;
  /** What was newly typed; empty while nothing was. A stored password never comes to the page. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isStored: boolean;
  readonly fault?: string | null | undefined;
  readonly isDisabled?: boolean;
}

/** A password that can be set and not be seen: "****" where one is stored, "not set" where there is none (C2). */
export function PasswordField({ isStored, ...props }: PasswordFieldProps) {
  return (
    <TextField
      {...props}
      type="password"
      autoComplete="new-password"
      placeholder={isStored ? '****' : 'not set'}
      note={isStored ? 'Leave it empty to keep the stored one.' : undefined}
    />
  );
}
