/**
 * `npm run bench:page`: how quick the page is in Chromium, against a real agent with 200 alerts and a delivery log of 10,000
 * messages: until each page shows, and frame by frame while its longest list is scrolled from end to end. Reported, never
 * asserted: the figures are this computer's.
 */
import type { Page } from 'playwright-core';
import { launchChromium } from './support/chromium.ts';
import { startConsoleRig } from './support/console-rig.ts';
import { writeLog } from './support/log-samples.ts';
import { manyAlertsSettings } from './support/many-alerts.ts';

const MESSAGES = 10_000;
const PAGES = ['overview', 'alerts', 'reports', 'files', 'email', 'events', 'log', 'about'] as const;
/** A turn of the wheel. */
const WHEEL_PX = 400;

const desk = await startConsoleRig({
  settings: () => manyAlertsSettings(),
  prepare: (agent) => writeLog(agent, MESSAGES),
});
const browser = await launchChromium();

/** From the click on a fresh window's address to a page with its heading and, where there are any, its rows. */
async function loadMs(page: Page, id: string): Promise<number> {
  await page.evaluate((hash) => {
    globalThis.location.hash = hash;
  }, `#/${id}`);
  const started = performance.now();
  await page.reload({ waitUntil: 'commit' });
  await page.locator('main h1').waitFor();
  await page.waitForFunction(
    () => document.querySelectorAll('main [role=row], main tr, main .card, main .empty-state').length > 0,
  );
  return performance.now() - started;
}

/** The time between frames while the list is scrolled to its end by the wheel, in milliseconds. */
async function scrollFrames(page: Page, selector: string): Promise<readonly number[]> {
  const list = page.locator(selector).first();
  await list.hover();
  await page.evaluate(() => {
    const frames: number[] = [];
    Object.assign(globalThis, { frames, isMeasuring: true });
    let last = performance.now();
    const next = (now: number) => {
      frames.push(now - last);
      last = now;
      if ((globalThis as { isMeasuring?: boolean }).isMeasuring === true) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  for (let turns = 0; turns < 3000; turns++) {
    await page.mouse.wheel(0, WHEEL_PX);
    const isAtEnd = await list.evaluate(
      (node) => node.scrollTop + node.clientHeight >= node.scrollHeight - 1,
    );
    if (!isAtEnd) continue;
    await page.waitForTimeout(300);
    if (await list.evaluate((node) => node.scrollTop + node.clientHeight >= node.scrollHeight - 1)) break;
  }
  return page.evaluate(() => {
    const measured = globalThis as unknown as { frames?: number[]; isMeasuring?: boolean };
    measured.isMeasuring = false;
    return measured.frames ?? [];
  });
}

function report(name: string, frames: readonly number[]): void {
  const sorted = frames.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0);
  const late = sorted.filter((ms) => ms > 50).length;
  console.log(
    `${name}: ${sorted.length} frames, half within ${at(0.5)} ms, 95 of 100 within ${at(0.95)} ms, the longest ${at(1)} ms; ${late} over 50 ms`,
  );
}

try {
  const { page, close } = await desk.open(browser);
  for (const id of PAGES) {
    const times: number[] = [];
    for (let round = 0; round < 3; round++) times.push(await loadMs(page, id));
    console.log(
      `${id}: shown after ${Math.min(...times).toFixed(0)} ms (worst of 3: ${Math.max(...times).toFixed(0)} ms)`,
    );
  }
  await loadMs(page, 'log');
  report(`delivery log, ${MESSAGES} messages`, await scrollFrames(page, '.data-table'));
  console.log(
    `  ${await page
      .getByText(/messages$/)
      .first()
      .textContent()} read by then`,
  );
  await loadMs(page, 'overview');
  report('overview, 200 alerts', await scrollFrames(page, 'main'));
  await loadMs(page, 'alerts');
  report('conditional alerts, 200 of them', await scrollFrames(page, 'main'));
  await close();
} finally {
  await browser.close();
  await desk.dispose();
}
