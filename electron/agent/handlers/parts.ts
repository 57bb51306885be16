import type { DeliveryLog } from '../../../mail/delivery-log.ts';
import type { Dispatcher } from '../../../mail/dispatcher.ts';
import type { Outbox } from '../../../mail/outbox.ts';
import type { PracticeMailbox } from '../../../mail/practice-mailbox.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { AgentStatus } from '../../../shared/model/status.ts';
import type { ComposeContext, Composer } from '../compose/compose.ts';
import type { LiveEvents } from '../console/live-events.ts';
import type { PreviewFrames } from '../console/preview-frames.ts';
import type { RelayLink } from '../dispatch/relay/link.ts';
import type { SmtpEvents } from '../events/smtp-events.ts';
import type { OAuth } from '../oauth/oauth.ts';
import type { DataDir } from '../platform/data-dir.ts';
import type { History } from '../record/history.ts';
import type { Monitor } from '../schedule/monitor.ts';
import type { Reporter } from '../schedule/reporter.ts';
import type { SettingsStore } from '../settings/settings-store.ts';

/** What the handlers of calls work with. */
export interface HandlerParts {
  readonly settings: SettingsStore;
  readonly oauth: OAuth;
  readonly monitor: Monitor;
  readonly reporter: Reporter;
  readonly practice: PracticeMailbox;
  readonly relay: RelayLink;
  readonly outbox: Outbox;
  readonly dispatcher: Dispatcher;
  readonly deliveries: DeliveryLog;
  readonly events: Pick<SmtpEvents, 'list' | 'try'>;
  readonly history: Pick<History, 'read' | 'series'>;
  readonly clock: Clock;
  readonly hostName: string;
  readonly dataDir: DataDir;
  /** Where the built page and the list of licences lie; null where Tocsin runs from sources that were not built. */
  readonly distDir: string | null;
  readonly composer: () => Promise<Composer>;
  readonly composeContext: () => ComposeContext;
  readonly status: () => AgentStatus;
  readonly live: LiveEvents;
  readonly previews: PreviewFrames;
  readonly consoleLink: () => string | null;
  /** Whether there was a trouble of Tocsin's own by this name. */
  readonly acknowledgeTrouble: (name: string) => boolean;
  /** Told, for the log, of what was asked for and is not to be had. No values: they may be passwords. */
  readonly onRefused: (text: string) => void;
  /** Makes everything that runs take up the new settings. */
  readonly onSettingsChanged: () => Promise<void>;
}
