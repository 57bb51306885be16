import { useEffect, useState } from 'react';
import type { HistoryPoint } from '../../shared/model/history.ts';
import { type MetricRequest, requestKey } from '../../shared/model/sample.ts';
import type { TocsinClient } from '../api/client.ts';
import { useClient } from './client.tsx';
import { useNow } from './use-now.ts';

/** What was measured between two times; null until it has been read. */
export interface History {
  readonly from: number;
  readonly to: number;
  /** By `requestKey`. */
  readonly series: ReadonlyMap<string, readonly HistoryPoint[]>;
}

const HOUR_MS = 3_600_000;
/** The right edge moves on by so much at a time. */
const STEP_MS = 5 * 60_000;
/** As many as one call takes. */
const ITEMS_A_CALL = 50;

/** The history of some things over the last `hours`, in `points` stretches; read anew every five minutes. */
export function useHistory(items: readonly MetricRequest[], hours: number, points: number): History | null {
  const client = useClient();
  const [history, setHistory] = useState<History | null>(null);
  const to = Math.ceil(useNow(30_000) / STEP_MS) * STEP_MS;
  const from = to - hours * HOUR_MS;
  const asked = JSON.stringify(items.map(({ metric, target }) => ({ metric, target })));
  useEffect(() => {
    let overtaken = false;
    readHistory(client, JSON.parse(asked) as MetricRequest[], { from, to, points }).then(
      (series) => {
        if (!overtaken) setHistory({ from, to, series });
      },
      // Charts are left out while the agent does not answer; a banner says so.
      () => {},
    );
    return () => {
      overtaken = true;
    };
  }, [client, asked, from, to, points]);
  return history;
}

async function readHistory(
  client: TocsinClient,
  items: readonly MetricRequest[],
  span: { readonly from: number; readonly to: number; readonly points: number },
): Promise<Map<string, readonly HistoryPoint[]>> {
  const series = new Map<string, readonly HistoryPoint[]>();
  for (let at = 0; at < items.length; at += ITEMS_A_CALL) {
    const some = items.slice(at, at + ITEMS_A_CALL);
    const replies = await client.call('history.series', { items: some, ...span });
    for (const [position, item] of some.entries())
      series.set(requestKey(item), replies[position]?.points ?? []);
  }
  return series;
}
