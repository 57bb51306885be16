import type { SecureContext } from 'node:tls';
import type { Clock } from '../../../shared/model/clock.ts';
import type { MetricName } from '../../../shared/model/metrics.ts';
import { type Reading, unknown } from '../../../shared/model/sample.ts';
import { failureText } from './failure.ts';
import { JoinedRuns } from './joined-runs.ts';
import { createSharedLookup, type ResolveName } from './shared-lookup.ts';
import type { MetricSource } from './source.ts';
import { requestPage, type WebAnswer } from './web-request.ts';

const DEADLINE_MS = 10_000;

export interface HttpSourceOptions {
  readonly clock: Clock;
  readonly resolveName?: ResolveName;
  readonly deadlineMs?: number;
  /** Certificates (PEM) that are trusted besides those that Node and the computer trust. */
  readonly authorities?: readonly string[];
}

/** The status of a page that did not answer: no server can send it, and "below 200" catches it. */
const NO_ANSWER = 0;

/**
 * http.status and http.responseMilliseconds of a page, by one GET for both. The status is that of the first answer:
 * redirects are not followed. A page that cannot be had (refused, name unknown, certificate not trusted, broken off, not
 * there within 10 s) has status 0 with the reason as its detail, so that it can fire; its response time is unknown. The
 * time runs from the name lookup to the end of the page, or of its first 64 KB.
 */
export function createHttpSource(options: HttpSourceOptions): MetricSource {
  const { clock, deadlineMs = DEADLINE_MS, authorities = [] } = options;
  const lookup = createSharedLookup(options.resolveName);
  const running = new JoinedRuns<WebAnswer>();
  const stop = new AbortController();
  let trusted: Promise<SecureContext> | null = null;
  const secureContext = () => (trusted ??= createTrust(authorities));

  return {
    metrics: ['http.status', 'http.responseMilliseconds'],
    measure(requests) {
      return requests.map(({ metric, target }) => {
        const url = parseWebAddress(target ?? '');
        if (url === null) return unknown('the target must be an address such as https://host/path');
        return running
          .run(url.href, () => requestPage(url, { clock, deadlineMs, lookup, secureContext }, stop.signal))
          .then(
            (answer) => webReading(metric, answer),
            (error: unknown) => unknown(failureText(error)),
          );
      });
    },
    close: () => stop.abort(),
  };
}

/** An http or https address; null where the text is none. */
export function parseWebAddress(target: string): URL | null {
  const url = URL.parse(target);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') ? url : null;
}

/** As a browser on this computer would: a company's own authority is in the system's store, not in Node's list. */
export async function createTrust(authorities: readonly string[]): Promise<SecureContext> {
  const { createSecureContext, getCACertificates } = await import('node:tls');
  const ca = [...getCACertificates('default'), ...getCACertificates('system'), ...authorities];
  return createSecureContext({ ca: [...new Set(ca)] });
}

function webReading(metric: MetricName, answer: WebAnswer): Reading {
  const wantsStatus = metric === 'http.status';
  switch (answer.kind) {
    case 'answered':
      return { value: wantsStatus ? answer.status : answer.milliseconds };
    case 'none':
      return wantsStatus
        ? { value: NO_ANSWER, detail: `no page: ${answer.detail}` }
        : unknown(`there was no page: ${answer.detail}`);
    case 'unknown':
      return unknown(answer.reason);
  }
}
