import { formatTime } from '../../../../shared/format.ts';
import type { SystemNotice } from '../../compose/compose.ts';

const DAY_MS = 24 * 3_600_000;

/** What the administrator is told before and after a subscription ends (S3). */
export function subscriptionNotice(
  { expiresAt, label, now }: { readonly expiresAt: number; readonly label: string; readonly now: number },
  { installation, timeZone }: { readonly installation: string; readonly timeZone: string },
  recipients: readonly string[],
): SystemNotice {
  const when = formatTime(expiresAt, timeZone);
  const hasEnded = expiresAt <= now;
  const days = Math.max(1, Math.ceil((expiresAt - now) / DAY_MS));
  const left = days === 1 ? 'within a day' : `in ${days} days`;
  return {
    subject: hasEnded ? 'Web Service subscription has ended' : `Web Service subscription ends ${left}`,
    headline: hasEnded
      ? `The subscription of ${installation} to the Tocsin Web Service has ended.`
      : `The subscription of ${installation} to the Tocsin Web Service ends ${left}.`,
    paragraphs: [
      hasEnded
        ? `It ended on ${when}. The service ${label} takes no more mail of this computer: what has to go through it is kept for five days and leaves as soon as the subscription is extended.`
        : `It ends on ${when}. After that, the service ${label} takes no more mail of this computer; what has to go through it is then kept.`,
      'Ask the operator of the service to extend it. Mail that leaves by your own mail server is not concerned.',
    ],
    severity: 'warning',
    recipients,
  };
}
