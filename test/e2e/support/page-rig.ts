import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';

export type Theme = 'light' | 'dark';

/** A page in a context of its own, and everything that went wrong on it. */
export interface PageRig {
  readonly page: Page;
  /** Errors and breaches of the page's policy, as the browser's console has them. */
  readonly complaints: readonly string[];
  /** Closes the page. Fails where something went wrong on it, unless that was to be expected. */
  readonly close: () => Promise<void>;
}

export interface PageOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** What happens to the page makes the browser complain, such as an agent that ends. */
  readonly mayComplain?: boolean;
}

/** A page that takes longer than this, on a machine however busy, is a fault. */
const PATIENCE_MS = 30_000;

/** Opens an address in the size of the desktop app's window, unless told otherwise. */
export async function openPage(browser: Browser, url: string, options: PageOptions = {}): Promise<PageRig> {
  const context = await browser.newContext({
    // Without one Chromium says "en-US@posix", on which uPlot breaks.
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    colorScheme: options.theme ?? 'light',
    viewport: { width: options.width ?? 960, height: options.height ?? 640 },
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return {
    page,
    complaints,
    async close() {
      await context.close();
      if (options.mayComplain !== true && complaints.length > 0)
        throw new Error(`On the page went wrong: ${complaints.join('; ')}`);
    },
  };
}

/** What axe finds wrong with the page as it stands: rule, place and reason, one line each. Mails in their frames are left out: no script, not even axe's, runs in there; so is react-aria's announcer, whose words name buttons that may be gone by then. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .exclude('iframe')
    .exclude('[data-live-announcer]')
    .options({ iframes: false })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
}
