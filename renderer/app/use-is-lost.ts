import { useEffect, useState } from 'react';
import type { Connection } from '../api/client.ts';
import { browserClock } from '../platform/clock.ts';

/** A connection that is back sooner was never worth a word. */
const PATIENCE_MS = 2000;

/** Whether the agent has not answered for longer than a moment. */
export function useIsLost(connection: Connection): boolean {
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    if (connection === 'open') return;
    const cancel = browserClock.after(PATIENCE_MS, () => setLost(true));
    return () => {
      cancel();
      setLost(false);
    };
  }, [connection]);
  return isLost;
}
