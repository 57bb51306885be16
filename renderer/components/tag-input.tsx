import './tag-input.css';
import { type ClipboardEvent, type KeyboardEvent, useState } from 'react';
import { Button, Input, Label, Tag, TagGroup, TagList, Text, TextField } from 'react-aria-components';
import { addressFault } from '../../shared/address.ts';
import type { FieldProps } from './field.tsx';
import { Icon } from './icon.tsx';

export interface TagInputProps extends FieldProps {
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
  readonly placeholder?: string;
  /** What is wrong with one entry; addresses are looked at unless another check is given. */
  readonly check?: (entry: string) => string | null;
}

/**
 * A list of addresses. Enter, comma, semicolon and leaving the field take in what was typed; a pasted list is taken apart.
 * An entry that is no address stays in the field, with what is wrong with it.
 */
export function TagInput({
  label,
  note,
  fault,
  isDisabled = false,
  values,
  onChange,
  placeholder,
  check = addressFault,
}: TagInputProps) {
  const [draft, setDraft] = useState('');
  const [draftFault, setDraftFault] = useState<string | null>(null);
  const shownFault = draftFault ?? fault ?? null;

  const takeIn = (text: string) => {
    const entries = text
      .split(/[\s,;]+/)
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
    const good = entries.filter((entry) => check(entry) === null);
    const bad = entries.filter((entry) => check(entry) !== null);
    const added = good.filter((entry, at) => !values.includes(entry) && good.indexOf(entry) === at);
    if (added.length > 0) onChange([...values, ...added]);
    const first = bad[0];
    setDraft(bad.join(' '));
    setDraftFault(first === undefined ? null : `“${first}” ${check(first)}`);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (['Enter', ',', ';'].includes(event.key) && draft.trim() !== '') {
      event.preventDefault();
      takeIn(draft);
    } else if (event.key === 'Backspace' && draft === '' && values.length > 0) {
      onChange(values.slice(0, -1));
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text');
    if (!/[\s,;]/.test(text.trim())) return;
    event.preventDefault();
    takeIn(`${draft} ${text}`);
  };

  return (
    <div className="tag-input">
      <TextField
        className="field"
        value={draft}
        onChange={(text) => {
          setDraft(text);
          setDraftFault(null);
        }}
        onBlur={() => takeIn(draft)}
        isDisabled={isDisabled}
        isInvalid={shownFault !== null}
        validationBehavior="aria"
      >
        <Label className="field-label">{label}</Label>
        <Input
          className="input"
          placeholder={placeholder ?? ''}
          spellCheck="false"
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        {note !== undefined && (
          <Text slot="description" className="field-note">
            {note}
          </Text>
        )}
        {shownFault !== null && (
          <Text slot="errorMessage" className="field-fault">
            {shownFault}
          </Text>
        )}
      </TextField>
      <div className="tag-space">
        {values.length > 0 && (
          <TagGroup
            aria-label={label}
            onRemove={(keys) => onChange(values.filter((value) => !keys.has(value)))}
            {...(isDisabled ? { disabledKeys: values } : {})}
          >
            <TagList className="tag-list">
              {values.map((value) => (
                <Tag key={value} id={value} textValue={value} className="tag">
                  <span className="cut" title={value}>
                    {value}
                  </span>
                  <Button slot="remove" className="tag-remove" aria-label={`Remove ${value}`}>
                    <Icon name="close" />
                  </Button>
                </Tag>
              ))}
            </TagList>
          </TagGroup>
        )}
      </div>
    </div>
  );
}
