import { postfixMissing } from '../integration/support/postfix.ts';
import { type CountingSink, startCountingSink } from './counting-sink.ts';
import { type PostfixQueue, withPostfixQueue } from './queue-postfix.ts';
import { RELAY_BODY_BYTES, RELAY_CONNECTIONS, RELAY_MESSAGES, RELAY_WARM_UP } from './relay-figures.ts';
import { type RelayRound, relayRound } from './relay-round.ts';
import { type BenchPart, median, spread } from './report.ts';

const ROUNDS = 3;
/** Answers to DATA come after an hour, so that whatever is to be delivered is held in the middle of it. */
const NEVER = ['-w', '3600'];

/** How fast the Web Service takes messages over, durably, beside Postfix taking mail of the same size. */
export const relayPart: BenchPart = {
  name: 'relay',
  title: 'Accepting for others',
  run: async () => {
    const missing = postfixMissing();
    if (missing !== null) return { title: relayPart.title, skipped: missing };
    const held: RelayRound[] = [];
    const delivering: RelayRound[] = [];
    const sent: number[] = [];
    const postfix = { held5: [] as number[], held32: [] as number[], delivering: [] as number[] };
    const silent = await startCountingSink({ words: NEVER });
    const sink = await startCountingSink();
    try {
      await withPostfixes(sink, async (holding, sending) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          held.push(await relayRound(silent.port));
          postfix.held5.push(await acceptRate(holding, 5));
          postfix.held32.push(await acceptRate(holding, RELAY_CONNECTIONS));
          const meanwhile = countDuring(sink);
          delivering.push(await relayRound(sink.port, meanwhile.begin));
          sent.push(meanwhile.perSecond());
          postfix.delivering.push(await acceptRate(sending, RELAY_CONNECTIONS));
        }
      });
    } finally {
      await Promise.all([silent.stop(), sink.stop()]);
    }
    const perSecond = (rounds: readonly RelayRound[]) => rounds.map((round) => round.perSecond);
    const own = (name: string, rounds: readonly RelayRound[]) => [
      name,
      spread(perSecond(rounds), 0),
      spread(
        rounds.map((round) => round.p50Ms),
        1,
      ),
      spread(
        rounds.map((round) => round.p99Ms),
        1,
      ),
      '1',
    ];
    const other = (name: string, rates: readonly number[], rounds: readonly RelayRound[]) => [
      name,
      spread(rates, 0),
      '',
      '',
      (median(perSecond(rounds)) / median(rates)).toFixed(1),
    ];
    const service = spread(
      held.map((round) => round.serviceCpuMs),
      2,
    );
    const load = median(held.map((round) => round.cpuMs)).toFixed(2);
    return {
      title: relayPart.title,
      header: ['what', 'accepted a second, median (range)', 'p50, ms', 'p99, ms', 'Tocsin / this'],
      rows: [
        own(`Web Service, ${RELAY_CONNECTIONS} connections, delivery held`, held),
        other('Postfix, 5 sessions, delivery held', postfix.held5, held),
        other(`Postfix, ${RELAY_CONNECTIONS} sessions, delivery held`, postfix.held32, held),
        own(`Web Service, ${RELAY_CONNECTIONS} connections, delivering meanwhile`, delivering),
        other(`Postfix, ${RELAY_CONNECTIONS} sessions, delivering meanwhile`, postfix.delivering, delivering),
      ],
      notes: [
        `${RELAY_MESSAGES} messages of ${RELAY_BODY_BYTES} bytes, ${ROUNDS} rounds in turn; the Web Service starts anew on an empty folder for each and takes ${RELAY_WARM_UP} more first. Its answer, and Postfix’s 250, come when the message is on the disk.`,
        'Web Service: HTTP without TLS, each request signed by one of 16 installations (ed25519), with quotas that never end and a line in its log for each; load, service and disk share the machine. Requests are signed before the clock runs; p50 and p99 are from the first byte sent to the last of the answer. smtp-source says nothing of the kind.',
        'Held: the mail server of the Web Service does not answer to DATA, and Postfix puts mail on hold: accepting alone is measured. Delivering: both send to smtp-sink while they accept.',
        `CPU of the service for each message, all threads, delivery held: ${service} ms; of the load: ${load} ms. Sent on meanwhile, when delivering: ${spread(sent, 0)} a second; what is accepted first leaves when the burst is over.`,
      ],
    };
  },
};

/** One Postfix that holds everything and one that sends it on at once. */
function withPostfixes(
  sink: CountingSink,
  use: (holding: PostfixQueue, sending: PostfixQueue) => Promise<void>,
): Promise<void> {
  const size = { messages: RELAY_MESSAGES, bodyBytes: RELAY_BODY_BYTES };
  return withPostfixQueue(sink, { ...size, held: true }, (holding) =>
    withPostfixQueue(sink, { ...size, held: false }, (sending) => use(holding, sending)),
  );
}

async function acceptRate(queue: PostfixQueue, sessions: number): Promise<number> {
  const ms = await queue.enqueue(sessions);
  await queue.discard();
  return RELAY_MESSAGES / (ms / 1000);
}

/** Counts what the sink gets between the beginning and the end of a round. */
function countDuring(sink: CountingSink) {
  let perSecond = 0;
  return {
    begin: () => {
      const before = sink.count();
      const began = performance.now();
      return () => {
        perSecond = ((sink.count() - before) / (performance.now() - began)) * 1000;
      };
    },
    perSecond: () => perSecond,
  };
}
