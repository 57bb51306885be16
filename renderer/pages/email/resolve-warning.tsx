import { useEffect, useState } from 'react';
import type { ReplyOf } from '../../../shared/contract/ipc.ts';
import { Banner } from '../../components/banner.tsx';
import { useClient } from '../../hooks/client.tsx';
import { useDebounced } from '../../hooks/use-debounced.ts';
import { browserClock } from '../../platform/clock.ts';
import { notResolvedText, SMTP } from '../../strings/email.ts';

/** How soon a name that does not resolve is asked for again: the warning goes by itself when it does. */
const ASK_AGAIN_MS = 5000;
/** What the contract takes for a host; anything else is a fault of the field. */
const HOST = /^[A-Za-z0-9._:%[\]-]{1,253}$/;

/** Says that a server's name does not resolve, for as long as it does not (K7). */
export function ResolveWarning({ host }: { readonly host: string }) {
  const settled = useDebounced(host.trim(), 600);
  return HOST.test(settled) ? <Resolved key={settled} host={settled} /> : null;
}

function Resolved({ host }: { readonly host: string }) {
  const client = useClient();
  const [reply, setReply] = useState<ReplyOf<'mail.resolve'> | null>(null);
  useEffect(() => {
    let isOver = false;
    let cancel = () => {};
    const askLater = () => {
      if (!isOver) cancel = browserClock.after(ASK_AGAIN_MS, ask);
    };
    const ask = () => {
      client.call('mail.resolve', { host }).then((answer) => {
        if (isOver) return;
        setReply(answer);
        if (answer.state !== 'resolves') askLater();
      }, askLater);
    };
    ask();
    return () => {
      isOver = true;
      cancel();
    };
  }, [client, host]);
  return reply === null ? null : <Warning host={host} reply={reply} />;
}

function Warning({ host, reply }: { readonly host: string; readonly reply: ReplyOf<'mail.resolve'> }) {
  if (reply.state === 'resolves') return null;
  return (
    <Banner state="warning" isUrgent>
      <strong>{SMTP.notResolved}.</strong> {notResolvedText(host, reply.state)}
    </Banner>
  );
}
