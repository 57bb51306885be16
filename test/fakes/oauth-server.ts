import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { KeyAndCertificate } from './certificates.ts';

export interface OAuthServerOptions {
  /** Whose time its tokens live by; the computer's where it is left out. */
  readonly now?: () => number;
  readonly clientId?: string;
  /** Of localhost: it is reached over https then. */
  readonly certificate?: KeyAndCertificate;
  /** Asked for at the token endpoint where it is given. */
  readonly clientSecret?: string;
  readonly accessTokenSeconds?: number;
  /** In the answer of the device endpoint; left out there where it is null. */
  readonly intervalSeconds?: number | null;
  readonly deviceCodeSeconds?: number;
}

interface DeviceCode {
  readonly userCode: string;
  readonly endsAt: number;
  state: 'pending' | 'approved' | 'denied';
  user: string;
}

interface AuthorisationCode {
  readonly challenge: string;
  readonly redirectUri: string;
  readonly user: string;
  isUsed: boolean;
}

interface Issued {
  readonly user: string;
  readonly endsAt: number;
  isWithdrawn: boolean;
}

/** An answer in place of the one that would be given. */
export interface Instead {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A sign-in service of the tests: device authorisation (RFC 8628), authorisation code with PKCE (RFC 6749, 7636), refresh
 * tokens that are good for one use (RFC 6749 6), revocation (RFC 7009). It holds clients to the rules and remembers what it gave.
 */
export class OAuthServer {
  readonly clientId: string;
  /** Every request that came, as `path grant_type`, in order. */
  readonly requests: string[] = [];
  /** What was said in refusing, for whoever wonders. */
  readonly refusals: string[] = [];
  /** Every token that was given out: none may be seen where it does not belong. */
  readonly secrets: string[] = [];
  readonly accessTokens = new Map<string, Issued>();
  readonly refreshTokens = new Map<string, Issued>();
  /** Answers the token endpoint gives in place of its own, first to last. */
  readonly instead: Instead[] = [];
  /** The time of each request to the token endpoint. */
  readonly tokenRequestTimes: number[] = [];
  /** Whom the authorisation endpoint takes the browser for; null declines. */
  browserUser: string | null = 'tocsin@contoso.example';
  /** Whether access tokens come with what renews them. */
  givesRefreshTokens = true;
  readonly #options: OAuthServerOptions;
  readonly #devices = new Map<string, DeviceCode>();
  readonly #codes = new Map<string, AuthorisationCode>();
  #server: Server | null = null;
  #made = 0;
  port = 0;

  constructor(options: OAuthServerOptions = {}) {
    this.#options = options;
    this.clientId = options.clientId ?? 'tocsin-app';
  }

  async start(port = 0): Promise<this> {
    const { certificate } = this.#options;
    const serve = (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response);
    const server = certificate === undefined ? createServer(serve) : createTlsServer(certificate, serve);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  get origin(): string {
    return this.#options.certificate === undefined
      ? `http://127.0.0.1:${this.port}`
      : `https://localhost:${this.port}`;
  }

  /** `auth` of a server in the settings, for a provider of one's own. */
  auth(user = 'tocsin@contoso.example') {
    return {
      method: 'oauth2' as const,
      user,
      provider: 'custom' as const,
      clientId: this.clientId,
      tokenEndpoint: `${this.origin}/token`,
      deviceEndpoint: `${this.origin}/device`,
      authorizationEndpoint: `${this.origin}/authorize`,
      revocationEndpoint: `${this.origin}/revoke`,
      scope: 'smtp offline_access',
    };
  }

  /** Whether an access token is good for this user now. */
  takes(user: string, token: string): boolean {
    const issued = this.accessTokens.get(token);
    return issued !== undefined && issued.user === user && !issued.isWithdrawn && issued.endsAt > this.#now();
  }

  /** What a person does who has entered the code. */
  settleDevice(userCode: string, state: 'approved' | 'denied', user = 'tocsin@contoso.example'): void {
    for (const device of this.#devices.values()) {
      if (device.userCode === userCode) Object.assign(device, { state, user });
    }
  }

  /** The codes that wait to be entered. */
  get pendingCodes(): readonly string[] {
    return [...this.#devices.values()]
      .filter(({ state }) => state === 'pending')
      .map(({ userCode }) => userCode);
  }

  /** What an administrator does who withdraws all of an account's sign-ins. */
  withdraw(user: string, what: 'everything' | 'access tokens' = 'everything'): void {
    const kinds = what === 'everything' ? [this.accessTokens, this.refreshTokens] : [this.accessTokens];
    for (const issued of kinds.flatMap((kind) => [...kind.values()])) {
      if (issued.user === user) issued.isWithdrawn = true;
    }
  }

  countOf(grantType: string): number {
    return this.requests.filter((request) => request === `/token ${grantType}`).length;
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  #token(kind: string): string {
    this.#made += 1;
    const token = `canary-${kind}-${this.#made}-${randomBytes(12).toString('base64url')}`;
    this.secrets.push(token);
    return token;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
    this.requests.push(`${url.pathname} ${form.get('grant_type') ?? ''}`.trim());
    if (url.pathname === '/authorize') return this.#authorize(url.searchParams, response);
    if (request.method !== 'POST') return answer(response, { status: 405, body: {} });
    switch (url.pathname) {
      case '/device':
        return answer(response, this.#device(form));
      case '/token':
        this.tokenRequestTimes.push(this.#now());
        return answer(response, this.instead.shift() ?? this.#tokens(form));
      case '/revoke': {
        const issued = this.refreshTokens.get(form.get('token') ?? '');
        if (issued !== undefined) this.withdraw(issued.user);
        response.writeHead(200).end();
        return;
      }
      default:
        return answer(response, { status: 404, body: {} });
    }
  }

  #device(form: URLSearchParams): Instead {
    if (form.get('client_id') !== this.clientId) return this.#refuse('invalid_client', 401);
    const { intervalSeconds = 5, deviceCodeSeconds = 900 } = this.#options;
    const deviceCode = this.#token('device');
    const userCode = `WDJB-${String(1000 + this.#made)}`;
    const endsAt = this.#now() + deviceCodeSeconds * 1000;
    this.#devices.set(deviceCode, { userCode, endsAt, state: 'pending', user: '' });
    return {
      status: 200,
      body: {
        device_code: deviceCode,
        user_code: userCode,
        verification_uri: `${this.origin}/enter`,
        expires_in: deviceCodeSeconds,
        ...(intervalSeconds === null ? {} : { interval: intervalSeconds }),
      },
    };
  }

  /** Sends the browser back at once, as if somebody had signed in, or had declined to. */
  #authorize(query: URLSearchParams, response: ServerResponse): void {
    const redirectUri = query.get('redirect_uri') ?? '';
    const isSound =
      query.get('response_type') === 'code' &&
      query.get('client_id') === this.clientId &&
      query.get('code_challenge_method') === 'S256' &&
      /^[\w-]{43}$/.test(query.get('code_challenge') ?? '') &&
      /^http:\/\/(127\.0\.0\.1|localhost):\d+$/.test(redirectUri);
    if (!isSound) return answer(response, { status: 400, body: { error: 'invalid_request' } });
    const back = new URL(redirectUri);
    back.searchParams.set('state', query.get('state') ?? '');
    if (this.browserUser === null) back.searchParams.set('error', 'access_denied');
    else {
      const code = this.#token('code');
      const challenge = query.get('code_challenge') ?? '';
      this.#codes.set(code, { challenge, redirectUri, user: this.browserUser, isUsed: false });
      back.searchParams.set('code', code);
    }
    response.writeHead(302, { location: back.href }).end();
  }

  #tokens(form: URLSearchParams): Instead {
    const { clientSecret } = this.#options;
    if (form.get('client_id') !== this.clientId) return this.#refuse('invalid_client', 401);
    if (clientSecret !== undefined && form.get('client_secret') !== clientSecret)
      return this.#refuse('invalid_client', 401);
    switch (form.get('grant_type')) {
      case 'urn:ietf:params:oauth:grant-type:device_code':
        return this.#byDevice(form.get('device_code') ?? '');
      case 'authorization_code':
        return this.#byCode(form);
      case 'refresh_token':
        return this.#byRefresh(form.get('refresh_token') ?? '');
      default:
        return this.#refuse('unsupported_grant_type');
    }
  }

  #byDevice(deviceCode: string): Instead {
    const device = this.#devices.get(deviceCode);
    if (device === undefined) return this.#refuse('invalid_grant');
    if (this.#now() >= device.endsAt) return this.#refuse('expired_token');
    if (device.state === 'pending') return this.#refuse('authorization_pending');
    this.#devices.delete(deviceCode);
    return device.state === 'denied' ? this.#refuse('access_denied') : this.#issue(device.user);
  }

  #byCode(form: URLSearchParams): Instead {
    const code = this.#codes.get(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (code === undefined || code.isUsed) return this.#refuse('invalid_grant');
    code.isUsed = true;
    const isSound = challenge === code.challenge && form.get('redirect_uri') === code.redirectUri;
    return isSound ? this.#issue(code.user) : this.#refuse('invalid_grant');
  }

  /** A refresh token is good once: what was used before is refused, as is what was withdrawn. */
  #byRefresh(token: string): Instead {
    const issued = this.refreshTokens.get(token);
    if (issued === undefined || issued.isWithdrawn)
      return this.#refuse('invalid_grant', 400, 'The sign-in was withdrawn.');
    issued.isWithdrawn = true;
    return this.#issue(issued.user);
  }

  #issue(user: string): Instead {
    const { accessTokenSeconds = 3600 } = this.#options;
    const access = this.#token('access');
    this.accessTokens.set(access, {
      user,
      endsAt: this.#now() + accessTokenSeconds * 1000,
      isWithdrawn: false,
    });
    const refresh = this.#token('refresh');
    this.refreshTokens.set(refresh, { user, endsAt: Number.POSITIVE_INFINITY, isWithdrawn: false });
    const claims = Buffer.from(JSON.stringify({ preferred_username: user })).toString('base64url');
    return {
      status: 200,
      body: {
        access_token: access,
        token_type: 'Bearer',
        expires_in: accessTokenSeconds,
        ...(this.givesRefreshTokens ? { refresh_token: refresh } : {}),
        id_token: `e30.${claims}.`,
      },
    };
  }

  #refuse(error: string, status = 400, description?: string): Instead {
    this.refusals.push(error);
    return {
      status,
      body: { error, ...(description === undefined ? {} : { error_description: description }) },
    };
  }
}

function answer(response: ServerResponse, { status, body, headers = {} }: Instead): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}
