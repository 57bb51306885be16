import type { Handlers } from '../../shared/contract/ipc.ts';
import { aboutHandlers } from './handlers/about.ts';
import { alertHandlers } from './handlers/alerts.ts';
import { computerHandlers } from './handlers/computer.ts';
import { eventHandlers } from './handlers/events.ts';
import { fileHandlers } from './handlers/files.ts';
import { logHandlers } from './handlers/log.ts';
import { mailHandlers } from './handlers/mail.ts';
import type { HandlerParts } from './handlers/parts.ts';
import { mailboxHandlers } from './handlers/mailbox.ts';
import { oauthHandlers } from './handlers/oauth.ts';
import { practiceHandlers } from './handlers/practice.ts';
import { relayHandlers } from './handlers/relay.ts';
import { reportHandlers } from './handlers/reports.ts';
import { settingsHandlers } from './handlers/settings.ts';

/** What the agent does when it is asked to: one function per method of the contract, one file per family. */
export function createHandlers(parts: HandlerParts): Handlers {
  return {
    'status.get': () => parts.status(),
    'console.link': () => ({ url: parts.consoleLink() }),
    ...settingsHandlers(parts),
    ...alertHandlers(parts),
    ...reportHandlers(parts),
    ...fileHandlers(),
    ...mailHandlers(parts),
    ...relayHandlers(parts),
    ...oauthHandlers(parts),
    ...logHandlers(parts),
    ...eventHandlers(parts),
    ...mailboxHandlers(parts),
    ...practiceHandlers(parts),
    ...computerHandlers(parts),
    ...aboutHandlers(parts),
  };
}
