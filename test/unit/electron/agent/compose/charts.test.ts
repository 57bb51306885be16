import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChartData } from '../../../../../electron/agent/compose/compose.ts';
import { createComposer } from '../../../../../electron/agent/compose/composer.ts';
import { TEXT_COLUMNS } from '../../../../../electron/agent/compose/text-wrap.ts';
import type { MetricRequest } from '../../../../../shared/model/sample.ts';
import { htmlText, oneSpaced } from './read-html.ts';
import { sampleChart, sampleReport, sampleWatched } from './report-samples.ts';
import { HOUR, NOW, sampleContext } from './samples.ts';

const composer = createComposer();
const CPU: readonly MetricRequest[] = [{ metric: 'cpu.usedPercent', target: null }];
const LONG_AGO = NOW - 400 * HOUR;

function mailWith(history: readonly ChartData[], changes: Partial<Parameters<typeof sampleReport>[0]> = {}) {
  const [mail] = composer.report(sampleReport({ history, ...changes }), sampleContext());
  return { text: mail?.text ?? '', html: mail?.html ?? '' };
}

/** The section of the plain text mail, as it stands there. */
function historyText(history: readonly ChartData[]): string {
  return /\nHistory\n-+\n([\s\S]*?)\n\nSystem\n/.exec(mailWith(history).text)?.[1] ?? '';
}

const cpuChart = (value: (hoursAgo: number) => number | null, since = LONG_AGO) =>
  sampleChart(CPU, value, 0, since);

describe('what charts say', () => {
  test.each<[rule: string, history: readonly ChartData[], pattern: RegExp]>([
    ['that there is none yet', [], /^There is no history yet\. It is kept from now on\.$/],
    [
      'since when it is kept, while there is nothing to draw',
      [cpuChart(() => null, NOW - 10_000)],
      /^There is no history yet\. It is kept since Sat 21 Nov 2026, 19:05:02 UTC\.$/,
    ],
    [
      'since when it is kept, while it does not fill the charts',
      [cpuChart(() => 5, NOW - 30 * HOUR)],
      /History is kept since Fri 20 Nov 2026,\s13:05:12 UTC\./,
    ],
    [
      'lowest, mean and highest',
      [sampleChart(CPU, () => 50, 0.5, LONG_AGO)],
      /Min 25 %, average 50 %, max 75 %/,
    ],
    ['what never changed in few words', [cpuChart(() => 5)], /24 h {4}▁{24}\n {10}5 % throughout/],
    ['times', [cpuChart(() => 5)], /Last 24 h, a bar is 1 h, from Fri 20 Nov, 19:05 until now/],
    [
      'gaps as gaps, and for how long',
      [cpuChart((ago) => (ago > 3 && ago < 6.5 ? null : 99))],
      /█{18}·{3}█{3}/,
    ],
    ['zero as the lowest bar', [cpuChart((ago) => (ago > 12 ? 0 : 100))], /24 h {4}▁{12}█{12}/],
    [
      'that nothing was measured in a day',
      [cpuChart((ago) => (ago > 30 ? 5 : null))],
      /24 h {4}Nothing was measured\n {2}7 days {2}[▁·]{28}/,
    ],
  ])('%s', (_rule, history, pattern) => {
    expect(historyText(history)).toMatch(pattern);
  });

  test('a gap before history began is not called one', () => {
    expect(historyText([cpuChart(() => 5, NOW - 30 * HOUR)])).not.toContain('not measured');
    expect(historyText([cpuChart((ago) => (ago > 3 && ago < 6.5 ? null : 99))])).toContain(
      'not measured for at least 3 h',
    );
  });

  test.each([
    [0, '0 to 1 KiB/s'],
    [900, '0 to 1 KiB/s'],
    [1100, '0 to 2 KiB/s'],
    [700 * 1024, '0 to 1 MiB/s'],
    [4.2 * 1024 ** 2, '0 to 5 MiB/s'],
  ])('traffic of %d B/s is drawn on a round scale', (value, scale) => {
    const requests: MetricRequest[] = [
      { metric: 'network.receivedBytesPerSecond', target: 'eth0' },
      { metric: 'network.sentBytesPerSecond', target: 'eth0' },
    ];
    const text = historyText([sampleChart(requests, (_ago, line) => (line === 0 ? value : 0), 0, LONG_AGO)]);
    expect(text).toContain(`Network eth0 received and sent, ${scale}`);
  });
});

describe('how charts are drawn', () => {
  const noise = (seed: number) => (ago: number, line: number) =>
    ((Math.abs(Math.sin(ago * 12.9898 + seed + line) * 43_758.5453) % 1) + 0.001) * 99;
  const noisy: ChartData[] = [
    sampleChart(CPU, noise(1)),
    sampleChart([{ metric: 'memory.usedPercent', target: null }], noise(2)),
    ...[3, 4, 5, 6].map((disk) =>
      sampleChart([{ metric: 'disk.usedPercent', target: `/srv/volume-${disk}` }], noise(disk)),
    ),
    ...[7, 8, 9].map((card) =>
      sampleChart(
        [
          { metric: 'network.receivedBytesPerSecond', target: `enp${card}s0` },
          { metric: 'network.sentBytesPerSecond', target: `enp${card}s0` },
        ],
        noise(card),
      ),
    ),
  ];

  test('4 disks and 3 interfaces that never rest fit into the 102 KB of Gmail', () => {
    const { inventory } = sampleReport();
    const [disk] = inventory.disks;
    const [card] = inventory.interfaces;
    if (disk === undefined || card === undefined) throw new Error('the sample has none');
    const { html, text } = mailWith(noisy, {
      inventory: { ...inventory, disks: [disk, disk, disk, disk], interfaces: [card, card, card] },
    });
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(100_000);
    expect(html.match(/line-height:\d+px">\u00a0<\/div>/g)?.length).toBeGreaterThan(9 * 40);
    expect(text).not.toContain('left out');
  });

  test('where there is more to say, charts are left out from the end, in both forms, and it is said', () => {
    const watched = Array.from({ length: 60 }, () => sampleWatched());
    const { html, text } = mailWith(noisy, { watched });
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(100_000);
    const left = /(\d) more are left out, to keep this mail short/.exec(oneSpaced(text));
    expect(Number(left?.[1])).toBeGreaterThan(0);
    expect(htmlText(html)).toContain(left?.[0] ?? '-');
    expect(text).toContain('CPU used, 0 to 100 %');
    expect(text).not.toContain('enp9s0 received');
  });

  test('without images, scripts or anything from elsewhere', () => {
    expect(mailWith(noisy).html).not.toMatch(/<img|<svg|<script|url\(|cid:|data:|https?:/i);
  });

  test('whatever was measured, bars stay within their chart and lines within 72 columns', () => {
    const value = fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }), { nil: null });
    fc.assert(
      fc.property(fc.array(value, { minLength: 28, maxLength: 28 }), fc.boolean(), (values, traffic) => {
        const requests: readonly MetricRequest[] = traffic
          ? [{ metric: 'network.sentBytesPerSecond', target: 'eth0' }]
          : CPU;
        const chart = sampleChart(requests, (ago) => values[Math.floor(ago) % 28] ?? null, 0.1);
        const { html } = mailWith([chart]);
        for (const [, px] of html.matchAll(/line-height:(\d+)px">\u00a0<\/div>/g)) {
          expect(Number(px)).toBeGreaterThanOrEqual(1);
          expect(Number(px)).toBeLessThanOrEqual(32);
        }
        for (const line of historyText([chart]).split('\n')) {
          expect(Array.from(line).length).toBeLessThanOrEqual(TEXT_COLUMNS);
        }
      }),
      { numRuns: 40 },
    );
  });
});
