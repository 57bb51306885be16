import type { Message } from '../../../shared/model/message.ts';
import type { ActiveAlert, AlertNotice, ComposeContext, Composer } from '../compose/compose.ts';
import { groupKey, heldBackKey, isHeldBackKey } from '../compose/group-people.ts';
import { mergedNotices } from '../compose/group-view.ts';
import { compareTones, worstTone } from '../compose/tone.ts';
import { isDue, LATER_WINDOW_MS, stepGroup } from '../evaluate/grouping.ts';
import { countAsOf, counted, type HourCount, MAILS_PER_HOUR, roomAt } from '../evaluate/hour-cap.ts';
import type { NoticeGroup } from '../record/held-store.ts';

/** What is remembered of whom was told what and when. */
export interface Told {
  readonly groups: ReadonlyMap<string, NoticeGroup>;
  /** By address, in small letters. */
  readonly counts: ReadonlyMap<string, HourCount>;
}

/** What mails are written with. */
export interface Writing {
  readonly composer: Composer;
  readonly context: ComposeContext;
  /** The alerts that fire now, the worst first. */
  readonly active: readonly ActiveAlert[];
  /** A notice as things stand now; null where it has nothing more to say. */
  readonly asOfNow: (notice: AlertNotice) => AlertNotice | null;
  /** Told of a mail that cannot be written. */
  readonly onFault: (error: unknown) => void;
}

/** The incident whose first mail was written, and that mail's Message-ID. */
export interface Root {
  readonly name: string;
  readonly incidentId: string;
  readonly messageId: string;
}

/** What is told now, and what has to be remembered of it. */
export interface Telling {
  readonly messages: readonly Message[];
  readonly roots: readonly Root[];
  /** Alerts whose mail cannot be written: they are not told, and not held either. */
  readonly failed: ReadonlySet<string>;
  /** Groups as they are afterwards; null: nothing is remembered. */
  readonly groups: ReadonlyMap<string, NoticeGroup | null>;
  readonly counts: ReadonlyMap<string, HourCount>;
}

/** One address, as a mail or as a text message. */
type Address = Pick<AlertNotice, 'recipients' | 'sms'>;

/** Decides what leaves now of what is held and what is new, and writes those mails. Changes nothing but for `newId`. */
export function tell(told: Told, fresh: readonly AlertNotice[], writing: Writing): Telling {
  const { context } = writing;
  const { now } = context;
  const groups = new Map<string, NoticeGroup | null>();
  const counts = new Map<string, HourCount>();
  const messages: Message[] = [];
  const roots: Root[] = [];
  const failed = new Set<string>();

  const groupOf = (key: string) => (groups.has(key) ? groups.get(key) : told.groups.get(key)) ?? null;
  const countOf = (address: string) =>
    countAsOf(counts.get(address.toLowerCase()) ?? told.counts.get(address.toLowerCase()) ?? null, now);

  const count = (mails: readonly Message[]) => {
    for (const address of mails.flatMap(({ recipients }) => recipients)) {
      const known = counts.get(address.toLowerCase()) ?? told.counts.get(address.toLowerCase()) ?? null;
      counts.set(address.toLowerCase(), counted(known, now));
    }
  };

  /** Writes one mail for all of them, or one for each where that cannot be done; gives those that could not be told. */
  const write = (notices: readonly AlertNotice[], mail: (part: readonly AlertNotice[]) => Message[]) => {
    const attempt = (part: readonly AlertNotice[]): readonly AlertNotice[] => {
      try {
        const mails = mail(part);
        messages.push(...mails);
        count(mails);
        const first = mails.find(({ channel }) => channel === 'email');
        if (first !== undefined) roots.push(...rootsOf(part, first.messageId));
        return [];
      } catch (error) {
        if (part.length > 1) return part.flatMap((notice) => attempt([notice]));
        writing.onFault(error);
        return part;
      }
    };
    return notices.length === 0 ? [] : attempt(notices);
  };

  const holdBack = (notices: readonly AlertNotice[], address: Address) => {
    const own = notices.map((notice) => ({ ...notice, ...address }));
    const [first] = own;
    if (first === undefined) return;
    const key = heldBackKey(first, context);
    const before = groupOf(key) ?? { mailAt: null, isFirst: false, seenAt: now, held: [] };
    const held = [...before.held, ...own.map((notice) => ({ at: now, notice }))];
    groups.set(key, { ...before, seenAt: now, held });
  };

  const isOpen = (notice: AlertNotice, address: Address) =>
    (groupOf(heldBackKey({ ...notice, ...address }, context))?.held.length ?? 0) === 0 &&
    [...address.recipients, ...address.sms].every((one) => roomAt(countOf(one)) <= now);

  const leave = (held: readonly AlertNotice[]): readonly AlertNotice[] => {
    const notices = current(held, writing);
    const [first] = notices;
    if (first === undefined) return [];
    const open = {
      recipients: first.recipients.filter((one) => isOpen(first, { recipients: [one], sms: [] })),
      sms: first.sms.filter((one) => isOpen(first, { recipients: [], sms: [one] })),
    };
    const someone = open.recipients.length + open.sms.length > 0;
    const failures = someone
      ? write(notices, (part) =>
          mailOf(
            part.map((notice) => ({ ...notice, ...open })),
            writing,
          ),
        )
      : [];
    const shut = [
      ...first.recipients
        .filter((one) => !open.recipients.includes(one))
        .map((one) => ({ recipients: [one], sms: [] })),
      ...first.sms.filter((one) => !open.sms.includes(one)).map((one) => ({ recipients: [], sms: [one] })),
    ];
    if (shut.length === 0) return failures;
    const written = withRoots(
      notices.filter((notice) => !failures.includes(notice)),
      roots,
    );
    for (const address of shut) holdBack(written, address);
    return failures;
  };

  const freshOf = Map.groupBy(fresh, (notice) => groupKey(notice, context));
  const dueKeys = [...told.groups].flatMap(([key, group]) =>
    !isHeldBackKey(key) && isDue(group, now) ? [key] : [],
  );
  const steps = [...new Set([...freshOf.keys(), ...dueKeys])].map((key) => ({
    key,
    before: told.groups.get(key) ?? null,
    step: stepGroup(told.groups.get(key) ?? null, freshOf.get(key) ?? [], now),
  }));
  // Where an hour has room for few mails only, the critical ones are among them.
  const worst = (notices: readonly AlertNotice[]) =>
    worstTone(
      notices.map(({ severity }) => severity),
      'plain',
    );
  for (const { key, before, step } of steps.toSorted((left, right) =>
    compareTones(worst(left.step.leaves), worst(right.step.leaves)),
  )) {
    const failures = leave(step.leaves);
    for (const { name } of failures) failed.add(name);
    // What was held and cannot be written is tried again with the next mail; what is new is decided anew.
    const known = new Set(before?.held.map(({ notice }) => `${notice.name} ${notice.incidentId}`));
    const again = failures.filter((notice) => known.has(`${notice.name} ${notice.incidentId}`));
    const held = again.map((notice) => ({ at: now, notice }));
    groups.set(key, step.group === null || held.length === 0 ? step.group : { ...step.group, held });
  }

  for (const key of new Set([...told.groups.keys(), ...groups.keys()])) {
    const group = isHeldBackKey(key) ? groupOf(key) : null;
    if (group === null) continue;
    const [first] = group.held;
    const address = first === undefined ? [] : [...first.notice.recipients, ...first.notice.sms];
    if (address.some((one) => heldBackUntil(group, countOf(one)) > now)) continue;
    const notices = current(
      group.held.map(({ notice }) => notice),
      writing,
    );
    const heldBack = { count: group.held.length, since: first?.at ?? now, perHour: MAILS_PER_HOUR };
    const failures = write(notices, (part) => groupMail(part, heldBack, writing));
    const held = failures.map((notice) => ({ at: now, notice }));
    groups.set(key, held.length === 0 ? null : { ...group, mailAt: now, seenAt: now, held });
  }

  return { messages, roots, failed, groups, counts };
}

/** What is to be said of the incidents now, once of each. */
function current(held: readonly AlertNotice[], { asOfNow }: Writing): AlertNotice[] {
  return mergedNotices(held).flatMap((notice) => asOfNow(notice) ?? []);
}

/** Alone it is a mail about that alert; several are one mail about all. */
function mailOf(notices: readonly AlertNotice[], writing: Writing): Message[] {
  const [only, ...more] = notices;
  if (only === undefined) return [];
  if (more.length > 0) return groupMail(notices, null, writing);
  const otherActive = writing.active.filter(({ name }) => name !== only.name);
  return writing.composer.alert({ ...only, otherActive }, writing.context);
}

const PRIORITIES = ['high', 'normal', 'low'] as const;

function groupMail(
  notices: readonly AlertNotice[],
  heldBack: { readonly count: number; readonly since: number; readonly perHour: number } | null,
  { composer, context, active }: Writing,
): Message[] {
  const [first] = notices;
  if (first === undefined) return [];
  const named = new Set(notices.map(({ name }) => name));
  const priority =
    PRIORITIES.find((one) => notices.some(({ emailProperties }) => emailProperties.priority === one)) ??
    'normal';
  return composer.group(
    {
      notices,
      otherActive: active.filter(({ name }) => !named.has(name)),
      heldBack,
      recipients: first.recipients,
      sms: first.sms,
      emailProperties: { ...first.emailProperties, subject: null, priority },
    },
    context,
  );
}

function rootsOf(notices: readonly AlertNotice[], messageId: string): Root[] {
  return notices
    .filter(({ kind, rootMessageId }) => kind !== 'resolved' && rootMessageId === null)
    .map(({ name, incidentId }) => ({ name, incidentId, messageId }));
}

function withRoots(notices: readonly AlertNotice[], roots: readonly Root[]): AlertNotice[] {
  const byIncident = new Map(roots.map(({ incidentId, messageId }) => [incidentId, messageId]));
  return notices.map((notice) => ({
    ...notice,
    rootMessageId: notice.rootMessageId ?? byIncident.get(notice.incidentId) ?? null,
  }));
}

/** When what is held back for an address leaves: as soon as its hour has room, after a mail that could not be written later. */
export function heldBackUntil(group: NoticeGroup, count: HourCount): number {
  return Math.max(roomAt(count), group.mailAt === null ? 0 : group.mailAt + LATER_WINDOW_MS);
}
