import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TRAY_SHAPES } from '../../../../electron/tray/tray-state.ts';
import { icoFile } from '../../../../scripts/icons/ico-file.ts';

const dir = resolve(import.meta.dirname, '../../../../electron/icons');
const PNG_SIGNATURE = '89504e470d0a1a0a';

/** Width and height from a PNG's header (RFC 2083 11.2.1). */
function pngSize(png: Buffer): [number, number] {
  expect(png.subarray(0, 8).toString('hex')).toBe(PNG_SIGNATURE);
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

/** The sizes of an ICO's images, as its directory has them and as the images themselves do. */
function icoSizes(ico: Buffer): { listed: number[]; real: number[] } {
  expect(ico.readUInt16LE(2)).toBe(1);
  const entries = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => 6 + 16 * index);
  return {
    listed: entries.map((at) => ico.readUInt8(at) || 256),
    real: entries.map((at) => {
      const offset = ico.readUInt32LE(at + 12);
      return pngSize(ico.subarray(offset, offset + ico.readUInt32LE(at + 8)))[0];
    }),
  };
}

describe.each(TRAY_SHAPES)('%s', (shape) => {
  test.each([
    ['Template.png', 16],
    ['Template@2x.png', 32],
    ['-on-light.png', 24],
    ['-on-light@2x.png', 48],
    ['-on-dark.png', 24],
    ['-on-dark@2x.png', 48],
  ])('has its %s of %s pixels', (suffix, size) => {
    expect(pngSize(readFileSync(join(dir, 'tray', `${shape}${suffix}`)))).toEqual([size, size]);
  });

  test.each(['-on-light.ico', '-on-dark.ico'])('has every size of Windows in its %s', (suffix) => {
    const { listed, real } = icoSizes(readFileSync(join(dir, 'tray', `${shape}${suffix}`)));
    expect(listed).toEqual([16, 20, 24, 32, 48]);
    expect(real).toEqual(listed);
  });
});

test('no two states look the same', () => {
  const drawings = TRAY_SHAPES.map((shape) =>
    readFileSync(join(dir, 'tray', `${shape}Template.png`)).toString('base64'),
  );
  expect(new Set(drawings).size).toBe(TRAY_SHAPES.length);
});

test('the app has its icons', () => {
  expect(existsSync(join(dir, 'app.png'))).toBe(true);
  expect(icoSizes(readFileSync(join(dir, 'app.ico'))).real).toEqual([16, 24, 32, 48, 64, 128, 256]);
});

test('an image of 256 pixels is listed as 0, which is how an ICO says it', () => {
  const png = Buffer.from('image');
  const ico = icoFile([{ size: 256, png }]);
  expect(ico.readUInt8(6)).toBe(0);
  expect(ico.subarray(ico.readUInt32LE(6 + 12))).toEqual(png);
});
