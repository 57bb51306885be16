import { useEffect, useEffectEvent } from 'react';
import type { EventName, PayloadOf } from '../../shared/contract/ipc.ts';
import { useClient } from './client.tsx';

/** Calls `listener` for every such event of the agent while the component is on the page. */
export function useEvent<Name extends EventName>(
  name: Name,
  listener: (payload: PayloadOf<Name>) => void,
): void {
  const client = useClient();
  const told = useEffectEvent(listener);
  useEffect(() => client.subscribe(name, (payload) => told(payload)), [client, name]);
}
