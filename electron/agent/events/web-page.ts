import type { SecureContext } from 'node:tls';
import type { SmtpEventAction } from '../../../shared/contract/settings.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import { parseWebAddress } from '../collect/http.ts';
import { createSharedLookup, type ResolveName, systemLookup } from '../collect/shared-lookup.ts';
import { requestPage } from '../collect/web-request.ts';
import type { ActionOutcome } from './action-outcome.ts';
import type { EventData } from './event-data.ts';
import { callableLookup, literalFault } from './public-addresses.ts';
import { escapeForBody, escapeForUrl, fillTemplate } from './template.ts';

const DEADLINE_MS = 10_000;
/** A template repeats what others said; what grows beyond this is no notification any more. */
const MOST_BODY_CHARACTERS = 262_144;

type WebPageAction = Extract<SmtpEventAction, { type: 'call-web-page' }>;

interface WebPageOptions {
  readonly clock: Clock;
  readonly secureContext: () => Promise<SecureContext>;
  readonly resolveName?: ResolveName;
}

/** Headers that say how the request itself is made; they follow from the body and are not the rule's. */
const OF_THE_REQUEST: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Calls a page: `{{fields}}` in its address (after the host) and body are filled in, escaped for where they stand. No
 * redirect is followed, and the connection is made to an address that was checked. Any 2xx is success.
 */
export async function callWebPage(
  action: WebPageAction,
  fields: ReadonlyMap<string, string>,
  data: EventData,
  options: WebPageOptions,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  const url = addressOf(action.url, fields);
  if (url === null) return failed(`${action.url} is not an address that can be called`);
  const fault = literalFault(url, action.allowedAddresses);
  if (fault !== null) return failed(`${url.host} was not called: ${fault}`);
  const send = requestOf(action, fields, data);
  if ((send.body ?? '').length > MOST_BODY_CHARACTERS) return failed('the filled in body is too long');
  const resolveName = callableLookup(options.resolveName ?? systemLookup, action.allowedAddresses);
  const answer = await requestPage(
    url,
    {
      clock: options.clock,
      deadlineMs: DEADLINE_MS,
      lookup: createSharedLookup(resolveName),
      secureContext: options.secureContext,
      send,
    },
    signal,
  );
  const what = `${action.method} ${url.host}`;
  switch (answer.kind) {
    case 'none':
      return { kind: 'retry', text: `${what}: ${answer.detail}` };
    case 'unknown':
      return { kind: 'retry', text: `${what}: ${answer.reason}` };
    case 'answered':
      return ofStatus(what, answer.status);
  }
}

/** 408 and 429 ask for another try (RFC 9110 15.5.9, RFC 6585 4); other 4xx will not change. */
function ofStatus(what: string, status: number): ActionOutcome {
  const text = `${what} answered ${status}`;
  if (status >= 200 && status < 300) return { kind: 'done', text };
  if (status >= 300 && status < 400) return failed(`${text}; redirects are not followed`);
  return status >= 500 || status === 408 || status === 429 ? { kind: 'retry', text } : failed(text);
}

function failed(text: string): ActionOutcome {
  return { kind: 'failed', text };
}

/** What stands before the path is the administrator's alone: no field is filled in there. */
function addressOf(template: string, fields: ReadonlyMap<string, string>): URL | null {
  const [, authority = '', rest = ''] = /^(https?:\/\/[^/?#]*)(.*)$/is.exec(template) ?? [];
  if (authority.includes('{{')) return null;
  return parseWebAddress(authority + fillTemplate(rest, fields, escapeForUrl));
}

/** Without a body of the rule's own, methods that carry one send the event as JSON. */
function requestOf(action: WebPageAction, fields: ReadonlyMap<string, string>, data: EventData) {
  const headers: Record<string, string> = {};
  let contentType: string | null = null;
  for (const [name, value] of Object.entries(action.headers)) {
    if (OF_THE_REQUEST.has(name.toLowerCase())) continue;
    if (name.toLowerCase() === 'content-type') contentType = value;
    headers[name] = value;
  }
  if (data['test'] === true) headers['tocsin-test'] = 'true';
  const carriesBody = action.method === 'POST' || action.method === 'PUT' || action.method === 'PATCH';
  if (action.body === null && !carriesBody) return { method: action.method, headers, body: null };
  const template = action.body;
  if (contentType === null) headers['content-type'] = bodyType(template);
  const body =
    template === null
      ? JSON.stringify(data)
      : fillTemplate(template, fields, escapeForBody(contentType, template));
  headers['content-length'] = String(Buffer.byteLength(body));
  return { method: action.method, headers, body };
}

function bodyType(template: string | null): string {
  if (template === null || /^\s*[{[]/.test(template)) return 'application/json';
  return 'text/plain; charset=utf-8';
}
