import { postfixMissing } from '../integration/support/postfix.ts';
import { startCountingSink } from './counting-sink.ts';
import { tocsinDrainAfterOutage, tocsinQueueRound } from './queue-tocsin.ts';
import { bareDrainRound } from './queue-bare.ts';
import { BODY_BYTES, CONNECTIONS, MESSAGES } from './queue-figures.ts';
import { postfixDrainAfterOutage, postfixThrough, withPostfixQueue } from './queue-postfix.ts';
import { type BenchPart, median, spread } from './report.ts';

const ROUNDS = 9;
const LOAD = { messages: MESSAGES, bodyBytes: BODY_BYTES };

/** How fast mail gets into the queue, durably, and out of it to a server that takes everything. */
export const queuePart: BenchPart = {
  name: 'queue',
  title: 'Enqueue and drain',
  run: async () => {
    const missing = postfixMissing();
    if (missing !== null) return { title: queuePart.title, skipped: missing };
    const sink = await startCountingSink();
    const tocsin = {
      enqueue: [] as number[],
      drain: [] as number[],
      afterOutage: [] as number[],
      through: [] as number[],
    };
    const bare: number[] = [];
    const postfix = {
      enqueue1: [] as number[],
      enqueue5: [] as number[],
      released: [] as number[],
      flushed: [] as number[],
      flushed5: [] as number[],
      through: [] as number[],
    };
    try {
      await withPostfixQueue(sink, { ...LOAD, held: true }, async ({ enqueue, drain, discard }) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const { enqueueMs, drainMs } = await tocsinQueueRound(sink);
          tocsin.enqueue.push(rate(enqueueMs));
          tocsin.drain.push(rate(drainMs));
          tocsin.through.push(rate(enqueueMs + drainMs));
          tocsin.afterOutage.push(rate(await tocsinDrainAfterOutage()));
          bare.push(rate(await bareDrainRound(sink)));
          postfix.enqueue1.push(rate(await enqueue(1)));
          await discard();
          postfix.enqueue5.push(rate(await enqueue(5)));
          postfix.released.push(rate(await drain()));
          postfix.flushed.push(rate(await postfixDrainAfterOutage(LOAD)));
          postfix.flushed5.push(rate(await postfixDrainAfterOutage(LOAD, CONNECTIONS)));
          postfix.through.push(rate(await postfixThrough(sink, LOAD)));
        }
      });
    } finally {
      await sink.stop();
    }
    const ratio = (own: readonly number[], other: readonly number[]) =>
      (median(own) / median(other)).toFixed(1);
    return {
      title: queuePart.title,
      header: ['what', 'messages a second, median (range)', 'Tocsin / this'],
      rows: [
        ['Tocsin: enqueue, one commit each', spread(tocsin.enqueue, 0), '1'],
        ['Postfix: enqueue, 1 session', spread(postfix.enqueue1, 0), ratio(tocsin.enqueue, postfix.enqueue1)],
        [
          'Postfix: enqueue, 5 sessions',
          spread(postfix.enqueue5, 0),
          ratio(tocsin.enqueue, postfix.enqueue5),
        ],
        ['Tocsin: drain, its server was away', spread(tocsin.afterOutage, 0), '1'],
        [
          'Postfix: drain, its server was away',
          spread(postfix.flushed, 0),
          ratio(tocsin.afterOutage, postfix.flushed),
        ],
        [
          `Postfix: drain, its server was away, ${CONNECTIONS} connections`,
          spread(postfix.flushed5, 0),
          ratio(tocsin.afterOutage, postfix.flushed5),
        ],
        ['Tocsin: drain, from its start on', spread(tocsin.drain, 0), '1'],
        [
          'Postfix: drain, mail was on hold',
          spread(postfix.released, 0),
          ratio(tocsin.drain, postfix.released),
        ],
        [`A bare loop: drain, ${CONNECTIONS} connections`, spread(bare, 0), ratio(tocsin.drain, bare)],
        ['Tocsin: in, and then out', spread(tocsin.through, 0), '1'],
        [
          'Postfix: in and out at the same time',
          spread(postfix.through, 0),
          ratio(tocsin.through, postfix.through),
        ],
      ],
      notes: [
        `${MESSAGES} messages of ${BODY_BYTES} bytes, ${ROUNDS} rounds; both queues are durable when they say so. smtp-sink writes its counter into a file that is looked at every 2 ms.`,
        'Tocsin enqueues by a call, Postfix over SMTP (smtp-source): compare it as what a program has to wait for, not as the cost of the disk.',
        'Drain: from the first to the last of them at the same smtp-sink. Tocsin’s is the running agent with its log of every attempt. Postfix has its defaults (5 to 20 connections to one server); once its mail was deferred while the server was away, and is sent by “postqueue -f”; once it was on hold, and is released by “postsuper -H”. Left to itself, Postfix looks again after 5 minutes and more; Tocsin probes a server that is down every 5 seconds. Postfix does not sync when it takes a sent mail out of its queue (traced), so a power cut may send many again; Tocsin does, at most 5 ms later (docs/decisions/0011-late-sync.md).',
        'The bare loop is what a Node process can do here at all: as many connections as Tocsin, each mail ready as bytes in a database, one durable commit for what they have sent and send next; no decisions, no retries, no log of attempts (test/bench/bare-drain.ts). What Tocsin does besides is the distance to it, most of it because a process that has just begun runs JavaScript that is not compiled yet.',
        'In and out at the same time: 5 sessions put mail in while Postfix sends it on, from the first one in to the last one out. Tocsin has no door for mail, so its line is the sum of taking all in and then sending all, one after the other, which can only be slower than both at once.',
      ],
    };
  },
};

function rate(ms: number): number {
  return MESSAGES / (ms / 1000);
}
