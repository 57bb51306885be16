import { useState } from 'react';
import type { DeliveryRecord } from '../../../shared/model/delivery.ts';
import { sleep } from '../../../shared/model/clock.ts';
import type { TocsinClient } from '../../api/client.ts';
import { failureText } from '../../api/failure-text.ts';
import { tellDone, tellFailed } from '../../components/toast.tsx';
import { useClient } from '../../hooks/client.tsx';
import { browserClock } from '../../platform/clock.ts';
import { REPORTS, sentText } from '../../strings/reports.ts';

/** A report that no server has taken by then is on its way, and the delivery log follows it. */
const PATIENCE_MS = 30_000;
const ASK_EVERY_MS = 500;

export interface SendReport {
  readonly send: (name: string) => Promise<void>;
  /** The reports that are being sent now. */
  readonly sending: readonly string[];
}

/** Sends a report at once, and tells what became of it. */
export function useSendReport(): SendReport {
  const client = useClient();
  const [sending, setSending] = useState<readonly string[]>([]);
  const send = async (name: string) => {
    setSending((before) => [...before, name]);
    try {
      const { ids } = await client.call('reports.send', { name });
      const records = await settled(client, ids);
      const counts = ids.length === 0 ? null : countsOf(records);
      const sentence = sentText(name, counts, takenBy(records));
      if (counts === null || counts.failed === 0) tellDone(sentence);
      else tellFailed(sentence);
    } catch (error) {
      tellFailed(failureText(error));
    } finally {
      setSending((before) => before.filter((other) => other !== name));
    }
  };
  return { send, sending };
}

interface Counts {
  readonly waiting: number;
  readonly accepted: number;
  readonly failed: number;
}

/** The messages, once nobody waits or patience is over. */
async function settled(client: TocsinClient, ids: readonly string[]): Promise<readonly DeliveryRecord[]> {
  const until = browserClock.monotonic() + PATIENCE_MS;
  for (;;) {
    const replies = await Promise.all(ids.map((id) => client.call('log.get', { id })));
    const records = replies.filter((record) => record !== null);
    if (countsOf(records).waiting === 0 || browserClock.monotonic() > until) return records;
    await sleep(browserClock, ASK_EVERY_MS);
  }
}

/** Who took it last: a server by its name, or what stands in its place. */
function takenBy(records: readonly DeliveryRecord[]): string | null {
  const attempt = records
    .flatMap(({ attempts }) => attempts)
    .findLast(({ outcomes }) => outcomes.some(({ verdict }) => verdict === 'accepted'));
  switch (attempt?.route) {
    case undefined:
      return null;
    case 'smtp':
      return attempt?.server?.host ?? null;
    case 'practice':
      return REPORTS.practice;
    case 'relay':
      return REPORTS.webService;
  }
}

function countsOf(records: readonly DeliveryRecord[]): Counts {
  const all = records.flatMap(({ recipients }) => recipients);
  const count = (status: string) => all.filter((recipient) => recipient.status === status).length;
  return { waiting: count('queued'), accepted: count('accepted'), failed: count('failed') };
}
