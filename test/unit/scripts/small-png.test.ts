import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPng, smallPng } from '../../../scripts/docs/small-png.ts';

const IMAGES_DIR = resolve(import.meta.dirname, '../../../docs/images');
/** Written by a browser: rows with filters of every kind, thousands of colours. */
const original = readFileSync(join(IMAGES_DIR, 'alert.png'));
const small = smallPng(original);

describe('smallPng', () => {
  test('keeps the picture: its size, and every pixel nearly, the rare ones too', () => {
    const [before, after] = [readPng(original), readPng(small)];
    expect([after.width, after.height]).toEqual([before.width, before.height]);
    const far = before.pixels.filter((colour, index) => furthest(colour, after.pixels[index] ?? 0) > 24);
    expect(far).toHaveLength(0);
    expect(new Set(after.pixels).size).toBeLessThanOrEqual(256);
  });

  test('keeps a picture of few colours exactly', () => {
    const [again, before] = [readPng(smallPng(small)).pixels, readPng(small).pixels];
    expect(again.every((colour, index) => colour === before[index])).toBe(true);
    expect(again.length).toBe(before.length);
  });

  test('refuses what it does not understand', () => {
    const grey = Buffer.from(original);
    grey[25] = 0;
    expect(() => readPng(grey)).toThrow('is not read here');
  });
});

function furthest(one: number, other: number): number {
  const apart = (shift: number) => Math.abs(((one >> shift) & 255) - ((other >> shift) & 255));
  return one === other ? 0 : Math.max(apart(16), apart(8), apart(0));
}

test('pictures of mails are small: 210 KB the longest, of fifty alerts, 2 MB together', () => {
  const sizes = readdirSync(join(IMAGES_DIR, 'mails')).map(
    (name) => [name, statSync(join(IMAGES_DIR, 'mails', name)).size] as const,
  );
  expect(sizes.filter(([, size]) => size > 210_000)).toEqual([]);
  expect(sizes.reduce((sum, [, size]) => sum + size, 0)).toBeLessThan(2_000_000);
});
