import type { Outlet, SendRequest } from '../../mail/outlet.ts';
import type { Clock } from '../../shared/model/clock.ts';
import type { Attempt } from '../../shared/model/delivery.ts';
import type { Message } from '../../shared/model/message.ts';
import { submissionOf } from '../store/outbox-id.ts';
import type { RelayStore } from '../store/relay-store.ts';
import { cleanHtml, htmlAndText, htmlOfText } from './clean-html.ts';
import type { UnsubscribeLinks } from './unsubscribe-link.ts';

export interface RelayOutletOptions {
  /** The servers of the service; it belongs to this outlet from now on. */
  readonly inner: Outlet;
  readonly store: Pick<RelayStore, 'findInstallation' | 'suppressed'>;
  readonly links: UnsubscribeLinks;
  readonly clock: Clock;
}

/**
 * Makes the mails of installations into the service's own: cleaned HTML with a text beside it (W5), the Reply-To of the
 * installation's record, and an unsubscribe address for each recipient, who therefore get a copy each.
 */
export function createRelayOutlet({ inner, store, links, clock }: RelayOutletOptions): Outlet {
  const sendCopies = async (request: SendRequest, installationId: string): Promise<Attempt[]> => {
    const installation = await store.findInstallation(installationId);
    const attempts: Attempt[] = [];
    for (const address of request.recipients) {
      const mime = {
        replyTo: installation?.replyTo ?? null,
        unsubscribeUrl: links.urlOf({ installationId, address }),
      };
      const made = await inner.send({ ...request, recipients: [address], mime });
      // Nothing could be tried: the others keep their turn.
      if (made.length === 0) break;
      attempts.push(...made);
    }
    // The outbox looks at the last attempt to learn which server may have the message already.
    const unknown = (attempt: Attempt) => attempt.outcomes.some((outcome) => outcome.verdict === 'unknown');
    return [...attempts.filter((attempt) => !unknown(attempt)), ...attempts.filter(unknown)];
  };

  return {
    async send(request) {
      const submission = submissionOf(request.message.id);
      if (submission === null) return inner.send(request);
      const { installationId, id, channel } = submission;
      const suppressed = new Set(
        (await store.suppressed(installationId)).map((address) => address.toLowerCase()),
      );
      const isSuppressed = (address: string) => suppressed.has(address.toLowerCase());
      const refused = request.recipients.filter(isSuppressed);
      const attempts: Attempt[] = refused.length === 0 ? [] : [unsubscribed(refused, clock.now())];
      const recipients = request.recipients.filter((address) => !isSuppressed(address));
      if (recipients.length === 0) return attempts;
      const message = channel === 'sms' ? { ...request.message, id } : finished({ ...request.message, id });
      const ours = { ...request, message, recipients };
      const made = channel === 'sms' ? await inner.send(ours) : await sendCopies(ours, installationId);
      return [...attempts, ...made];
    },
    available: (pinnedServer) => inner.available(pinnedServer),
    // Servers that are down are probed even while nothing waits: new messages are taken only while one answers.
    setWaiting: () => inner.setWaiting(true),
    health: () => inner.health(),
    reset: () => inner.reset(),
    close: () => inner.close(),
  };
}

function finished(message: Message): Message {
  const { html, text } = message;
  if (html === null || html.trim() === '') return { ...message, html: htmlOfText(text) };
  return text.trim() === '' ? { ...message, ...htmlAndText(html) } : { ...message, html: cleanHtml(html) };
}

function unsubscribed(addresses: readonly string[], at: number): Attempt {
  const code = 'recipient_unsubscribed';
  return {
    at,
    durationMs: 0,
    route: 'smtp',
    server: null,
    stage: 'route',
    code,
    reply: null,
    reason: 'not sent: the recipient wants no more mail from this installation',
    outcomes: addresses.map((address) => ({ address, verdict: 'rejected', code, reply: null })),
  };
}
