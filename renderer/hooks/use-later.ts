import { useEffect, useState } from 'react';
import { browserClock } from '../platform/clock.ts';

/** The value once it has stayed the same for `delayMs`: what is typed, when typing stops. */
export function useLater<Value>(value: Value, delayMs: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => browserClock.after(delayMs, () => setSettled(value)), [value, delayMs]);
  return settled;
}
