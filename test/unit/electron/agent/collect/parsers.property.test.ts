import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CounterRates } from '../../../../../electron/agent/collect/counter-rates.ts';
import { CpuShare } from '../../../../../electron/agent/collect/cpu-share.ts';
import { parseHostPort } from '../../../../../electron/agent/collect/host-port.ts';
import { loadReading, parseCpuStat } from '../../../../../electron/agent/collect/linux/cpu.ts';
import { parseDiskstats } from '../../../../../electron/agent/collect/linux/disk-rates.ts';
import { parseOsRelease } from '../../../../../electron/agent/collect/linux/inventory.ts';
import { parseMeminfo } from '../../../../../electron/agent/collect/linux/memory.ts';
import { parseMountinfo } from '../../../../../electron/agent/collect/linux/mountinfo.ts';
import { parseNetDev } from '../../../../../electron/agent/collect/linux/network.ts';
import { fullProcessName } from '../../../../../electron/agent/collect/linux/process-name.ts';
import { parseProcessStat } from '../../../../../electron/agent/collect/linux/process-stat.ts';
import { anyText } from '../../../../fakes/any-text.ts';

/** Every number anywhere in a parsed value. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (value instanceof Map) return [...value.values()].flatMap(numbersIn);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(numbersIn);
  return [];
}

/** Real lines, from which the inputs are put together, cut and mangled. */
const SAMPLES = [
  'cpu  4 0 5 100 2 0 0 0 0 0\ncpu0 1 1 1 1\n',
  'MemTotal:       24684084 kB\nMemAvailable: 5 kB\nSwapTotal: 0 kB\n',
  '27 1 254:0 / /mnt\\040x rw - ext4 /dev/vda rw\n',
  ' 254 0 vda 35155 8558 3010514 10327 8237 20090 2574744 10104 0 5620 21235\n',
  '  eth0: 372195122 9155 0 0 0 0 0 0 564290 5582 0 0 0 0 0 0\n',
  '7550 (cat) R 7548 7548 6033 0 -1 4194304 103 0 0 0 0 0 0 0 20 0 1 0 120652 3133440 390 18446744073709551615\n',
  'PRETTY_NAME="Debian"\n',
  '9'.repeat(400),
  '-1 ',
  'NaN',
  '1e999',
];

const piece = fc.oneof(
  fc.constantFrom(...SAMPLES),
  fc.constantFrom(...SAMPLES.flatMap((sample) => sample.split(/(?<= )/))),
  fc.string(),
  anyText(),
);
const mangled = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

test.each<[string, (content: Buffer) => unknown]>([
  ['/proc/stat', parseCpuStat],
  ['/proc/loadavg', (content) => loadReading(content.toString(), 2)],
  ['/proc/meminfo', (content) => parseMeminfo(content.toString())],
  ['/proc/self/mountinfo', (content) => parseMountinfo(content.toString())],
  ['/proc/diskstats', (content) => parseDiskstats(content.toString())],
  ['/proc/net/dev', (content) => parseNetDev(content.toString())],
  ['/proc/PID/stat', parseProcessStat],
  ['/proc/PID/cmdline', (content) => fullProcessName('fifteen-letters', content)],
  ['os-release', (content) => parseOsRelease(content.toString())],
])('%s: no input makes it throw or find a number that is none', (_file, parse) => {
  fc.assert(
    fc.property(
      fc.oneof(
        mangled.map((text) => Buffer.from(text)),
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      ),
      (content) => {
        expect(numbersIn(parse(content)).every(Number.isFinite)).toBe(true);
      },
    ),
  );
});

test('host:port: no text makes it throw, and a port is always one', () => {
  fc.assert(
    fc.property(fc.string(), (target) => {
      const parsed = parseHostPort(target);
      expect(parsed === null || (parsed.port >= 1 && parsed.port <= 65_535)).toBe(true);
    }),
  );
});

test('whatever the counters and the clock do, a rate is unknown or a number that makes sense', () => {
  const anything = fc.oneof(fc.double(), fc.integer(), fc.nat());
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5000), anything, anything)), (steps) => {
      const rates = new CounterRates();
      const share = new CpuShare();
      for (const [ms, count, total] of steps) {
        const rate = rates.read('x', count, ms).value;
        expect(rate === null || (Number.isFinite(rate) && Number(rate) >= 0)).toBe(true);
        const percent = share.read({ busy: count, total }, ms).value;
        expect(percent === null || (Number(percent) >= 0 && Number(percent) <= 100)).toBe(true);
      }
    }),
  );
});
