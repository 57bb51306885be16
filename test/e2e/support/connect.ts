import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';

/** The browser that all files of the project share. */
export function connectToBrowser(): Promise<Browser> {
  return chromium.connect(inject('chromiumEndpoint'));
}
