import { useEffect, useState } from 'react';
import { browserClock } from '../platform/clock.ts';

/** The value once it has been the same for `delayMs`: what is typed is not asked about letter by letter. */
export function useDebounced<Value>(value: Value, delayMs = 400): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => browserClock.after(delayMs, () => setSettled(value)), [value, delayMs]);
  return settled;
}
