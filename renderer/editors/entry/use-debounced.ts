import { useEffect, useState } from 'react';
import { browserClock } from '../../platform/clock.ts';

/** The value as it was when it had not changed for `quietMs`. Values are the same if they are written the same in JSON. */
export function useDebounced<Value>(value: Value, quietMs: number): Value {
  const [settled, setSettled] = useState(value);
  const key = JSON.stringify(value);
  useEffect(() => {
    if (key === JSON.stringify(settled)) return;
    return browserClock.after(quietMs, () => setSettled(JSON.parse(key) as Value));
  }, [key, settled, quietMs]);
  return settled;
}
