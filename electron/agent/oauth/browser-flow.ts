import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NO_SUCH_PAGE, plainPage, send } from '../console/answers.ts';
import { page } from '../console/entrance-pages.ts';
import {
  clientForm,
  endOf,
  type Flow,
  type FlowEnd,
  type FlowOptions,
  type FlowStart,
  refusalSentence,
  tooLate,
} from './sign-in-flow.ts';
import { postForm } from './token-endpoint.ts';

/** As long as people take to find a password and a phone, in milliseconds. */
const OPEN_MS = 10 * 60_000;
/** RFC 7636 7.1 asks for 256 bits of chance in the verifier; RFC 6749 10.10 for more than anybody guesses in the state. */
const CHANCE_BYTES = 32;

/** What the browser comes back with. */
type Return =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'refused'; readonly error: string; readonly description: string | null }
  | { readonly kind: 'foreign' };

/**
 * Signs in in a browser (authorisation code, RFC 6749 4.1) that comes back to a port of this computer which is open for this
 * alone (RFC 8252 7.3), with a code that only this process can use (PKCE, RFC 7636).
 */
export async function startBrowserFlow(options: FlowOptions): Promise<FlowStart> {
  const { provider, user, endpoint } = options;
  const { label } = provider;
  const state = randomBytes(CHANCE_BYTES).toString('base64url');
  const verifier = randomBytes(CHANCE_BYTES).toString('base64url');

  let settle: (end: FlowEnd) => void = () => {};
  let isTaken = false;
  let isOver = false;
  const ended = new Promise<FlowEnd>((resolve) => {
    settle = resolve;
  });
  const end = (outcome: FlowEnd): FlowEnd => {
    if (!isOver) {
      isOver = true;
      cancelLimit();
      server.close();
      settle(outcome);
    }
    return outcome;
  };
  /** What came back for this sign-in, told once; what did not is left lying. */
  const take = async (came: Exclude<Return, { kind: 'foreign' }>): Promise<FlowEnd> => {
    isTaken = true;
    if (came.kind === 'refused')
      return end({ kind: 'failed', sentence: refusalSentence(label, came.error, came.description) });
    const form = {
      ...clientForm(options),
      grant_type: 'authorization_code',
      code: came.code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    };
    return end(endOf(await postForm(provider.tokenEndpoint ?? '', form, endpoint), label));
  };
  const onRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('connection', 'close');
    const url = URL.parse(request.url ?? '', 'http://localhost');
    const isOurs = hosts.includes(request.headers.host ?? '') && request.method === 'GET';
    if (!isOurs || url?.pathname !== '/') return send(response, NO_SUCH_PAGE);
    const came = returnOf(url.searchParams, state);
    if (came.kind === 'foreign' || isTaken) return send(response, plainPage(400, FOREIGN_PAGE));
    const outcome = await take(came);
    send(
      response,
      outcome.kind === 'tokens' ? plainPage(200, DONE_PAGE) : plainPage(200, failedPage(outcome.sentence)),
    );
  };
  const server = createServer((request, response) => void onRequest(request, response));
  const port = await listen(server);
  if (port === null) {
    const sentence =
      'No port of this computer could be opened for the browser to come back to. Try again, or sign in by a code.';
    return { ok: false, sentence };
  }
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  // Without a path, as it is registered: Microsoft leaves out the port when it compares, and nothing else.
  const redirectUri = `http://${provider.redirectHost}:${port}`;
  const cancelLimit = endpoint.clock.after(OPEN_MS, () => end({ kind: 'failed', sentence: tooLate(label) }));

  const url = new URL(provider.authorizationEndpoint ?? '');
  const query = {
    ...provider.extra,
    response_type: 'code',
    client_id: provider.clientId ?? '',
    redirect_uri: redirectUri,
    scope: provider.scope,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    login_hint: user,
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);

  const flow: Flow = {
    prompt: { url: url.href, code: null, expiresAt: endpoint.clock.now() + OPEN_MS },
    ended,
    finish(address) {
      const given = URL.parse(address.trim());
      const came = given === null ? null : returnOf(given.searchParams, state);
      if (came === null || came.kind === 'foreign' || isTaken)
        return `This is not the address that the browser came to in this sign-in. It begins with http://${provider.redirectHost}:${port}/ and holds “code=”.`;
      void take(came);
      return null;
    },
    cancel: (sentence) => void end({ kind: 'failed', sentence }),
  };
  return { ok: true, flow };
}

/** What bears another state, or none, belongs to a sign-in that somebody else began (RFC 6749 10.12). */
function returnOf(query: URLSearchParams, state: string): Return {
  if (query.get('state') !== state) return { kind: 'foreign' };
  const error = query.get('error');
  if (error !== null)
    return { kind: 'refused', error: plain(error), description: plainOrNull(query.get('error_description')) };
  const code = query.get('code');
  return code === null || code === '' ? { kind: 'foreign' } : { kind: 'code', code };
}

function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, ' ').slice(0, 200);
}

function plainOrNull(text: string | null): string | null {
  return text === null ? null : plain(text);
}

/** Null where there is no port to be had. */
function listen(server: Server): Promise<number | null> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

const DONE_PAGE = page(
  'Tocsin',
  '<h1>You are signed in</h1><p>Tocsin can send mail with this account from now on. You can close this page.</p>',
);

const FOREIGN_PAGE = page(
  'Tocsin',
  '<h1>This address belongs to no sign-in that is under way</h1><p>Start the sign-in again in Tocsin, and use the link that it shows.</p>',
);

function failedPage(sentence: string): string {
  const safe = sentence.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return page('Tocsin', `<h1>You are not signed in</h1><p>${safe}</p><p>You can close this page.</p>`);
}
