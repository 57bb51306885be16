import { useRef, useState } from 'react';
import type { RequestOf } from '../../shared/contract/ipc.ts';
import type { Finding } from '../../shared/model/finding.ts';
import { useClient } from './client.tsx';

/** What is found about the sender beside a test. */
export interface SenderFindings {
  readonly findings: readonly Finding[];
  readonly ask: (request: RequestOf<'mail.findings'>) => void;
  readonly reset: () => void;
}

/** Asks beside a test. That nothing could be found out is nothing to tell; an answer to an earlier question is dropped. */
export function useFindings(): SenderFindings {
  const client = useClient();
  const [findings, setFindings] = useState<readonly Finding[]>([]);
  const asked = useRef(0);
  const begin = () => {
    asked.current += 1;
    setFindings([]);
    return asked.current;
  };
  return {
    findings,
    reset: begin,
    ask(request) {
      const mine = begin();
      client.call('mail.findings', request).then(
        (found) => {
          if (asked.current === mine) setFindings(found);
        },
        () => {},
      );
    },
  };
}
