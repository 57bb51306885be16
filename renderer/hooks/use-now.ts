import { useEffect, useState } from 'react';
import { browserClock } from '../platform/clock.ts';

/** The time, anew every `everyMs`. */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(() => browserClock.now());
  useEffect(() => {
    let cancel = () => {};
    const tick = () => {
      setNow(browserClock.now());
      cancel = browserClock.after(everyMs, tick);
    };
    cancel = browserClock.after(everyMs, tick);
    return () => cancel();
  }, [everyMs]);
  return now;
}
