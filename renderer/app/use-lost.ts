import { useEffect, useState } from 'react';
import { CallFailure } from '../api/client.ts';
import { useClient } from '../hooks/client.tsx';
import { useConnection } from '../hooks/use-status.tsx';
import { browserClock } from '../platform/clock.ts';
import { SHELL } from '../strings/shell.ts';

/** A connection that is back sooner was never worth a word. */
const PATIENCE_MS = 2000;
const ASK_AGAIN_MS = 5000;

/**
 * Why the agent has not been heard for longer than a moment, in a sentence; null while it is. The stream of events does not
 * say why it broke, so the agent is asked: after it was started anew, a session has to be opened anew as well.
 */
export function useLost(): string | null {
  const client = useClient();
  const connection = useConnection();
  const [sentence, setSentence] = useState<string | null>(null);
  useEffect(() => {
    if (connection === 'open') return;
    let isOver = false;
    let cancel = () => {};
    const ask = () => {
      client.call('status.get', {}).then(
        () => say(SHELL.lost),
        (error: unknown) => {
          const isSignedOut = error instanceof CallFailure && error.kind === 'signed-out';
          say(isSignedOut ? error.message : SHELL.lost);
        },
      );
    };
    const say = (reason: string) => {
      if (isOver) return;
      setSentence(reason);
      cancel = browserClock.after(ASK_AGAIN_MS, ask);
    };
    cancel = browserClock.after(PATIENCE_MS, ask);
    return () => {
      isOver = true;
      cancel();
      setSentence(null);
    };
  }, [client, connection]);
  return sentence;
}
