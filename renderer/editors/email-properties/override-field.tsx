import { hrefOf } from '../../app/router.ts';
import { Banner } from '../../components/banner.tsx';
import { Checkbox } from '../../components/choices.tsx';
import { useLoaded } from '../../hooks/use-call.ts';
import { EMAIL_PROPERTIES, sentFromText } from '../../strings/email-properties.ts';

export interface OverrideFieldProps {
  readonly isSelected: boolean;
  readonly onChange: (selected: boolean) => void;
}

/** SMTP override: the check box, what it is for, its risk and benefit, and whether it would work as things stand. */
export function OverrideField({ isSelected, onChange }: OverrideFieldProps) {
  const { value: relay } = useLoaded('relay.get', {});
  return (
    <div className="stack">
      <Checkbox
        label={EMAIL_PROPERTIES.override}
        isSelected={isSelected}
        onChange={onChange}
        note={EMAIL_PROPERTIES.lastResort}
      />
      <div className="override-about">
        {isSelected && relay?.enrolled === true && relay.from !== null && <p>{sentFromText(relay.from)}</p>}
        {relay?.enrolled === false && (
          <Banner
            state={isSelected ? 'critical' : 'unknown'}
            actions={<a href={hrefOf('email', 'web-service')}>{EMAIL_PROPERTIES.toWebService}</a>}
          >
            {EMAIL_PROPERTIES.notEnrolled}
          </Banner>
        )}
        {relay?.enrolled === true && relay.subscription.state === 'expired' && (
          <Banner state={isSelected ? 'critical' : 'warning'}>{EMAIL_PROPERTIES.expired}</Banner>
        )}
        <details>
          <summary>{EMAIL_PROPERTIES.riskTitle}</summary>
          <p>{EMAIL_PROPERTIES.risk}</p>
          <p>{EMAIL_PROPERTIES.benefit}</p>
        </details>
      </div>
    </div>
  );
}
