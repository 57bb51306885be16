import { senderFindings } from '../../../mail/sender-findings.ts';
import type { Settings, SmtpServerSettings } from '../../../shared/contract/settings.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { ehloName, senderOf } from './sender.ts';

export interface CheckSenderOptions {
  readonly settings: Settings;
  /** A server that is being edited, in place of the first one of the settings. */
  readonly server: SmtpServerSettings | null;
  /** The From of that form, null where it has none; as the settings have it where it is left out. */
  readonly from?: Settings['smtp']['from'] | undefined;
  readonly hostName: string;
  readonly clock: Clock;
}

/**
 * What can be said of the sender without sending anything. Nothing where mail goes to the practice mailbox: nobody
 * outside sees it. Takes 3 s at most.
 */
export async function checkSender(options: CheckSenderOptions): Promise<Finding[]> {
  const { settings, hostName, clock, from = settings.smtp.from } = options;
  const server = options.server ?? settings.smtp.servers[0];
  if (server === undefined) return [];
  const smtp = { ...settings.smtp, servers: [server], from };
  return senderFindings(
    {
      from: senderOf({ ...settings, smtp }, hostName).address,
      login: server.auth.method === 'none' ? null : server.auth.user,
      host: server.host,
      ehloName: ehloName(hostName),
    },
    { clock },
  );
}
