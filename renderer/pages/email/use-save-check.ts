import { useState } from 'react';
import type { ReplyOf } from '../../../shared/contract/ipc.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import { failureText } from '../../api/failure-text.ts';
import { useClient } from '../../hooks/client.tsx';
import { serverLabelOf } from './server-draft.ts';

type CheckReply = ReplyOf<'mail.check'>;

/** A server that does not let this computer in, and why. */
export interface NotReached {
  readonly label: string;
  readonly sentence: string;
  readonly failure: CheckReply['failure'];
}

export interface SaveCheck {
  readonly isRunning: boolean;
  readonly notReached: readonly NotReached[];
  /** Asks each server in turn; gives the names of those that let this computer in. */
  readonly run: (smtp: Settings['smtp']) => Promise<readonly string[]>;
  readonly reset: () => void;
}

/** Looks, after servers were saved, whether they let this computer in: a firewall in the way is said at once (K8). */
export function useSaveCheck(): SaveCheck {
  const client = useClient();
  const [isRunning, setRunning] = useState(false);
  const [notReached, setNotReached] = useState<readonly NotReached[]>([]);
  return {
    isRunning,
    notReached,
    reset: () => setNotReached([]),
    async run({ servers, timeoutSeconds }) {
      setNotReached([]);
      setRunning(true);
      const checks = await Promise.all(
        servers.map(async (server) => {
          const label = serverLabelOf(server);
          try {
            const { reached, sentence, failure } = await client.call('mail.check', {
              server,
              timeoutSeconds,
            });
            return { label, reached, sentence: sentence ?? '', failure };
          } catch (error) {
            return { label, reached: false, sentence: failureText(error), failure: null };
          }
        }),
      );
      setRunning(false);
      setNotReached(checks.filter(({ reached }) => !reached));
      return checks.filter(({ reached }) => reached).map(({ label }) => label);
    },
  };
}
