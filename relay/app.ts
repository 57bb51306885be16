import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { MAX_BODY_BYTES } from '../shared/contract/relay-api.ts';
import type { Clock } from '../shared/model/clock.ts';
import type { UnsubscribeLinks } from './delivery/unsubscribe-link.ts';
import { UNSUBSCRIBE_PATH } from './delivery/unsubscribe-link.ts';
import { type Authenticate } from './http/authenticate.ts';
import { readBody, tooLarge } from './http/body.ts';
import { type Handlers, notReady } from './http/handlers.ts';
import { refuse, reply, type Reply } from './http/problem.ts';
import { targetUris } from './http/target-uri.ts';
import { askPage, donePage, unknownPage } from './http/unsubscribe-pages.ts';
import type { RelayLog } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Installation, RelayStore } from './store/relay-store.ts';

export interface RelayAppOptions {
  readonly handlers: Handlers;
  /** Told when a message has arrived, before it is verified; what it returns is called when it was submitted or refused. */
  readonly arriving: () => () => void;
  readonly authenticate: Authenticate;
  readonly store: Pick<RelayStore, 'suppress' | 'counts' | 'probe'>;
  readonly links: UnsubscribeLinks;
  readonly metrics: Metrics;
  readonly log: RelayLog;
  readonly clock: Clock;
  /** Under which address clients know the service; null: under the one they use. */
  readonly publicUrl: string | null;
  /** Whether mail can go out. */
  readonly outletReady: () => boolean;
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null;
}

/** A whole request must be there within this time, in milliseconds; a slow one must not hold its connection for ever. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Who sends nothing, or headers a byte at a time, is put out after so long; looked at so often. In milliseconds. */
const SLOW_CALLERS = { headersTimeout: 10_000, connectionsCheckingInterval: 5000 };
/** Longer than the idle time of proxies, so that they end connections and not the service. */
const KEEP_ALIVE_MS = 75_000;
/** Calls without a signature, in one minute and from one address: enrolling and unsubscribing. */
const UNSIGNED_PER_MINUTE = 120;

interface Noted {
  installation: Installation | null;
  code: string | null;
  startedMs: number;
  /** Says that a message is no longer about to be submitted. */
  arrived: () => void;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What is known of the request so far, for its line in the log; null before the first hook. */
    noted: Noted | null;
  }
}

/** The service apart from its server: routes, authentication and answers. `inject` of what it returns tests it. */
export async function createRelayApp(options: RelayAppOptions): Promise<FastifyInstance> {
  const { handlers, clock, metrics, log, links, store } = options;
  const app = fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    // X-Forwarded-For counts only where a proxy on this computer wrote it.
    trustProxy: 'loopback',
    routerOptions: { maxParamLength: 1200 },
    ...(options.tls === null
      ? { http: SLOW_CALLERS }
      : { https: { ...SLOW_CALLERS, ...options.tls, minVersion: 'TLSv1.2' as const } }),
  }) as FastifyInstance;
  app.decorateRequest('noted', null);
  app.removeAllContentTypeParsers();
  // The signature is over the bytes, so nothing parses them before it was checked.
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const send = (request: FastifyRequest, response: FastifyReply, answer: Reply) => {
    const note = request.noted;
    if (note) note.code = answer.code;
    return response.code(answer.status).headers(answer.headers).send(answer.body);
  };

  /** A call that only an enrolled installation may make. */
  const signed =
    (work: (caller: Installation, request: FastifyRequest, document: unknown) => Promise<Reply> | Reply) =>
    async (request: FastifyRequest, response: FastifyReply) => {
      const body = bodyOf(request);
      const authentication = await options.authenticate({
        method: request.method,
        targetUris: targetUris(options.publicUrl, {
          path: request.raw.url ?? '/',
          host: request.host,
          protocol: request.protocol,
          remoteAddress: request.socket.remoteAddress,
        }),
        headers: request.headers,
        body,
      });
      if (!authentication.ok) return send(request, response, authentication.refusal);
      const note = request.noted;
      if (note) note.installation = authentication.installation;
      if (request.method === 'GET')
        return send(request, response, await work(authentication.installation, request, null));
      const read = await readBody(body, request.headers['content-encoding']);
      const answer = read.ok ? await work(authentication.installation, request, read.document) : read.refusal;
      return send(request, response, answer);
    };

  app.addHook('onRequest', (request, _response, done) => {
    request.noted = { installation: null, code: null, startedMs: clock.monotonic(), arrived: () => {} };
    done();
  });
  const conclude = (request: FastifyRequest, response: FastifyReply) => {
    const note = request.noted;
    const route = request.routeOptions.url ?? 'unknown';
    const status = response.statusCode;
    metrics.requests.add({ route, status: String(status) });
    if (!note || route === '/healthz' || route === '/readyz' || route === '/metrics') return;
    const ms = clock.monotonic() - note.startedMs;
    if (note.code !== null) metrics.refused.add({ code: note.code });
    const message = route === '/v1/messages';
    if (message && status === 202) {
      metrics.observeAccept(ms / 1000);
      if (response.hasHeader('idempotency-replayed')) metrics.repeated.add();
      else metrics.accepted.add();
    }
    const id = message && note.installation !== null ? (request.headers['idempotency-key'] ?? null) : null;
    log.request({
      method: request.method,
      route,
      status,
      code: note.code,
      installation: note.installation?.id ?? null,
      id: id === null ? null : String(id).slice(0, 130),
      ms: Math.round(ms * 10) / 10,
    });
  };
  app.addHook('onResponse', (request, response, done) => {
    conclude(request, response);
    done();
  });
  app.setErrorHandler((error, request, response) => send(request, response, errorReply(error, log)));
  app.setNotFoundHandler((request, response) =>
    send(
      request,
      response,
      refuse('not_found', 'There is no such call. The calls are listed in docs/relay.md.'),
    ),
  );

  await app.register(rateLimit, { global: false });
  const unsigned = { config: { rateLimit: { max: UNSIGNED_PER_MINUTE, timeWindow: 60_000 } } };

  app.post('/v1/enrolments', unsigned, async (request, response) => {
    const read = await readBody(bodyOf(request), request.headers['content-encoding']);
    return send(request, response, read.ok ? await handlers.enrol(read.document) : read.refusal);
  });
  app.get(
    '/v1/installation',
    signed((caller) => handlers.installation(caller)),
  );
  const submit = signed((caller, request, document) =>
    handlers.submit(caller, textOf(request.headers['idempotency-key']), document, () =>
      request.noted?.arrived(),
    ),
  );
  app.post('/v1/messages', async (request, response) => {
    const arrived = options.arriving();
    const note = request.noted;
    if (note) note.arrived = arrived;
    try {
      return await submit(request, response);
    } finally {
      arrived();
    }
  });
  app.get<{ Params: { id: string } }>(
    '/v1/messages/:id',
    signed((caller, request) => handlers.messageState(caller, (request.params as { id: string }).id)),
  );
  app.post(
    '/v1/heartbeats',
    signed((caller, _request, document) => handlers.heartbeat(caller, document)),
  );

  app.get(`${UNSUBSCRIBE_PATH}:token`, unsigned, async (request, response) => {
    const read = links.read((request.params as { token: string }).token);
    return send(request, response, read === null ? unknownPage() : askPage(read.address));
  });
  app.post(`${UNSUBSCRIBE_PATH}:token`, unsigned, async (request, response) => {
    const read = links.read((request.params as { token: string }).token);
    if (read === null) return send(request, response, unknownPage());
    await store.suppress(read.installationId, read.address, clock.now());
    return send(request, response, donePage(read.address));
  });

  app.get('/healthz', async (request, response) => send(request, response, reply(200, { alive: true })));
  app.get('/readyz', async (request, response) => {
    const storeReady = await store.probe().then(
      () => true,
      () => false,
    );
    const outlet = options.outletReady();
    if (storeReady && outlet)
      return send(request, response, reply(200, { ready: true, store: true, outlet }));
    const refusal = notReady();
    const body = { ...(refusal.body as object), ready: false, store: storeReady, outlet };
    return send(request, response, { ...refusal, body });
  });
  app.get('/metrics', async (_request, response) => {
    const { installations, silent, waiting } = await store.counts();
    const text = metrics.text({
      tocsin_relay_outbox_waiting: waiting,
      tocsin_relay_installations: installations,
      tocsin_relay_installations_silent: silent,
      tocsin_relay_outlet_ready: options.outletReady() ? 1 : 0,
    });
    return response.type('text/plain; version=0.0.4; charset=utf-8').send(text);
  });
  return app;
}

function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}

/** What fastify refuses by itself, and what nobody expected. A stack goes to the log, never to the client. */
function errorReply(error: unknown, log: RelayLog): Reply {
  const { code, statusCode, message } = error as { code?: string; statusCode?: number; message?: string };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || statusCode === 413) return tooLarge();
  if (statusCode === 429) {
    return refuse(
      'quota_exceeded',
      'Too many calls without a signature came from this address. Try again in a minute.',
      {},
      60,
    );
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return refuse('invalid_message', 'The request cannot be read.', {
      faults: [{ path: '', message: String(message).slice(0, 300) }],
    });
  }
  log.fault(error);
  // SQLite could not write: full or failing disk, or locked for longer than it waits.
  if (code === 'ERR_SQLITE_ERROR') return notReady();
  return refuse(
    'internal',
    'The service could not do this, and has written down why. Try again later.',
    {},
    60,
  );
}
