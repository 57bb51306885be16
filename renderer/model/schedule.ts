/** When a report is sent, in the ways that people say it; anything else is a cron expression of their own. */
export type Schedule =
  | { readonly kind: 'on-demand' }
  | { readonly kind: 'daily'; readonly time: string }
  | { readonly kind: 'weekdays'; readonly time: string }
  | { readonly kind: 'weekly'; readonly time: string; readonly day: number }
  | { readonly kind: 'monthly'; readonly time: string; readonly day: number }
  | { readonly kind: 'own'; readonly cron: string };

export type ScheduleKind = Schedule['kind'];

export const DAY_NAMES = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;

/** Reads a schedule of the settings. */
export function scheduleOf(cron: string | null): Schedule {
  if (cron === null) return { kind: 'on-demand' };
  const match = /^(\d{1,2}) (\d{1,2}) (\*|\d{1,2}) \* (\*|1-5|[0-6])$/.exec(cron.trim());
  const [, minute = '', hour = '', date = '', day = ''] = match ?? [];
  if (match === null || Number(minute) > 59 || Number(hour) > 23) return { kind: 'own', cron };
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (date !== '*') {
    const isDate = Number(date) >= 1 && Number(date) <= 31;
    return day === '*' && isDate ? { kind: 'monthly', time, day: Number(date) } : { kind: 'own', cron };
  }
  if (day === '*') return { kind: 'daily', time };
  return day === '1-5' ? { kind: 'weekdays', time } : { kind: 'weekly', time, day: Number(day) };
}

/** The schedule as the settings hold it; what cannot be read stays as it was typed, for the rules to name. */
export function cronOf(schedule: Schedule): string | null {
  switch (schedule.kind) {
    case 'on-demand':
      return null;
    case 'own':
      return schedule.cron.trim();
    case 'daily':
      return `${minuteAndHour(schedule.time)} * * *`;
    case 'weekdays':
      return `${minuteAndHour(schedule.time)} * * 1-5`;
    case 'weekly':
      return `${minuteAndHour(schedule.time)} * * ${schedule.day}`;
    case 'monthly':
      return `${minuteAndHour(schedule.time)} ${schedule.day} * *`;
  }
}

/** The same in another way: the time and the day are kept where both have them. */
export function withKind(schedule: Schedule, kind: ScheduleKind): Schedule {
  const time = 'time' in schedule ? schedule.time : '08:00';
  switch (kind) {
    case 'on-demand':
      return { kind };
    case 'daily':
    case 'weekdays':
      return { kind, time };
    case 'weekly':
    case 'monthly':
      return { kind, time, day: 1 };
    case 'own':
      return { kind, cron: cronOf(schedule) ?? '0 8 * * *' };
  }
}

/** "08:00" for what people type: 8, 8:00, 0800, 8.30; null where it is no time of day. */
export function clockTime(typed: string): string | null {
  const match = /^(\d{1,2})(?:[:.]?(\d{2}))?$/.exec(typed.trim());
  if (match === null) return null;
  const [, hour = '', minute = '00'] = match;
  if (Number(hour) > 23 || Number(minute) > 59) return null;
  return `${hour.padStart(2, '0')}:${minute}`;
}

/** "Weekdays at 08:00", "On demand only". */
export function scheduleText(cron: string | null): string {
  const schedule = scheduleOf(cron);
  switch (schedule.kind) {
    case 'on-demand':
      return 'On demand only';
    case 'daily':
      return `Daily at ${schedule.time}`;
    case 'weekdays':
      return `Weekdays at ${schedule.time}`;
    case 'weekly':
      return `${DAY_NAMES[schedule.day] ?? 'Weekly'}s at ${schedule.time}`;
    case 'monthly':
      return `On day ${schedule.day} of the month at ${schedule.time}`;
    case 'own':
      return schedule.cron;
  }
}

function minuteAndHour(time: string): string {
  const [hour = '', minute = ''] = (clockTime(time) ?? time).split(':');
  return `${Number(minute)} ${Number(hour)}`;
}
