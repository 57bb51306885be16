import type { OpenFailure } from '../../mail/open-session.ts';
import { openSession } from '../../mail/open-session.ts';
import type { Outlet } from '../../mail/outlet.ts';
import { createResolver } from '../../mail/resolve.ts';
import type { SmtpServerOptions } from '../../mail/smtp-server-options.ts';
import { smtpLimits } from '../../mail/smtp-limits.ts';
import { peerTrust } from '../../mail/tls.ts';
import type { Clock } from '../../shared/model/clock.ts';

/** DEFAULTS: a dead server is looked for every 5 s. */
const PROBE_EVERY_MS = 5000;

/** Whether the outlet can be relied on: its server has let us in since the start, and does not count as down now. */
export interface Readiness {
  ready(): boolean;
  /** Asks the server until it answers once; from then on the outlet itself knows. */
  start(): void;
  stop(): void;
}

export interface ReadinessOptions {
  readonly server: SmtpServerOptions;
  readonly outlet: Outlet;
  readonly ehloName: string;
  readonly timeoutSeconds: number;
  readonly clock: Clock;
  readonly onReady: () => void;
  readonly onFailed: (failure: OpenFailure) => void;
}

export function createReadiness(options: ReadinessOptions): Readiness {
  const { server, outlet, ehloName, timeoutSeconds, clock } = options;
  const abort = new AbortController();
  let answered = false;

  const probe = async (): Promise<void> => {
    const context = {
      clock,
      resolve: createResolver(),
      ehloName,
      limits: smtpLimits(timeoutSeconds),
      trust: () => peerTrust(server),
    };
    const opened = await openSession(server, context, abort.signal);
    if (abort.signal.aborted) return;
    if ('session' in opened) {
      opened.session.quit();
      answered = true;
      options.onReady();
      return;
    }
    options.onFailed(opened.failure);
    clock.after(PROBE_EVERY_MS, () => void probe());
  };

  return {
    ready: () => answered && outlet.available(null),
    start: () => void probe(),
    stop: () => abort.abort(),
  };
}
