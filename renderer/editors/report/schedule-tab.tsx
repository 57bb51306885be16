import { useState } from 'react';
import { RadioGroup } from '../../components/choices.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { exactShortTime } from '../../components/time-ago.tsx';
import { clockTime, DAY_NAMES, type Schedule, type ScheduleKind, withKind } from '../../model/schedule.ts';
import { REPORTS } from '../../strings/reports.ts';

export interface ScheduleTabProps {
  readonly schedule: Schedule;
  readonly onChange: (schedule: Schedule) => void;
  readonly fault: string | null;
  /** Null while they are not known. */
  readonly next: readonly number[] | null;
}

const KINDS: readonly ScheduleKind[] = ['daily', 'weekdays', 'weekly', 'monthly', 'on-demand', 'own'];

/** When a report is sent, as people say it, and the next times as the agent reads it. */
export function ScheduleTab({ schedule, onChange, fault, next }: ScheduleTabProps) {
  return (
    <div className="groups entry-fields">
      <RadioGroup
        label={REPORTS.kind}
        value={schedule.kind}
        onChange={(kind) => onChange(withKind(schedule, kind))}
        options={KINDS.map((value) => ({ value, label: REPORTS.kinds[value] }))}
      />
      {schedule.kind === 'weekly' && (
        <Select
          label={REPORTS.weekday}
          value={String(schedule.day)}
          onChange={(day) => onChange({ ...schedule, day: Number(day) })}
          options={WEEK.map((day) => ({ value: String(day), label: DAY_NAMES[day] ?? '' }))}
        />
      )}
      {schedule.kind === 'monthly' && (
        <NumberField
          label={REPORTS.monthDay}
          value={schedule.day}
          onChange={(day) => onChange({ ...schedule, day: day ?? 1 })}
          minValue={1}
          maxValue={31}
          {...(schedule.day > 28 ? { note: REPORTS.monthDayNote } : {})}
        />
      )}
      {'time' in schedule && (
        <TimeField
          key={schedule.kind}
          value={schedule.time}
          onChange={(time) => onChange({ ...schedule, time })}
        />
      )}
      {schedule.kind === 'own' && (
        <div className="stretched">
          <TextField
            label={REPORTS.cron}
            value={schedule.cron}
            onChange={(cron) => onChange({ kind: 'own', cron })}
            note={REPORTS.cronNote}
            fault={fault}
          />
        </div>
      )}
      <NextTimes isOnDemand={schedule.kind === 'on-demand'} next={next} />
    </div>
  );
}

/** The week begins on Monday. */
const WEEK = [1, 2, 3, 4, 5, 6, 0];

/** A time of day: what was typed is made into one when the field is left. */
function TimeField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (time: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  const isTime = clockTime(typed) !== null;
  return (
    <div className="time-field">
      <TextField
        label={REPORTS.at}
        value={typed}
        onChange={(text) => {
          setTyped(text);
          onChange(clockTime(text) ?? text);
        }}
        onBlur={() => setTyped(clockTime(typed) ?? typed)}
        note={REPORTS.atNote}
        fault={isTime ? null : REPORTS.badTime}
        maxLength={5}
      />
    </div>
  );
}

function NextTimes({
  isOnDemand,
  next,
}: {
  readonly isOnDemand: boolean;
  readonly next: readonly number[] | null;
}) {
  return (
    <div className="stack next-times" aria-live="polite">
      <h3>{REPORTS.nextTimes}</h3>
      {isOnDemand ? (
        <p className="muted">{REPORTS.noNext}</p>
      ) : next === null ? (
        <p className="muted">{REPORTS.unread}</p>
      ) : next.length === 0 ? (
        <p className="muted">{REPORTS.neverDue}</p>
      ) : (
        <ul className="plain-list">
          {next.map((at) => (
            <li key={at}>{exactShortTime(at)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
