import type {
  ConditionSettings,
  EmailProperties,
  FileAlertSettings,
} from '../../../shared/contract/settings.ts';
import type { ConditionPhase, Severity } from '../../../shared/model/alert.ts';
import type { HistoryPoint } from '../../../shared/model/history.ts';
import type { AttachmentEntry, Message, MessageSource, RouteChoice } from '../../../shared/model/message.ts';
import type { MetricRequest, Reading } from '../../../shared/model/sample.ts';
import type { Inventory } from '../collect/source.ts';

/** What every mail says about where it comes from, and what it is made with. */
export interface ComposeContext {
  /** The installation's name; the host name where none is set. */
  readonly installation: string;
  readonly organisation: string | null;
  readonly hostName: string;
  readonly version: string;
  /** Time zone in which times are written: `COMPUTER_ZONE` or an IANA name such as Europe/Berlin. */
  readonly timeZone: string;
  readonly alertFormat: 'html' | 'text';
  /** Right-hand side of every Message-ID made here. */
  readonly messageDomain: string;
  /** In a few words, how mail leaves by the usual route, such as "SMTP mail.contoso.example:587". */
  readonly smtpRouteText: string;
  /** Whether the Web Service may stand in where the usual route fails: which one a mail takes is not known when it is written. */
  readonly serviceStandsIn?: boolean;
  /** By which way a notice leaves; SMTP where nothing is said. */
  readonly noticeRoute?: RouteChoice;
  readonly now: number;
  newId(): string;
}

/** One condition as a mail shows it. */
export interface ConditionView {
  readonly settings: ConditionSettings;
  readonly reading: Reading;
  readonly phase: ConditionPhase;
  readonly metSince: number | null;
}

/** What happened to an alert that people are to be told. */
export interface AlertNotice {
  readonly kind: 'alert' | 'reminder' | 'resolved' | 'flapping';
  readonly name: string;
  readonly severity: Severity;
  readonly match: 'any' | 'all';
  readonly conditions: readonly ConditionView[];
  /** When the first condition was met: the beginning of the trouble. */
  readonly since: number;
  /** When the alert fired, which is `since` plus the hold time. */
  readonly firedAt: number;
  /** When it ended; null unless resolved. */
  readonly resolvedAt: number | null;
  readonly incidentId: string;
  /** Message-ID of the incident's first mail; null for that mail itself. */
  readonly rootMessageId: string | null;
  /** When the next reminder leaves if nothing changes; null where none will. */
  readonly nextReminderAt: number | null;
  /** Whether a mail will say when it is over, so that this one can promise it. Absent: it will, as by default. */
  readonly notifyOnRecovery?: boolean;
  /** How often it came and went, and since when; only while it flaps. */
  readonly flapping?: { readonly changes: number; readonly since: number };
  /** It has ended to flap: this is the state in which it came to rest. */
  readonly isSteady?: boolean;
  /** Nobody was told of the incident before: it has come to flap, or to its end, while mail was held. */
  readonly isUntold?: boolean;
  readonly otherActive: readonly ActiveAlert[];
  readonly recipients: readonly string[];
  readonly sms: readonly string[];
  readonly emailProperties: EmailProperties;
}

/** Several notices in one mail, because they go to the same people by the same way. */
export interface GroupNotice {
  /** In any order; at most one for an incident. */
  readonly notices: readonly AlertNotice[];
  /** What fires beside them. */
  readonly otherActive: readonly ActiveAlert[];
  /** For notices that were held back because so much had been mailed; null for all others. */
  readonly heldBack: HeldBack | null;
  readonly recipients: readonly string[];
  readonly sms: readonly string[];
  readonly emailProperties: EmailProperties;
}

export interface HeldBack {
  /** Notices, several of which may be about one alert. */
  readonly count: number;
  /** When the first of them was held back. */
  readonly since: number;
  /** Mails an hour to one address, which is why. */
  readonly perHour: number;
}

export interface ActiveAlert {
  readonly name: string;
  readonly severity: Severity;
  readonly since: number;
}

/** A condition that an alert watches, as the status report lists it. */
export interface WatchedItem extends ConditionView {
  readonly alertName: string;
  readonly severity: Severity;
  readonly alertPhase: 'ok' | 'pending' | 'firing' | 'disabled';
}

/** How mail has fared: the report's last section. */
export interface DeliveryHealth {
  readonly windowHours: number;
  /** Recipients, each counted once per message. */
  readonly accepted: number;
  readonly failed: number;
  readonly waiting: number;
  /** Wall-clock time at which the oldest waiting message was made; null where none waits. */
  readonly oldestWaitingAt: number | null;
  readonly routes: readonly {
    readonly text: string;
    readonly state: 'ok' | 'down' | 'paused' | 'unused';
    readonly detail: string | null;
  }[];
}

/** The past of one thing, drawn as one chart. */
export interface ChartData {
  /** What is drawn. Two metrics in one unit, such as received and sent, are drawn on top of each other. */
  readonly requests: readonly MetricRequest[];
  /** When history of it begins; null where there is none. */
  readonly since: number | null;
  /** The same stretches of time for every chart of a report, such as the last 24 h and the last 7 days. */
  readonly windows: readonly ChartWindow[];
}

export interface ChartWindow {
  /** Wall-clock milliseconds. */
  readonly from: number;
  readonly to: number;
  /** For each request, equal stretches from `from` to `to`; null where nothing was measured. */
  readonly points: readonly (readonly (HistoryPoint | null)[])[];
}

/** Everything a status report says. */
export interface ReportData {
  readonly name: string;
  readonly takenAt: number;
  /** When it was due by its schedule; null on demand. */
  readonly dueAt: number | null;
  readonly inventory: Inventory;
  /** Readings of the whole computer by metric name, and per disk or interface by `metric target` (see requestKey). */
  readonly readings: ReadonlyMap<string, Reading>;
  /** Charts; empty where there is no history at all. */
  readonly history: readonly ChartData[];
  readonly watched: readonly WatchedItem[];
  readonly firing: readonly ActiveAlert[];
  readonly delivery: DeliveryHealth;
  readonly recipients: readonly string[];
  readonly emailProperties: EmailProperties;
}

/** Something Tocsin itself has to say to the administrator. */
export interface SystemNotice {
  readonly subject: string;
  /** First line of the mail: what and where. */
  readonly headline: string;
  readonly paragraphs: readonly string[];
  readonly severity: Severity;
  readonly recipients: readonly string[];
  /** What it is about, beside the words. */
  readonly facts?: readonly (readonly [label: string, value: string | null])[];
  /** Where it is told by text message as well: whom, and in which words. */
  readonly sms?: { readonly recipients: readonly string[]; readonly text: string };
  /** Absent: this site's own servers. */
  readonly route?: RouteChoice;
  /** What raised it; absent: Tocsin itself, under the notice's subject. */
  readonly source?: MessageSource;
  /** Message-IDs of the conversation it belongs to, oldest first. */
  readonly references?: readonly string[];
}

/** What another program asked to be mailed. */
export interface FileAlert {
  /** The file alert's name in the settings. */
  readonly name: string;
  readonly severity: Severity;
  readonly subject: string;
  readonly message: string;
  readonly attachments: readonly AttachmentEntry[];
  readonly recipients: readonly string[];
  readonly emailProperties: FileAlertSettings['emailProperties'];
}

/** The compose stage: from what was decided to the mails that say it. Pure but for `newId`. */
export interface Composer {
  /** One message per channel that has recipients: e-mail, then SMS. Empty where nobody is to be told. */
  alert(notice: AlertNotice, context: ComposeContext): Message[];
  /** The same for several notices in one. */
  group(notice: GroupNotice, context: ComposeContext): Message[];
  report(data: ReportData, context: ComposeContext): Message[];
  fileAlert(alert: FileAlert, context: ComposeContext): Message[];
  notice(notice: SystemNotice, context: ComposeContext): Message[];
  /** The mail of the Test button. */
  test(recipient: string, context: ComposeContext): Message;
}
