import { useMemo, useState } from 'react';
import type { LatestMessage } from '../../shared/model/delivery.ts';
import { useLoaded } from './use-call.ts';
import { useEvent } from './use-event.ts';

/** The newest message of each report or file alert, by its name; kept up as the delivery log changes. */
export function useLatest(type: 'report' | 'file-alert'): ReadonlyMap<string, LatestMessage> {
  const [changes, setChanges] = useState(0);
  useEvent('log.changed', () => setChanges((count) => count + 1));
  const { value } = useLoaded('log.latest', { type }, changes);
  return useMemo(() => new Map((value ?? []).map((latest) => [latest.name, latest])), [value]);
}
