import { join } from 'node:path';
import { protocol, type Session } from 'electron';
import { APP_SCHEME } from '../../shared/contract/desktop-bridge.ts';
import { headersOf } from '../agent/console/answers.ts';
import { createPageFiles } from '../agent/console/page-files.ts';
import type { AgentClient } from '../client/agent-client.ts';
import { answerAppPage } from '../client/app-pages.ts';

/** Before `ready`: the scheme has an origin, and is as safe as HTTPS to Chromium. Nothing may pass by its policy. */
export function registerAppScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges }]);
}

/** Serves the page and mails under the policies of the web console. */
export function serveApp(session: Session, client: AgentClient, distDir: string): void {
  const files = createPageFiles(join(distDir, 'page'));
  session.protocol.handle(APP_SCHEME, async ({ url, method }) => {
    const answer = await answerAppPage({ url, method }, files, client);
    const body = typeof answer.body === 'string' ? answer.body : new Uint8Array(answer.body);
    return new Response(body, { status: answer.status, headers: headersOf(answer) });
  });
}
