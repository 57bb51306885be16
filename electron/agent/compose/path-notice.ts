import { type ErrorCode, errorSentence } from '../../../shared/errors.ts';
import { formatDuration, formatTime } from '../../../shared/format.ts';
import type { RouteChoice } from '../../../shared/model/message.ts';
import { adviceOn } from '../../../shared/smtp-sentences.ts';
import { PATH_NOTICE_SOURCE } from '../evaluate/mail-path.ts';
import { cleanLine, cleanName, cutTo } from './clean-text.ts';
import type { ComposeContext, SystemNotice } from './compose.ts';
import { cutToSeptets, toGsm } from './gsm-alphabet.ts';

/** A way out that is dead, or was. */
export interface PathFacts {
  readonly route: RouteChoice;
  /** The servers of it, such as "mail.contoso.example:25"; empty for none that is known. */
  readonly servers: readonly string[];
  readonly deadSince: number;
  readonly code: ErrorCode | null;
  readonly reply: string | null;
  /** Messages that wait for it, and when the oldest of them was made. */
  readonly waiting: number;
  readonly oldestWaitingAt: number | null;
  /** The way the notice takes, and by which it was told of before. */
  readonly by: RouteChoice;
  readonly emails: readonly string[];
  readonly sms: readonly string[];
}

/** One text message (3GPP TS 23.040 9.2.3.16). */
const SMS_SEPTETS = 160;
/** More of a server's words is a link, as a rule. */
const REPLY_CHARACTERS = 300;

/** Tells the administrator by another way that mail does not leave by this one (B8). */
export function pathNotice(facts: PathFacts, context: ComposeContext): SystemNotice {
  const path = pathText(facts);
  const entry = facts.code === null ? null : adviceOn(facts.code, facts.reply);
  const sentence = faultSentence(facts);
  const since = formatTime(facts.deadSince, context.timeZone);
  return {
    subject: `No mail leaves by ${path}`,
    headline: `No mail leaves ${cleanName(context.installation)} by ${path}`,
    paragraphs: [
      `${sentence} Since ${since}, nothing has been accepted there.`,
      ...(entry === null ? [] : [`What may be the cause: ${entry.cause}`, `What to do: ${entry.mend}`]),
      waitingSentence(facts, context),
      'You are told of this at most once in 24 h, and once more when mail leaves again.',
    ],
    facts: [
      ['Dead since', `${since}, for ${formatDuration(context.now - facts.deadSince)}`],
      ["Server's words", facts.reply === null ? null : cutTo(cleanLine(facts.reply), REPLY_CHARACTERS)],
      ['Waiting', String(facts.waiting)],
      ['This came by', wayText(facts.by)],
    ],
    severity: 'critical',
    recipients: facts.emails,
    sms: {
      recipients: facts.sms,
      text: smsText(`${cleanName(context.installation)}: no mail leaves by ${path}. ${sentence}`),
    },
    route: facts.by,
    source: PATH_NOTICE_SOURCE,
  };
}

/** The follow-up: mail leaves again, and for how long it did not. */
export function pathBackNotice(
  facts: PathFacts,
  backAt: number,
  firstMessageId: string,
  context: ComposeContext,
): SystemNotice {
  const path = pathText(facts);
  const length = formatDuration(backAt - facts.deadSince);
  const time = (at: number) => formatTime(at, context.timeZone);
  const text = `Mail leaves by ${path} again`;
  return {
    subject: text,
    headline: `Mail leaves ${cleanName(context.installation)} by ${path} again`,
    paragraphs: [
      `Nothing was accepted there for ${length}, from ${time(facts.deadSince)} until ${time(backAt)}.`,
      waitingSentence(facts, context),
    ],
    severity: 'info',
    recipients: facts.emails,
    sms: {
      recipients: facts.sms,
      text: smsText(`${cleanName(context.installation)}: ${text}, after ${length}.`),
    },
    route: facts.by,
    source: PATH_NOTICE_SOURCE,
    references: [firstMessageId],
  };
}

/** A way out in a few words. */
export function pathText({ route, servers }: Pick<PathFacts, 'route' | 'servers'>): string {
  if (route === 'relay') return 'the Tocsin Web Service';
  return ['SMTP', servers.join(', ')].filter((word) => word !== '').join(' ');
}

/** What stands in its way, as a sentence. */
export function faultSentence({ code, servers }: Pick<PathFacts, 'code' | 'servers'>): string {
  const [server] = servers;
  if (code === null) return 'It does not take what it is given.';
  return errorSentence(code, server === undefined ? {} : { server });
}

function wayText(route: RouteChoice): string {
  return route === 'relay' ? 'the Tocsin Web Service' : 'SMTP';
}

function waitingSentence({ waiting, oldestWaitingAt }: PathFacts, context: ComposeContext): string {
  if (waiting === 0) return 'No mail waits for it.';
  const oldest =
    oldestWaitingAt === null ? '' : `, the oldest since ${formatTime(oldestWaitingAt, context.timeZone)}`;
  const messages = waiting === 1 ? '1 message waits' : `${waiting} messages wait`;
  return `${messages} for it${oldest}. What waits is kept for five days and leaves as soon as it can.`;
}

function smsText(text: string): string {
  return cutToSeptets(toGsm(cleanLine(text)), SMS_SEPTETS);
}
