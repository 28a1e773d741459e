import { areNames } from './header-names.ts';
import { createRowSplitter } from './row-splitter.ts';

export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type CsvDelimiter = (typeof DELIMITERS)[number];

/** How sure it is that cells are the names of the columns that are looked for: 0 when they are not, else the more the surer. */
export type HeaderScorer = (cells: readonly string[]) => number;

export interface DetectedHeader {
  readonly delimiter: CsvDelimiter;
  readonly crOnly: boolean;
  /** Which row of the file it is, blank rows counted; the first is 0. */
  readonly row: number;
  /** Rows with text above it: a title. */
  readonly titleRows: number;
}

const NOTHING = new Uint8Array();

/** So many rows from the beginning may be titles. */
const ROWS_TRIED = 30;

interface HeadRow {
  /** Which row of the file it is. */
  readonly at: number;
  readonly cells: number;
  /** Cells with text. */
  readonly filled: number;
}

/**
 * Finds delimiter and header in the beginning of a file (UTF-8): row by row with each delimiter, until the scorer knows
 * one. Where it knows none, the delimiter is the one that cuts most rows alike, and the header is the first row that is
 * cut so. No string is made of a cell that may be a secret.
 */
export function detectHeader(head: Uint8Array, scoreHeader: HeaderScorer): DetectedHeader {
  const crOnly = head.includes(0x0d) && !head.includes(0x0a);
  const directive = separatorLine(head);
  const tries = (directive === null ? DELIMITERS : [directive]).map((delimiter) => ({
    delimiter,
    rows: rowsOf(head, delimiter, crOnly),
    seen: new Array<HeadRow>(),
  }));
  for (let at = 0; at < ROWS_TRIED; at += 1) {
    let best: (DetectedHeader & { readonly score: number }) | null = null;
    for (const { delimiter, rows, seen } of tries) {
      const row = rows.next();
      if (row.done === true || (at === 0 && directive !== null)) continue;
      const texts = row.value.map(headerText);
      const filled = texts.filter((text) => text !== '').length;
      if (filled === 0) continue;
      const score = scoreHeader(texts);
      if (score > (best?.score ?? 0)) best = { delimiter, crOnly, row: at, titleRows: seen.length, score };
      seen.push({ at, cells: texts.length, filled });
    }
    if (best !== null) return best;
  }
  let likely: (DetectedHeader & { readonly score: number }) | null = null;
  for (const { delimiter, seen } of tries) {
    const { index, score } = mostAlike(seen);
    if (score <= (likely?.score ?? -1)) continue;
    likely = { delimiter, crOnly, row: seen[index]?.at ?? 0, titleRows: index, score };
  }
  return likely ?? { delimiter: ',', crOnly, row: 0, titleRows: 0 };
}

/** What stands for a cell of which no string is made. */
export const HIDDEN_CELL = '(looks like data)';

/** The text of a cell that should be the name of a column, for whatever may be a secret `HIDDEN_CELL`. */
export function headerText(cell: Uint8Array): string {
  return mayBeSecret(cell) || mayBeSecret(unitsOf(cell))
    ? HIDDEN_CELL
    : new TextDecoder().decode(cell).trim();
}

/**
 * The bytes of a cell as UTF-16 has them, without NULs: where a damaged file was taken for UTF-16, or for the other kind
 * of it, its secrets are Chinese letters, and stand here again as they were, or with their letters exchanged in pairs.
 */
function unitsOf(cell: Uint8Array): Uint8Array {
  if (cell.every((byte) => byte < 0x80)) return NOTHING;
  const units: number[] = [];
  for (const letter of new TextDecoder('utf-8', { ignoreBOM: true }).decode(cell))
    for (let at = 0; at < letter.length; at += 1)
      units.push(letter.charCodeAt(at) >> 8, letter.charCodeAt(at) & 0xff);
  return Uint8Array.from(units.filter((byte) => byte > 0));
}

/**
 * Sixteen and more characters of base64 in a row, digits or signs among them: no name of a column looks like that, but
 * several beside strokes do (`ProductId/ProductKey`).
 */
function mayBeSecret(cell: Uint8Array): boolean {
  for (let from = 0; from < cell.length;) {
    let to = from;
    let marked = false;
    for (; isOfBase64(cell[to]); to += 1) marked ||= !isLetter(cell[to]);
    if (to - from >= 16 && marked && !areNames(cell.subarray(from, to))) return true;
    from = to + 1;
  }
  return false;
}

function isLetter(byte = 0): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

/** Letters, digits, `+`, `/` and `=`. */
function isOfBase64(byte = 0): boolean {
  return isLetter(byte) || (byte >= 0x2f && byte <= 0x39) || byte === 0x2b || byte === 0x3d;
}

/** Excel writes and obeys `sep=;` in the first line; it is no data. */
function separatorLine(head: Uint8Array): CsvDelimiter | null {
  if (head[0] !== 0x73 && head[0] !== 0x53) return null;
  const text = String.fromCharCode(...head.subarray(0, 6));
  const [, found] = /^sep=([,;\t|])(?:\r|\n|$)/i.exec(text) ?? [];
  return DELIMITERS.find((one) => one === found) ?? null;
}

/** Rows as far as they can be cut this way. */
function* rowsOf(
  head: Uint8Array,
  delimiter: string,
  crOnly: boolean,
): Generator<readonly Uint8Array[], void, undefined> {
  const splitter = createRowSplitter({ delimiter, crOnly });
  try {
    for (const { cells } of splitter.push(head)) yield cells;
    for (const { cells } of splitter.end()) yield cells;
  } catch {
    // A quote that this delimiter leaves open: what was cut so far counts.
  } finally {
    splitter.wipe();
  }
}

/** Which row is the first of those that have as many cells as most, and how much speaks for it. */
function mostAlike(rows: readonly HeadRow[]): { index: number; score: number } {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells, (counts.get(cells) ?? 0) + 1);
  let width = 1;
  let score = 0;
  for (const [cells, times] of counts) {
    const own = cells === 1 ? 0 : times * 1000 + cells;
    if (own > score) [width, score] = [cells, own];
  }
  const index = rows.findIndex(({ cells, filled }) => cells >= width && filled >= Math.min(2, width));
  return { index: Math.max(index, 0), score };
}
