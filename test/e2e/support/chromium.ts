import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserServer, chromium as launcher } from 'playwright-core';

/** Chromium's own defaults of this package (`--single-process`) do not bear several contexts. */
const ARGS = ['--no-sandbox', '--disable-gpu'];

/** Chromium as it comes by npm: nothing is to be installed. */
export async function launchChromium(): Promise<Browser> {
  return launcher.launch({ executablePath: await chromium.executablePath(), args: ARGS });
}

/** The same for several processes: each connects to its `wsEndpoint()`. */
export async function launchChromiumServer(): Promise<BrowserServer> {
  return launcher.launchServer({ executablePath: await chromium.executablePath(), args: ARGS });
}
