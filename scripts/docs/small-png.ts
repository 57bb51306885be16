import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** The same picture in at most 256 colours: a third of the size for pictures of text, which have few. */
export function smallPng(png: Buffer): Buffer {
  const { width, height, pixels } = readPng(png);
  const palette = paletteOf(pixels);
  const numbers = new Map(palette.map((colour, number) => [colour, number]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = pixels[y * width + x] ?? 0;
      const number = numbers.get(colour) ?? nearest(colour, palette);
      numbers.set(colour, number);
      rows[y * (width + 1) + 1 + x] = number;
    }
  }
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  // 8 bits, by palette (PNG 3rd edition, 11.2.1).
  size.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', size),
    chunk(
      'PLTE',
      Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255])),
    ),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB, row by row. */
  readonly pixels: Uint32Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Bytes of a pixel by colour type: RGB, palette, RGBA. */
const PIXEL_BYTES: Readonly<Record<number, number>> = { 2: 3, 3: 1, 6: 4 };

/** Reads what a browser writes (8 bits, RGB or RGBA) and what `smallPng` does; everything else is refused. */
export function readPng(png: Buffer): Picture {
  const data: Buffer[] = [];
  let head = Buffer.alloc(13);
  let palette = Buffer.alloc(0);
  for (let at = SIGNATURE.length; at + 12 <= png.length; ) {
    const length = png.readUInt32BE(at);
    const name = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (name === 'IHDR') head = Buffer.from(body);
    if (name === 'PLTE') palette = Buffer.from(body);
    if (name === 'IDAT') data.push(body);
    at += length + 12;
  }
  const [bits, type = -1, , , interlaced] = head.subarray(8);
  const bytes = PIXEL_BYTES[type];
  if (bytes === undefined || bits !== 8 || interlaced !== 0)
    throw new Error('this kind of PNG is not read here');
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)];
  const raw = unfiltered(inflateSync(Buffer.concat(data)), width * bytes, height, bytes);
  const colours = type === 3 ? palette : raw;
  const pixels = new Uint32Array(width * height);
  for (let index = 0; index < pixels.length; index += 1) {
    const at = type === 3 ? (raw[index] ?? 0) * 3 : index * bytes;
    pixels[index] = ((colours[at] ?? 0) << 16) | ((colours[at + 1] ?? 0) << 8) | (colours[at + 2] ?? 0);
  }
  return { width, height, pixels };
}

/** Takes back the filters of the rows (PNG 3rd edition, 9.2). */
function unfiltered(rows: Buffer, rowBytes: number, height: number, pixelBytes: number): Uint8Array {
  const out = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y += 1) {
    const filter = rows[y * (rowBytes + 1)] ?? 0;
    for (let x = 0; x < rowBytes; x += 1) {
      const at = y * rowBytes + x;
      const left = x < pixelBytes ? 0 : (out[at - pixelBytes] ?? 0);
      const up = y === 0 ? 0 : (out[at - rowBytes] ?? 0);
      const corner = y === 0 || x < pixelBytes ? 0 : (out[at - rowBytes - pixelBytes] ?? 0);
      const guess = guessed(filter, left, up, corner);
      out[at] = (rows[y * (rowBytes + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return out;
}

function guessed(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  return filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const byLeft = Math.abs(guess - left);
  const byUp = Math.abs(guess - up);
  const byCorner = Math.abs(guess - corner);
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

/**
 * At most 256 colours, of which one is near every pixel's own. Common colours come first; what is near one that was taken is
 * left out. As near as it can be: the rare colour of a small triangle must not give way to shades of grey.
 */
function paletteOf(pixels: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const common = [...counts].sort(([, one], [, other]) => other - one).map(([colour]) => colour);
  for (let near = 0; ; near = near * 2 + 1) {
    const palette = spacedOut(common, near);
    if (palette !== null) return palette;
  }
}

/** The colours without those that are so near to an earlier one; null where more than 256 are left. */
function spacedOut(colours: readonly number[], near: number): number[] | null {
  const palette: number[] = [];
  for (const colour of colours) {
    if (palette.some((taken) => distance(colour, taken) <= near)) continue;
    if (palette.length === 256) return null;
    palette.push(colour);
  }
  return palette;
}

function nearest(colour: number, palette: readonly number[]): number {
  const distances = palette.map((other) => distance(colour, other));
  return distances.indexOf(Math.min(...distances));
}

/** The sum of the squares of what red, green and blue differ by. */
function distance(one: number, other: number): number {
  const red = (one >> 16) - (other >> 16);
  const green = ((one >> 8) & 255) - ((other >> 8) & 255);
  const blue = (one & 255) - (other & 255);
  return red * red + green * green + blue * blue;
}

function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), body]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(body.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}
