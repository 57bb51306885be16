/**
 * `npm run docs:mails`: pictures of every mail, from the golden files of the compose stage, into docs/images/mails, in light
 * and dark. They show what a program with a browser's engine shows; look at each after a change.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver } from 'playwright-core';
import { GOLDEN_DIR, goldenNames } from './docs/mails-page.ts';
import { smallPng } from './docs/small-png.ts';

const ROOT = resolve(import.meta.dirname, '..');
const PICTURES_DIR = join(ROOT, 'docs/images/mails');
/** The column of 600 px with the margin that most programs leave. */
const WIDTH_PX = 680;
/** A small phone, held upright: nobody should have to scroll sideways. */
const PHONE_WIDTH_PX = 360;
const SCHEMES = ['light', 'dark'] as const;

async function picture(browser: Browser, html: string, colorScheme: 'light' | 'dark'): Promise<Buffer> {
  const context = await browser.newContext({
    viewport: { width: WIDTH_PX, height: 200 },
    colorScheme,
    locale: 'en-GB',
    offline: true,
  });
  try {
    const page = await context.newPage();
    await page.setContent(html);
    const image = await page.screenshot({ fullPage: true });
    await page.setViewportSize({ width: PHONE_WIDTH_PX, height: 640 });
    const widthPx = Number(await page.evaluate('document.documentElement.scrollWidth'));
    if (widthPx !== PHONE_WIDTH_PX) throw new Error(`on a phone it is ${widthPx} px wide`);
    return smallPng(image);
  } finally {
    await context.close();
  }
}

rmSync(PICTURES_DIR, { recursive: true, force: true });
mkdirSync(PICTURES_DIR, { recursive: true });
const browser = await driver.launch({
  executablePath: await chromium.executablePath(),
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  for (const name of goldenNames()) {
    const html = readFileSync(join(GOLDEN_DIR, `${name}.html`), 'utf8');
    for (const scheme of SCHEMES) {
      const image = await picture(browser, html, scheme);
      writeFileSync(join(PICTURES_DIR, `${name}-${scheme}.png`), image);
      console.log(`${name}-${scheme}.png: ${(image.length / 1024).toFixed(0)} KB`);
    }
  }
} finally {
  await browser.close();
}
