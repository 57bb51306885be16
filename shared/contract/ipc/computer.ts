import { z } from 'zod';
import type { HistoryPoint } from '../../model/history.ts';
import { metric, metricRequest, nothing, textOrNull, time } from './common.ts';
import { schemaFor } from './schema-for.ts';

const names = z.array(z.string()).readonly();

/** Names of what there is on this computer, to choose targets from: at most 500 of each. */
const inventoryReply = z.object({
  mounts: names,
  interfaces: names,
  processes: names,
  services: names,
  batteries: z.boolean(),
});

const historyPoint = schemaFor<HistoryPoint>()(
  z.object({ at: time, min: z.number(), avg: z.number(), max: z.number() }),
);

/** Something of which there is history. */
const chartItem = z.object({ metric, target: textOrNull, title: z.string() });

const aboutReply = z.object({
  version: z.string(),
  node: z.string(),
  dataDir: z.string(),
  files: z.array(z.object({ name: z.string(), path: z.string() })).readonly(),
  licences: z.array(z.object({ name: z.string(), version: z.string(), licence: z.string() })).readonly(),
});

/** Requests and replies of the methods that concern the computer, what was measured on it, and Tocsin itself. */
export const COMPUTER_METHODS = {
  'inventory.get': { request: nothing, reply: inventoryReply },
  /** What was measured from `from` until `to`, in `points` equal stretches; the answers stand in the order of the items. */
  'history.series': {
    request: z
      .strictObject({
        items: z.array(metricRequest).max(50),
        from: time,
        to: time,
        points: z.number().int().min(1).max(1000),
      })
      .refine(({ from, to }) => to > from, { message: 'must end after it begins', path: ['to'] }),
    reply: z.array(z.object({ points: z.array(historyPoint).readonly() })).readonly(),
  },
  'history.charts': { request: nothing, reply: z.array(chartItem).readonly() },
  'about.get': { request: nothing, reply: aboutReply },
} as const;
