/**
 * Draws every icon from electron/icons/tocsin.svg, into electron/icons/: for the tray template images (macOS), ICO files
 * for bars of either colour (Windows) and PNG files (Linux); for the app ICO and PNG. Run it when the drawing changes.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import chromium from '@sparticuz/chromium';
import { chromium as browsers, type Page } from 'playwright-core';
import { TRAY_SHAPES } from '../electron/tray/tray-state.ts';
import { icoFile } from './icons/ico-file.ts';

const ICONS_DIR = resolve(import.meta.dirname, '../electron/icons');
const TRAY_DIR = join(ICONS_DIR, 'tray');
/** The small sizes that Windows asks for at 100, 125, 150, 200 and 300 %. */
const TRAY_ICO_SIZES = [16, 20, 24, 32, 48];
const APP_ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
/** What is drawn on a bar that is light, and on one that is dark. */
const INKS = { 'on-light': '#1b1b1b', 'on-dark': '#ffffff' } as const;

const svg = readFileSync(join(ICONS_DIR, 'tocsin.svg'), 'utf8');
const browser = await browsers.launch({
  executablePath: await chromium.executablePath(),
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const page = await browser.newPage();
  rmSync(TRAY_DIR, { recursive: true, force: true });
  mkdirSync(TRAY_DIR, { recursive: true });
  for (const shape of TRAY_SHAPES) await drawTrayIcon(page, shape);
  const drawApp = (size: number) => draw(page, 'app', size, '#000000');
  writeFileSync(join(ICONS_DIR, 'app.png'), await drawApp(1024));
  writeFileSync(join(ICONS_DIR, 'app.ico'), await ico(APP_ICO_SIZES, drawApp));
} finally {
  await browser.close();
}

async function drawTrayIcon(page: Page, shape: string): Promise<void> {
  // macOS takes the shape and colours it itself; the name says so (Electron, nativeImage, "Template Image").
  writeFileSync(join(TRAY_DIR, `${shape}Template.png`), await draw(page, shape, 16, '#000000'));
  writeFileSync(join(TRAY_DIR, `${shape}Template@2x.png`), await draw(page, shape, 32, '#000000'));
  for (const [bar, ink] of Object.entries(INKS)) {
    const inInk = (size: number) => draw(page, shape, size, ink);
    writeFileSync(join(TRAY_DIR, `${shape}-${bar}.ico`), await ico(TRAY_ICO_SIZES, inInk));
    writeFileSync(join(TRAY_DIR, `${shape}-${bar}.png`), await inInk(24));
    writeFileSync(join(TRAY_DIR, `${shape}-${bar}@2x.png`), await inInk(48));
  }
}

/** One group of the drawing as a PNG with a transparent ground. */
async function draw(page: Page, group: string, size: number, ink: string): Promise<Buffer> {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px;color:${ink}}` +
      `svg>g:not([id="${group}"]){display:none}</style>${svg}`,
  );
  return page.screenshot({ omitBackground: true });
}

async function ico(sizes: readonly number[], drawAt: (size: number) => Promise<Buffer>): Promise<Buffer> {
  const images = [];
  for (const size of sizes) images.push({ size, png: await drawAt(size) });
  return icoFile(images);
}
