import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { AgentStatus } from '../../shared/model/status.ts';
import type { Connection } from '../api/client.ts';
import { useClient } from './client.tsx';
import { useEvent } from './use-event.ts';

const StatusContext = createContext<AgentStatus | null>(null);

/** Keeps the agent's newest status for all pages: by its events, and once by a call, whichever comes first. */
export function StatusProvider({ children }: { readonly children: ReactNode }) {
  const client = useClient();
  const [status, setStatus] = useState<AgentStatus | null>(null);
  useEvent('status.changed', setStatus);
  useEffect(() => {
    client.call('status.get', {}).then(
      (first) => setStatus((current) => current ?? first),
      // The banner says that the agent does not answer; its first event brings the status.
      () => {},
    );
  }, [client]);
  return <StatusContext value={status}>{children}</StatusContext>;
}

/** How the agent is; null until it has said so for the first time. */
export function useStatus(): AgentStatus | null {
  return useContext(StatusContext);
}

/** Whether the agent's events come in. */
export function useConnection(): Connection {
  const client = useClient();
  return useSyncExternalStore(
    (listener) => client.onConnection(listener),
    () => client.connection(),
  );
}
