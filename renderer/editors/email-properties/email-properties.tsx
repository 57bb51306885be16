import './email-properties.css';
import type { ReactNode } from 'react';
import type { EmailProperties, Settings } from '../../../shared/contract/settings.ts';
import { Button } from '../../components/button.tsx';
import { RadioGroup } from '../../components/choices.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useSettings } from '../../hooks/use-settings.tsx';
import { type EntryFaults, faultWithin } from '../../model/entry-faults.ts';
import { EMAIL_PROPERTIES, installationFormatText } from '../../strings/email-properties.ts';

/** What every kind of entry has here; override is for alerts and reports alone. */
export type PlainEmailProperties = Omit<EmailProperties, 'smtpOverride'>;

export interface EmailPropertiesFieldsProps {
  /** The tab begins with it: the check box for SMTP override, or why there is none. */
  readonly first: ReactNode;
  readonly properties: PlainEmailProperties;
  readonly onChange: (part: Partial<PlainEmailProperties>) => void;
  readonly isOverridden: boolean;
  readonly faults: EntryFaults;
  /** The subject that Tocsin would write; empty while it is not known. */
  readonly automaticSubject: string;
  readonly subjectNote: string;
}

/** From, format, subject and priority. What override makes useless stays to be seen, with the reason. */
export function EmailPropertiesFields(props: EmailPropertiesFieldsProps) {
  const { properties, onChange, isOverridden, faults } = props;
  const { view } = useSettings();
  const alertFormat = view?.settings.installation.alertFormat ?? 'html';
  return (
    <div className="groups entry-fields">
      {props.first}
      <From settings={view?.settings ?? null} isOverridden={isOverridden} />
      <RadioGroup
        label={EMAIL_PROPERTIES.format}
        orientation="horizontal"
        value={properties.format}
        onChange={(format) => onChange({ format })}
        isDisabled={isOverridden}
        note={isOverridden ? EMAIL_PROPERTIES.notUsed : undefined}
        options={[
          { value: 'installation', label: installationFormatText(alertFormat) },
          { value: 'html', label: EMAIL_PROPERTIES.formats.html },
          { value: 'text', label: EMAIL_PROPERTIES.formats.text },
        ]}
      />
      <div className="subject-row">
        <TextField
          label={EMAIL_PROPERTIES.subject}
          value={properties.subject ?? ''}
          onChange={(subject) => onChange({ subject: subject === '' ? null : subject })}
          placeholder={props.automaticSubject}
          note={props.subjectNote}
          fault={faultWithin(faults, 'emailProperties.subject')}
        />
        <Button isDisabled={properties.subject === null} onPress={() => onChange({ subject: null })}>
          {EMAIL_PROPERTIES.restore}
        </Button>
      </div>
      <RadioGroup
        label={EMAIL_PROPERTIES.priority}
        orientation="horizontal"
        value={properties.priority}
        onChange={(priority) => onChange({ priority })}
        options={(['low', 'normal', 'high'] as const).map((value) => ({
          value,
          label: EMAIL_PROPERTIES.priorities[value],
        }))}
      />
    </div>
  );
}

/** The installation's own sender: told here, set on the page E-mail. */
function From({
  settings,
  isOverridden,
}: {
  readonly settings: Settings | null;
  readonly isOverridden: boolean;
}) {
  const from = settings?.smtp.from ?? null;
  const sender =
    from === null
      ? EMAIL_PROPERTIES.noFrom
      : from.name === null
        ? from.address
        : `${from.name} <${from.address}>`;
  return (
    <TextField
      label={EMAIL_PROPERTIES.from}
      value={sender}
      onChange={() => {}}
      isReadOnly
      isDisabled={isOverridden}
      note={isOverridden ? EMAIL_PROPERTIES.notUsed : EMAIL_PROPERTIES.fromNote}
    />
  );
}
