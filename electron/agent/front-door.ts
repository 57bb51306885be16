import { join } from 'node:path';
import type { Handlers } from '../../shared/contract/ipc.ts';
import { createConsoleAccess } from './console/console-access.ts';
import { startConsoleServer, type WebConsole } from './console/console-server.ts';
import { createPreviewFrames } from './console/preview-frames.ts';
import { statusPage } from './console/status-page.ts';
import { mailFrames } from './handlers/mail-frames.ts';
import type { HandlerParts } from './handlers/parts.ts';

export interface FrontDoorOptions extends Omit<HandlerParts, 'previews' | 'consoleLink'> {
  /** 0 for any free port. */
  readonly port: number;
  /** Whether the web console is served beside the control API. */
  readonly withConsole: boolean;
  readonly onFault: (error: unknown) => void;
}

/** The way by which commands and pages reach a running agent. */
export interface FrontDoor {
  readonly port: number;
  /** What commands have to bring along. */
  readonly token: string;
  /** A new address that opens the web console once; null where it is not served. */
  link(): string | null;
  close(): Promise<void>;
}

/** Puts the handlers of calls and the console together and opens the port; one that is taken throws. */
export async function openFrontDoor(options: FrontDoorOptions): Promise<FrontDoor> {
  const { port, withConsole, distDir, status, clock, live, onFault, onRefused } = options;
  const access = createConsoleAccess(clock);
  const previews = createPreviewFrames();
  const link = () => (withConsole ? `http://127.0.0.1:${server.port}/?link=${access.newLink()}` : null);
  let loaded: Promise<Handlers> | null = null;
  const load = async () => {
    const { createHandlers } = await import('./handlers.ts');
    return createHandlers({ ...options, previews, consoleLink: link });
  };
  const handlers = () => (loaded ??= load());
  const console: WebConsole | null = withConsole
    ? {
        pageDir: distDir === null ? null : join(distDir, 'page'),
        standIn: () => statusPage(status(), clock.now()),
        mails: mailFrames({ ...options, previews }),
      }
    : null;
  const server = await startConsoleServer({
    port,
    access,
    handlers,
    live,
    clock,
    console,
    onFault,
    onRefused,
  });
  return { port: server.port, token: access.token, link, close: server.close };
}
