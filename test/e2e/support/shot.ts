import type { Page } from 'playwright-core';

/** A picture for the docs. */
export interface Shot {
  readonly name: string;
  readonly width?: number;
  readonly height?: number;
  /** Brings the page to where the picture is taken. */
  readonly steps: (page: Page) => Promise<void>;
}
