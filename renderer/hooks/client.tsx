import { createContext, type ReactNode, useContext } from 'react';
import type { TocsinClient } from '../api/client.ts';

const ClientContext = createContext<TocsinClient | null>(null);

/** Gives the pages below it the agent they speak to. */
export function ClientProvider({
  client,
  children,
}: {
  readonly client: TocsinClient;
  readonly children: ReactNode;
}) {
  return <ClientContext value={client}>{children}</ClientContext>;
}

export function useClient(): TocsinClient {
  const client = useContext(ClientContext);
  if (client === null) throw new Error('There is no ClientProvider around this component');
  return client;
}
