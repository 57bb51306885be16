import type { EmailProperties } from '../../../shared/contract/settings.ts';
import { EmailPropertiesFields, type EmailPropertiesFieldsProps } from './email-properties.tsx';
import { OverrideField } from './override-field.tsx';

export interface OverridablePropertiesProps
  extends Pick<EmailPropertiesFieldsProps, 'faults' | 'automaticSubject' | 'subjectNote'> {
  readonly properties: EmailProperties;
  readonly onChange: (properties: EmailProperties) => void;
}

/** The tab “Email Properties (Optional)” of what may go through the Web Service: SMTP override first. */
export function OverridableProperties({ properties, onChange, ...rest }: OverridablePropertiesProps) {
  const change = (part: Partial<EmailProperties>) => onChange({ ...properties, ...part });
  return (
    <EmailPropertiesFields
      {...rest}
      first={
        <OverrideField
          isSelected={properties.smtpOverride}
          onChange={(smtpOverride) => change({ smtpOverride })}
        />
      }
      properties={properties}
      onChange={change}
      isOverridden={properties.smtpOverride}
    />
  );
}
