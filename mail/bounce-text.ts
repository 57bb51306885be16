import { addressFault } from '../shared/address.ts';
import { distinct, oneLine, type ReturnedRecipient, statusIn } from './bounce-status.ts';
import { messageIdIn } from './message-id.ts';

/** What was made out of a notification that is written for people only. */
export interface FreeForm {
  readonly messageId: string | null;
  readonly recipients: readonly ReturnedRecipient[];
}

const MOST_LINES = 400;
const LONGEST_LINE = 1000;
const MOST_RECIPIENTS = 100;
/** So many lines after an address may tell why. */
const REASON_LINES = 12;

/** Where the returned mail begins. What stands before is the server's, what stands after is not to be believed. */
const RETURNED_MAIL =
  /^[\s>]*(?:(?:-{2,}|={2,}|_{2,}|\*{2,})[^a-z]{0,20}(?:this is a copy|below this line|(?:the )?original (?:message|headers?)|(?:the )?(?:returned|unsent|undelivered|undeliverable) (?:message|mail)|message (?:headers?|text|follows)|(?:the )?headers? (?:and|of|follow)|copy of|beginning of|start of|enclosed)|original message (?:follows|headers?)|message headers? follows?|the (?:original|following) message (?:follows|was attached)|return-path:|received: from |message-id:)/i;

const DELAYED =
  /\b(?:will (?:be )?(?:retr|keep trying|continue to (?:try|attempt))|has not yet been delivered|not yet been (?:delivered|able)|(?:is|was|been|being) delayed|delayed delivery|delivery delay|still trying|still being attempted|warning message only|do(?:es)? not need to (?:re-?send|do anything)|delivery attempts will continue|will attempt to deliver|keeps? trying to deliver)/i;
const GIVEN_UP =
  /\b(?:permanent|fatal error|giv(?:en|ing) up|gave up|no further attempts?|will not be retried|not be able to deliver|undeliverable|too long|expired|retry time(?:out)? exceeded|retry timeout|too many attempts)/i;
const FAILED =
  /\b(?:(?:could|can|would|did|was|were|has|have|is|are)(?: ?not|n['’]t)(?: be| been)? (?:deliver|reach|sen[dt]|complete|accept|process|receiv)\w{0,3}|cannot (?:be )?(?:deliver\w{0,3}|sen[dt])|unable to (?:deliver|send|complete)|not able to (?:deliver|send)|wasn['’]t able to deliver|fail(?:ed|ure)|undeliver(?:able|ed)|rejected|refused|permanent|fatal errors?|returned to sender|bounced|did not reach)\b/i;

const ADDRESS = String.raw`[^\s<>()\[\],;:"@]{1,64}@[A-Za-z0-9.-]{1,190}`;
/** A line that begins with an address: alone, with a colon, a date or a reason after it. */
const LINE_OF_ADDRESS = new RegExp(
  String.raw`^\s{0,20}(?:[-*\u2022]\s{1,4})?(?:<(${ADDRESS})>|(${ADDRESS}))(?:\s*:|\s*$|\s+on\s|\s*\(|\s+-)(.*)$`,
);
/** A line that names it: "Failed Recipient: …", "Delivery to … failed". */
const LABELLED = new RegExp(
  String.raw`\b(?:failed recipients?|recipients?(?: address)?|e-?mail address|address(?:ee)?|(?:deliver|delivery|delivered|send|sent|reach|message|mail|user|mailbox|account)(?: your (?:message|mail))?(?: to)?)\b[:\s]{0,4}(?:the following (?:recipient|address)[:\s]{0,4})?["'\u2018\u201c]?<?(${ADDRESS})`,
  'i',
);

/** Addresses in the header that Exim and Google put into their notifications. */
export function failedRecipientsHeader(value: string): string[] {
  return value
    .slice(0, 20_000)
    .split(/[,\s]+/)
    .map((address) => address.replace(/^<|>$/g, ''))
    .filter((address) => addressFault(address) === null);
}

/** Reads words for people; `named` are recipients that a header names already. Null where they tell of no failure or delay. */
export function readFreeForm(words: string, named: readonly string[]): FreeForm | null {
  const lines = words.split(/\r?\n/, MOST_LINES + 300).map((line) => line.slice(0, LONGEST_LINE).trimEnd());
  const end = lines.findIndex((line) => RETURNED_MAIL.test(line));
  const told = lines.slice(0, Math.min(end < 0 ? lines.length : end, MOST_LINES));
  const text = told.join('\n');
  const action = actionIn(text);
  if (action === null) return null;
  const found = recipientsIn(told);
  const byName = named.map((address) => ({
    address,
    reason: found.find((entry) => entry.address.toLowerCase() === address.toLowerCase())?.reason ?? text,
  }));
  const recipients = (byName.length > 0 ? byName : found).slice(0, MOST_RECIPIENTS);
  if (recipients.length === 0) return null;
  return {
    messageId: end < 0 ? null : returnedMessageId(lines.slice(end)),
    recipients: recipients.map(({ address, reason }) => ({
      addresses: [address],
      action,
      status: statusIn(reason) ?? statusIn(text) ?? replyCodeIn(reason) ?? replyCodeIn(text),
      diagnostic: oneLine(reason),
    })),
  };
}

function actionIn(text: string): 'failed' | 'delayed' | null {
  if (DELAYED.test(text) && !GIVEN_UP.test(text)) return 'delayed';
  return FAILED.test(text) ? 'failed' : null;
}

interface Found {
  readonly address: string;
  readonly reason: string;
}

function recipientsIn(lines: readonly string[]): Found[] {
  const begun = lines.flatMap((line, at) => {
    const match = LINE_OF_ADDRESS.exec(line);
    const address = match?.[1] ?? match?.[2] ?? '';
    if (match === null || addressFault(address) !== null) return [];
    return [{ address, reason: reasonAfter(lines, at, match[3] ?? '') }];
  });
  if (begun.length > 0) return onceEach(begun);
  return onceEach(
    lines.flatMap((line, at) => {
      const match = LABELLED.exec(line);
      const address = match?.[1]?.replace(/\.$/, '') ?? '';
      if (match === null || addressFault(address) !== null) return [];
      return [{ address, reason: reasonAfter(lines, at, line.slice(match.index + match[0].length)) }];
    }),
  );
}

/** What is said after an address: up to the next one, or to the end of the paragraph that says it. */
function reasonAfter(lines: readonly string[], at: number, rest: string): string {
  const reason = [rest.replace(/^[>"'’”):.,\s]{1,5}/, '')];
  for (const line of lines.slice(at + 1, at + 1 + REASON_LINES)) {
    const said = reason.findLast((each) => each.trim() !== '');
    if (LINE_OF_ADDRESS.test(line) || (line.trim() === '' && said !== undefined && !said.endsWith(':')))
      break;
    reason.push(line);
  }
  return reason.join('\n');
}

function onceEach(found: readonly Found[]): Found[] {
  const addresses = new Set(distinct(found.map(({ address }) => address)));
  return found.filter(({ address }) => addresses.delete(address));
}

function replyCodeIn(text: string): string | null {
  return /(?<![\d.])([45]\d\d)[ :-](?=\D)/.exec(text)?.[1] ?? null;
}

/** The first Message-ID after the mark, folded or quoted as it may be. */
function returnedMessageId(lines: readonly string[]): string | null {
  const at = lines.findIndex((line) => /^[\s>]*message-id\s*:/i.test(line));
  return at < 0 ? null : messageIdIn(`${lines[at] ?? ''} ${lines[at + 1] ?? ''}`.replace(/(>).*$/, '$1'));
}
