import { useEffect, useState, useSyncExternalStore } from 'react';
import { type LogFilter, LogSource, type LogState } from '../api/log-source.ts';
import { useClient } from './client.tsx';
import { useEvent } from './use-event.ts';

export interface Log extends LogState {
  /** Asks for what comes after the last row. */
  readonly readOn: () => void;
}

/** The delivery log, kept up while messages come in and are settled. */
export function useLog({ search, status, route }: LogFilter): Log {
  const client = useClient();
  const [source] = useState(() => new LogSource(client));
  useEffect(() => source.show({ search, status, route }), [source, search, status, route]);
  useEvent('log.changed', () => void source.refresh());
  const state = useSyncExternalStore(source.subscribe, source.state);
  return { ...state, readOn: () => void source.readOn() };
}
