import type { ReactNode } from 'react';
import { Checkbox } from '../../components/choices.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { ComboBox, Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { useSettings } from '../../hooks/use-settings.tsx';
import { faultAt } from '../../model/entry-faults.ts';
import { type Asked, type ConditionsDraft, hasCustomerEmail } from '../../model/event-rule-draft.ts';
import { clockTime } from '../../model/schedule.ts';
import { EVENTS, WEEKDAYS } from '../../strings/events.ts';
import type { RuleTabProps } from './event-rule-editor.tsx';

const ANSWERS: readonly { readonly value: Asked; readonly label: string }[] = [
  { value: 'any', label: EVENTS.any },
  { value: 'yes', label: EVENTS.yes },
  { value: 'no', label: EVENTS.no },
];
const PORT_MAX = 65_535;

/** What must hold besides; only what events of this kind know of. */
export function ConditionsTab({ draft, change, faults }: RuleTabProps) {
  const { conditions, event } = draft;
  const isMailbox = event === 'pop-login-failed';
  const set = (part: Partial<ConditionsDraft>) => change({ conditions: { ...conditions, ...part } });
  const fault = (path: string) => faultAt(faults, `conditions.${path}`);
  return (
    <div className="groups entry-fields">
      <p className="muted">{EVENTS.conditionsNote}</p>
      <FieldSet title={EVENTS.timeOfDay} note={EVENTS.timeNote}>
        <Time
          label={EVENTS.from}
          value={conditions.from}
          onChange={(from) => set({ from })}
          fault={fault('timeOfDay.from')}
        />
        <Time
          label={EVENTS.to}
          value={conditions.to}
          onChange={(to) => set({ to })}
          fault={fault('timeOfDay.to')}
        />
      </FieldSet>
      <FieldSet title={EVENTS.daysOfWeek} note={EVENTS.daysNote}>
        {WEEKDAYS.map(({ value, label }) => (
          <Checkbox
            key={value}
            label={label}
            isSelected={conditions.daysOfWeek.includes(value)}
            onChange={(isOn) =>
              set({
                daysOfWeek: WEEKDAYS.map((day) => day.value).filter((day) =>
                  day === value ? isOn : conditions.daysOfWeek.includes(day),
                ),
              })
            }
          />
        ))}
      </FieldSet>
      <div className="rule-fields">
        <div className="stretched rule-server">
          <ServerField
            label={isMailbox ? EVENTS.mailboxServer : EVENTS.server}
            isMailbox={isMailbox}
            value={conditions.server}
            onChange={(server) => set({ server })}
            fault={fault('server')}
          />
        </div>
        <NumberField
          label={EVENTS.port}
          value={conditions.port}
          onChange={(port) => set({ port })}
          minValue={1}
          maxValue={PORT_MAX}
          formatOptions={{ useGrouping: false }}
          fault={fault('port')}
        />
        <Select
          label={EVENTS.ssl}
          value={conditions.ssl}
          options={ANSWERS}
          onChange={(ssl) => set({ ssl })}
        />
        <Select
          label={EVENTS.requiresAuthentication}
          value={conditions.requiresAuthentication}
          options={ANSWERS}
          onChange={(requiresAuthentication) => set({ requiresAuthentication })}
        />
      </div>
      <div className="stretched">
        <TextField
          label={isMailbox ? EVENTS.mailboxUser : EVENTS.emailAddress}
          note={isMailbox ? EVENTS.mailboxUserNote : EVENTS.emailAddressNote}
          value={conditions.emailAddress}
          onChange={(emailAddress) => set({ emailAddress })}
          fault={fault('emailAddress')}
        />
      </div>
      {hasCustomerEmail(event) && (
        <div className="stretched">
          <TextField
            label={EVENTS.customerEmail}
            note={EVENTS.customerEmailNote}
            value={conditions.customerEmail}
            onChange={(customerEmail) => set({ customerEmail })}
            fault={fault('customerEmail')}
          />
        </div>
      )}
    </div>
  );
}

/** Fields that answer one question together. */
function FieldSet({
  title,
  note,
  children,
}: {
  readonly title: string;
  readonly note: string;
  readonly children: ReactNode;
}) {
  return (
    <fieldset className="rule-set">
      <legend>{title}</legend>
      <div className="rule-fields">{children}</div>
      <p className="field-note">{note}</p>
    </fieldset>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly fault: string | null;
}

function Time({ label, value, onChange, fault }: TextProps) {
  return (
    <div className="time-field">
      <TextField
        label={label}
        value={value}
        onChange={onChange}
        onBlur={() => onChange(clockTime(value) ?? value)}
        placeholder="08:00"
        maxLength={5}
        fault={fault === null ? null : EVENTS.badTime}
      />
    </div>
  );
}

/** Offers the servers of the settings: an event names its server as they do. */
function ServerField({ isMailbox, ...props }: TextProps & { readonly isMailbox: boolean }) {
  const { view } = useSettings();
  const hosts =
    view === null
      ? []
      : isMailbox
        ? [view.settings.mailbox?.host ?? '']
        : view.settings.smtp.servers.map(({ host }) => host);
  const options = [...new Set(hosts.filter((host) => host !== ''))].map((value) => ({ value, label: value }));
  return <ComboBox {...props} options={options} note={EVENTS.serverNote} />;
}
