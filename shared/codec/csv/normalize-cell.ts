/** Counts of the cells from which something was removed. */
export interface CellRepairs {
  /** Cells with invisible characters: zero-width, directional, byte order marks, soft hyphens. */
  invisible: number;
  /** Cells written as `="000123"` or `'000123`, by which spreadsheets keep digits as text. */
  marks: number;
}

const APOSTROPHE = 0x27;
const EQUALS = 0x3d;
const QUOTE = 0x22;

/**
 * The value of a cell (UTF-8): without surrounding blanks, invisible characters and the text marks of spreadsheets. The
 * cell is modified and the value is a part of it, so that a secret is stored only once.
 */
export function normalizeCell(cell: Uint8Array, repairs: CellRepairs): Uint8Array {
  if (isPlain(cell)) return cell;
  const visible = trim(withoutInvisible(cell, repairs));
  const bare = trim(withoutMarks(visible));
  if (bare.length < visible.length) repairs.marks += 1;
  return bare;
}

/** True for ASCII without blanks and without a text mark of a spreadsheet. */
function isPlain(cell: Uint8Array): boolean {
  const first = cell[0];
  if (first === APOSTROPHE || first === EQUALS || first === QUOTE) return false;
  for (let index = 0; index < cell.length; index += 1) {
    const byte = cell[index] ?? 0;
    if (byte <= 0x20 || byte >= 0x7f) return false;
  }
  return true;
}

function withoutInvisible(cell: Uint8Array, repairs: CellRepairs): Uint8Array {
  let length = 0;
  for (let index = 0; index < cell.length;) {
    const skip = invisibleAt(cell, index);
    if (skip > 0) {
      index += skip;
      continue;
    }
    cell[length] = cell[index] ?? 0;
    length += 1;
    index += 1;
  }
  if (length < cell.length) repairs.invisible += 1;
  return cell.subarray(0, length);
}

/** Bytes of the invisible character at `offset`; 0 for another. Source: Unicode `Default_Ignorable_Code_Point`, `Cf`. */
function invisibleAt(cell: Uint8Array, offset: number): number {
  const [a = 0, b = 0, c = 0] = [cell[offset], cell[offset + 1], cell[offset + 2]];
  if (a < 0xc2) return 0;
  if (a === 0xc2) return b === 0xad ? 2 : 0;
  if (a === 0xcd) return b === 0x8f ? 2 : 0;
  if (a === 0xd8) return b === 0x9c ? 2 : 0;
  if (a === 0xe1) return b === 0xa0 && c === 0x8e ? 3 : 0;
  if (a === 0xe2 && b === 0x80) return (c >= 0x8b && c <= 0x8f) || (c >= 0xaa && c <= 0xae) ? 3 : 0;
  if (a === 0xe2 && b === 0x81) return c >= 0xa0 && c <= 0xaf ? 3 : 0;
  if (a === 0xef && b === 0xb8) return c >= 0x80 && c <= 0x8f ? 3 : 0;
  if (a === 0xef && b === 0xbb) return c === 0xbf ? 3 : 0;
  return 0;
}

function trim(cell: Uint8Array): Uint8Array {
  let from = 0;
  let to = cell.length;
  for (let size = blankAt(cell, from); size > 0 && from < to; size = blankAt(cell, from)) from += size;
  for (let size = blankBefore(cell, to); size > 0 && to > from; size = blankBefore(cell, to)) to -= size;
  return cell.subarray(from, Math.max(from, to));
}

/** Bytes of the blank at `offset`: ASCII, no-break (U+00A0), typographic (U+2000 to U+200A, U+202F), ideographic (U+3000). */
function blankAt(cell: Uint8Array, offset: number): number {
  const [a = 0xff, b = 0, c = 0] = [cell[offset], cell[offset + 1], cell[offset + 2]];
  if (a === 0x20 || (a >= 0x09 && a <= 0x0d)) return 1;
  if (a === 0xc2) return b === 0xa0 ? 2 : 0;
  if (a === 0xe2 && b === 0x80)
    return (c >= 0x80 && c <= 0x8a) || c === 0xaf || c === 0xa8 || c === 0xa9 ? 3 : 0;
  return a === 0xe3 && b === 0x80 && c === 0x80 ? 3 : 0;
}

function blankBefore(cell: Uint8Array, end: number): number {
  for (const size of [1, 2, 3]) if (end >= size && blankAt(cell, end - size) === size) return size;
  return 0;
}

/** Removes `="x"`, `'x`, `'x'`, and `"x"` with quotes that were doubled once too often. */
function withoutMarks(cell: Uint8Array): Uint8Array {
  const last = cell.at(-1);
  if (cell[0] === EQUALS && cell[1] === QUOTE && last === QUOTE && cell.length >= 3)
    return cell.subarray(2, -1);
  if (cell[0] === QUOTE && last === QUOTE && cell.length >= 2) return withoutMarks(cell.subarray(1, -1));
  if (cell[0] === APOSTROPHE)
    return cell.subarray(1, last === APOSTROPHE && cell.length > 1 ? -1 : undefined);
  return cell;
}
