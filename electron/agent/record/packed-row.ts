/**
 * One row of history holds a stretch of time of all series at once: for each its number (unsigned, 32 bits) and then the
 * same count of 32-bit floats, NaN where there is none. Seven digits are more than any chart shows. Bytes stand in the
 * order of the machine: a data folder stays on its computer.
 */
export type PackedRow = Map<number, Float32Array>;

const ID_BYTES = 4;

/** The row as it is stored. `floats` is the count of floats of each series. */
export function packRow(row: PackedRow, floats: number): Uint8Array {
  const stride = ID_BYTES + floats * 4;
  const data = new Uint8Array(row.size * stride);
  const view = new DataView(data.buffer);
  let at = 0;
  for (const [id, values] of row) {
    view.setUint32(at, id, true);
    data.set(new Uint8Array(values.buffer, values.byteOffset, floats * 4), at + ID_BYTES);
    at += stride;
  }
  return data;
}

/** All series of a stored row. What is no whole entry, in a damaged row, is left out. */
export function unpackRow(data: unknown, floats: number): PackedRow {
  const row: PackedRow = new Map();
  for (const { id, at } of entriesOf(data, floats)) row.set(id, floatsAt(data, at, floats));
  return row;
}

/** One series of a stored row; null where it has none. */
export function pickSeries(data: unknown, floats: number, wanted: number): Float32Array | null {
  for (const { id, at } of entriesOf(data, floats)) if (id === wanted) return floatsAt(data, at, floats);
  return null;
}

function* entriesOf(data: unknown, floats: number): Generator<{ readonly id: number; readonly at: number }> {
  if (!(data instanceof Uint8Array)) return;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const stride = ID_BYTES + floats * 4;
  for (let at = 0; at + stride <= data.byteLength; at += stride) {
    yield { id: view.getUint32(at, true), at: at + ID_BYTES };
  }
}

function floatsAt(data: unknown, at: number, floats: number): Float32Array {
  const values = new Float32Array(floats);
  if (data instanceof Uint8Array) new Uint8Array(values.buffer).set(data.subarray(at, at + floats * 4));
  return values;
}
