import { dataDirAt } from '../../electron/agent/platform/data-dir.ts';
import { createKeyFileSecretStore } from '../../electron/agent/settings/secret-store.ts';
import { openSettingsStore } from '../../electron/agent/settings/settings-store.ts';
import { seededRandom } from '../integration/support/kill-moments.ts';
import { makeScratchDir } from '../integration/support/scratch.ts';
import { type HostileInput, hostileInput, SHAPES } from './support/hostile-input.ts';
import { slowness, threadMs } from './support/pace.ts';
import { allParsers, type Parser } from './support/parsers.ts';
import { Faults, type Outcome } from './support/promise.ts';
import { show } from './support/show.ts';

/**
 * The figure of promise I14, of a thread's own time, so that others' work does not count; what takes longer is tried again,
 * beside a job of known size, and the median of the tries counts.
 */
const MOST_MS = 100;
const TRIES = 5;
const SHOWN_BYTES = 80;

/** Every parser in turn is given every shape of input in turn. */
async function run(points: number, seed: number): Promise<Outcome> {
  const random = seededRandom(seed);
  const scratch = makeScratchDir('tocsin-i14');
  const faults = new Faults();
  let slowest = { ms: 0, name: '' };
  try {
    const dataDir = dataDirAt(scratch.dir);
    const loaded = openSettingsStore(dataDir, createKeyFileSecretStore(dataDir));
    if (!loaded.ok) throw new Error(JSON.stringify(loaded));
    const parsers = allParsers(loaded.store, scratch.dir);
    for (const parser of parsers) {
      for (const sample of parser.samples) await attempt(parser, sample);
    }
    for (let number = 0; number < points; number += 1) {
      const parser = parsers[number % parsers.length];
      const shape = SHAPES[Math.floor(number / parsers.length) % SHAPES.length];
      if (parser === undefined || shape === undefined) continue;
      const input = hostileInput(shape, parser.samples, parser.mostBytes, random);
      const point = `${parser.name}, ${shape} (seed ${seed}, point ${number}): ${shown(input)}`;
      const first = await attempt(parser, input.bytes);
      if (first.thrown !== null) faults.add(point, `threw ${first.thrown}`);
      const ms = first.ms < MOST_MS ? first.ms : await msAtRest(parser, input.bytes);
      if (ms > slowest.ms) slowest = { ms, name: `${parser.name}, ${shape}` };
      faults.expect(ms < MOST_MS, point, `took ${ms.toFixed(0)} ms`);
    }
    const note = `${parsers.length} parsers; the slowest ${slowest.ms.toFixed(0)} ms (${slowest.name})`;
    return { points, lost: 0, doubled: 0, faults: faults.list, note };
  } finally {
    scratch.remove();
  }
}

/** The median of some tries, each by what the machine makes of a known job right after it. */
async function msAtRest(parser: Parser, bytes: Buffer): Promise<number> {
  const times: number[] = [];
  while (times.length < TRIES) times.push((await attempt(parser, bytes)).ms / slowness());
  return times.toSorted((a, b) => a - b)[Math.floor(TRIES / 2)] ?? 0;
}

async function attempt(
  parser: Parser,
  bytes: Buffer,
): Promise<{ readonly ms: number; readonly thrown: string | null }> {
  const started = process.threadCpuUsage();
  try {
    await parser.parse(bytes);
    return { ms: threadMs(started), thrown: null };
  } catch (error) {
    return { ms: threadMs(started), thrown: String(error).slice(0, 200) };
  }
}

function shown({ bytes }: HostileInput): string {
  return `${bytes.length} bytes, ${JSON.stringify(bytes.subarray(0, SHOWN_BYTES).toString('latin1'))}`;
}

show({
  id: 'I14',
  title: 'parsers neither crash nor hang, whatever they are given',
  full: 10_000,
  quick: 400,
  run,
});
