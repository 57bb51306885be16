import { seededRandom } from '../integration/support/kill-moments.ts';
import { type WriteFault, writeSites } from './support/failing-agent.ts';
import { createWriteLane, type WriteLane } from './support/failing-writes.ts';
import { Faults, type Outcome, type Skipped } from './support/promise.ts';
import { show } from './support/show.ts';
import { whyNoStrace } from './support/strace.ts';

/** Runs side by side: most of one is waiting. */
const LANES = 4;
/** More than there are places: all of them. */
const ALL = 1000;

/** One call that changes a file fails, each in a run of its own, from the start of the agent to its end. */
async function run(points: number, seed: number): Promise<Outcome | Skipped> {
  const skipped = whyNoStrace();
  if (skipped !== null) return { skipped };
  const faults = new Faults();
  const lanes: WriteLane[] = [];
  const sum = { lost: 0, doubled: 0, hits: 0, ended: 0, silent: 0 };
  try {
    lanes.push(...(await Promise.all(Array.from({ length: LANES }, createWriteLane))));
    const first = await lanes[0]?.run(null);
    if (first === undefined) throw new Error('no lane');
    for (const fault of first.faults) faults.add('nothing fails', fault);
    const sites = writeSites(first.journal, first.dataDir);
    const chosen = sites.length <= points ? [...sites] : sampled(sites, points, seed);
    const tried = chosen.length;
    const work = async (lane: WriteLane) => {
      for (let site = chosen.shift(); site !== undefined; site = chosen.shift()) {
        const outcome = await lane.run(site);
        for (const fault of outcome.faults) faults.add(`${site.call} ${site.when} ${site.error}`, fault);
        sum.lost += outcome.lost;
        sum.doubled += outcome.doubled;
        sum.hits += outcome.hit ? 1 : 0;
        sum.silent += outcome.isSilent ? 1 : 0;
        sum.ended += outcome.ended ? 1 : 0;
      }
    };
    await Promise.all(lanes.map(work));
    const note = `${sum.hits} failed as planned, ${sum.ended} ended the agent, which was started again, ${sum.silent} without a word`;
    return {
      points: tried,
      full: sites.length,
      lost: sum.lost,
      doubled: sum.doubled,
      faults: faults.list,
      note,
    };
  } finally {
    await Promise.all(lanes.map((lane) => lane.dispose()));
  }
}

/** Some of each kind of call, else writes into the database would be nearly all. */
function sampled(sites: readonly WriteFault[], count: number, seed: number): WriteFault[] {
  const random = seededRandom(seed);
  const kinds = [...Map.groupBy(sites, ({ call }) => call).values()];
  return Array.from({ length: count }, (_, index) => {
    const kind = kinds[index % kinds.length] ?? sites;
    return kind[Math.floor(random() * kind.length)];
  }).filter((site) => site !== undefined);
}

show({
  id: 'I6.1',
  title: 'a single write that fails, wherever: nothing is lost, nothing “accepted” falsely, and it is said',
  full: ALL,
  quick: 16,
  run,
});
