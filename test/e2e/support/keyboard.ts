import type { Page } from 'playwright-core';

/** More stops than any page of this window has. */
const STOPS_MAX = 80;

/** Goes on by Tab until what has the focus bears this name, as somebody without a mouse does. */
export async function tabTo(
  page: Page,
  name: string | RegExp,
  key: 'Tab' | 'Shift+Tab' = 'Tab',
): Promise<void> {
  const seen: string[] = [];
  for (let stop = 0; stop < STOPS_MAX; stop++) {
    const focused = await focusedName(page);
    if (typeof name === 'string' ? focused === name : name.test(focused)) return;
    seen.push(focused);
    await page.keyboard.press(key);
  }
  throw new Error(`Tab does not reach “${String(name)}”; it comes past ${seen.join(' | ')}`);
}

/** What a screen reader would call what has the focus. */
function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null) return '';
    const words = (ids: string | null) =>
      (ids ?? '')
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent ?? '')
        .join(' ')
        .trim();
    const own = element.getAttribute('aria-label') ?? '';
    const labelled = words(element.getAttribute('aria-labelledby'));
    const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
    const label = labels.map((each) => each.textContent ?? '').join(' ');
    return (labelled || own || label || element.textContent || '').trim();
  });
}
