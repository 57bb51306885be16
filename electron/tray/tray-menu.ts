import type { AgentStatus, AlertStatus } from '../../shared/model/status.ts';
import { mailPath } from './mail-path.ts';
import { firingAlerts, stateWords } from './tray-state.ts';

/** What choosing an entry asks for. */
export type TrayCommand =
  | { readonly do: 'show'; readonly page: TrayPage }
  | { readonly do: 'acknowledge'; readonly alert: string }
  | { readonly do: 'snooze'; readonly alert: string; readonly minutes: number }
  | { readonly do: 'pause'; readonly minutes: number | null }
  | { readonly do: 'resume' }
  | { readonly do: 'override-all'; readonly on: boolean }
  | { readonly do: 'send-report'; readonly name: string }
  | { readonly do: 'start-at-login'; readonly on: boolean }
  | { readonly do: 'quit' };

export type TrayPage = 'overview' | 'log' | 'settings' | 'about';

export type TrayItem =
  | { readonly type: 'line' }
  | { readonly type: 'text'; readonly label: string }
  | {
      readonly type: 'entry';
      readonly label: string;
      readonly command: TrayCommand;
      readonly enabled: boolean;
    }
  | {
      readonly type: 'check';
      readonly label: string;
      readonly checked: boolean;
      readonly command: TrayCommand;
      readonly enabled: boolean;
    }
  | {
      readonly type: 'menu';
      readonly label: string;
      readonly items: readonly TrayItem[];
      readonly enabled: boolean;
    };

export interface TrayMenuInput {
  /** Null: no agent answers. */
  readonly status: AgentStatus | null;
  /** Whether all that may use the Web Service does; null where this computer is not enrolled or has nothing to send. */
  readonly overridesAll: boolean | null;
  /** Wall-clock time, for what lasts "until tomorrow". */
  readonly now: number;
  /** This process watches: quitting ends that. Otherwise a service does, and goes on. */
  readonly ownsAgent: boolean;
  /** Whether the app starts at login; null where that is not for this app to say. */
  readonly startsAtLogin: boolean | null;
}

/** More alerts than this make no menu; the window shows them all. */
const MOST_ALERTS = 8;
const LABEL_MAX = 60;
const LINE: TrayItem = { type: 'line' };

/** The tray's menu. A pure function, so that every state of it is a row of a test. */
export function trayMenu(input: TrayMenuInput): TrayItem[] {
  const { status, now } = input;
  const show = (label: string, page: TrayPage) => entry(label, { do: 'show', page });
  const windows = [
    show('Open Tocsin', 'overview'),
    show('Delivery log', 'log'),
    show('E-mail settings', 'settings'),
  ];
  const end = [
    ...loginItem(input),
    LINE,
    show('About Tocsin', 'about'),
    entry(quitLabel(input), { do: 'quit' }),
  ];
  if (status === null) return [text('Tocsin is not answering'), LINE, ...windows, ...end];
  return [...stateLines(status, now), LINE, ...controls(input, status), LINE, ...windows, ...end];
}

function stateLines(status: AgentStatus, now: number): TrayItem[] {
  const firing = firingAlerts(status);
  const alerts = firing.slice(0, MOST_ALERTS).map((alert) => alertMenu(alert, now));
  const more = firing.length - alerts.length;
  return [
    text(`${upperFirst(stateWords(status, firing.length))}. ${pathLine(status)}`),
    ...alerts,
    ...(more > 0 ? [entry(`${more} more…`, { do: 'show', page: 'overview' } as const)] : []),
  ];
}

function pathLine(status: AgentStatus): string {
  const { isDead, sentence } = mailPath(status);
  return isDead ? `Mail does not leave: ${sentence}` : sentence;
}

function alertMenu(alert: AlertStatus, now: number): TrayItem {
  const { name } = alert;
  const snooze = (label: string, minutes: number) => entry(label, { do: 'snooze', alert: name, minutes });
  const acknowledged = alert.acknowledgedAt !== null;
  return {
    type: 'menu',
    label: cut(`${upperFirst(alert.severity)}: ${name}`),
    enabled: true,
    items: [
      entry(acknowledged ? 'Acknowledged' : 'Acknowledge', { do: 'acknowledge', alert: name }, !acknowledged),
      snooze('Snooze 30 min', 30),
      snooze('Snooze 2 h', 120),
      snooze('Snooze until tomorrow', minutesUntilTomorrow(now)),
    ],
  };
}

function controls({ overridesAll, now }: TrayMenuInput, status: AgentStatus): TrayItem[] {
  const isOn = status.pausedUntil === null;
  const pause = (label: string, minutes: number) => entry(label, { do: 'pause', minutes });
  return [
    {
      type: 'check',
      label: 'Monitoring',
      checked: isOn,
      command: isOn ? { do: 'pause', minutes: null } : { do: 'resume' },
      enabled: true,
    },
    {
      type: 'menu',
      label: 'Pause monitoring',
      enabled: isOn,
      items: [
        pause('For 15 min', 15),
        pause('For 1 h', 60),
        pause('Until tomorrow', minutesUntilTomorrow(now)),
      ],
    },
    {
      type: 'check',
      label: 'Send everything through the Web Service',
      checked: overridesAll === true,
      command: { do: 'override-all', on: overridesAll !== true },
      enabled: overridesAll !== null,
    },
    {
      type: 'menu',
      label: 'Send status report now',
      enabled: status.reports.length > 0,
      items: status.reports
        .slice(0, MOST_ALERTS)
        .map(({ name }) => entry(cut(name), { do: 'send-report', name })),
    },
  ];
}

/** Whole minutes from now until eight o'clock of the next day, by this computer's time zone. */
export function minutesUntilTomorrow(now: number): number {
  const then = new Date(now);
  then.setDate(then.getDate() + 1);
  then.setHours(8, 0, 0, 0);
  return Math.max(1, Math.round((then.getTime() - now) / 60_000));
}

function loginItem({ startsAtLogin }: TrayMenuInput): TrayItem[] {
  if (startsAtLogin === null) return [];
  const command = { do: 'start-at-login', on: !startsAtLogin } as const;
  return [{ type: 'check', label: 'Start at login', checked: startsAtLogin, command, enabled: true }];
}

/** What stops is said where it is chosen. */
function quitLabel({ ownsAgent }: TrayMenuInput): string {
  return ownsAgent ? 'Quit Tocsin: nothing is watched then…' : 'Quit: the service goes on watching';
}

function entry(label: string, command: TrayCommand, enabled = true): TrayItem {
  return { type: 'entry', label, command, enabled };
}

function text(label: string): TrayItem {
  return { type: 'text', label };
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function cut(label: string): string {
  return label.length <= LABEL_MAX ? label : `${label.slice(0, LABEL_MAX - 1)}…`;
}
