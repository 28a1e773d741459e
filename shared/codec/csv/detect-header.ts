import { areNames } from './header-names.ts';
import { createRowSplitter } from './row-splitter.ts';

export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type CsvDelimiter = (typeof DELIMITERS)[number];

/** Rates whether cells are the wanted column names: 0 when they are not, else the higher the more certain. */
export type HeaderScorer = (cells: readonly string[]) => number;

export interface DetectedHeader {
  readonly delimiter: CsvDelimiter;
  readonly crOnly: boolean;
  /** Index of the header row from 0, including blank rows. */
  readonly row: number;
  /** Number of title rows above the header, without blank rows. */
  readonly titleRows: number;
}

const EMPTY_BYTES = new Uint8Array();

/** Number of first rows in which the header is searched. */
const ROWS_TRIED = 30;

interface HeadRow {
  /** Index of the row in the file. */
  readonly rowIndex: number;
  readonly cells: number;
  /** Number of cells with text. */
  readonly filled: number;
}

/**
 * Detects delimiter and header in the beginning of a file (UTF-8): tries each row with each delimiter until the scorer
 * accepts one. Otherwise the delimiter is the one that gives most rows the same number of cells, and the header is the
 * first of these rows. A cell that may be a secret is never made a string.
 */
export function detectHeader(head: Uint8Array, scoreHeader: HeaderScorer): DetectedHeader {
  const crOnly = head.includes(0x0d) && !head.includes(0x0a);
  const directive = separatorLine(head);
  const tries = (directive === null ? DELIMITERS : [directive]).map((delimiter) => ({
    delimiter,
    rows: rowsOf(head, delimiter, crOnly),
    seen: new Array<HeadRow>(),
  }));
  for (let rowIndex = 0; rowIndex < ROWS_TRIED; rowIndex += 1) {
    let best: (DetectedHeader & { readonly score: number }) | null = null;
    for (const { delimiter, rows, seen } of tries) {
      const row = rows.next();
      if (row.done === true || (rowIndex === 0 && directive !== null)) continue;
      const texts = row.value.map(headerText);
      const filled = texts.filter((text) => text !== '').length;
      if (filled === 0) continue;
      const score = scoreHeader(texts);
      if (score > (best?.score ?? 0))
        best = { delimiter, crOnly, row: rowIndex, titleRows: seen.length, score };
      seen.push({ rowIndex, cells: texts.length, filled });
    }
    if (best !== null) return best;
  }
  let likely: (DetectedHeader & { readonly score: number }) | null = null;
  for (const { delimiter, seen } of tries) {
    const { index, score } = findMostCommonWidth(seen);
    if (score <= (likely?.score ?? -1)) continue;
    likely = { delimiter, crOnly, row: seen[index]?.rowIndex ?? 0, titleRows: index, score };
  }
  return likely ?? { delimiter: ',', crOnly, row: 0, titleRows: 0 };
}

/** Replaces the text of a cell that may be a secret. */
export const HIDDEN_CELL = '(looks like data)';

/** The text of a header cell; `HIDDEN_CELL` for a cell that may be a secret. */
export function headerText(cell: Uint8Array): string {
  return mayBeSecret(cell) || mayBeSecret(utf16BytesOf(cell))
    ? HIDDEN_CELL
    : new TextDecoder().decode(cell).trim();
}

/**
 * The bytes of a cell in UTF-16, without NULs. When a damaged file was mistaken for UTF-16 or for the other byte order, its
 * secrets became Chinese characters; these bytes are the original ones, or with each pair swapped.
 */
function utf16BytesOf(cell: Uint8Array): Uint8Array {
  if (cell.every((byte) => byte < 0x80)) return EMPTY_BYTES;
  const units: number[] = [];
  for (const letter of new TextDecoder('utf-8', { ignoreBOM: true }).decode(cell))
    for (let index = 0; index < letter.length; index += 1)
      units.push(letter.charCodeAt(index) >> 8, letter.charCodeAt(index) & 0xff);
  return Uint8Array.from(units.filter((byte) => byte > 0));
}

/**
 * True for a cell with 16 or more base64 characters in a row, including digits or signs, unless they are column names with
 * slashes (`ProductId/ProductKey`).
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

/** The delimiter of a `sep=;` line, which Excel writes and reads as the first line. */
function separatorLine(head: Uint8Array): CsvDelimiter | null {
  if (head[0] !== 0x73 && head[0] !== 0x53) return null;
  const text = String.fromCharCode(...head.subarray(0, 6));
  const [, found] = /^sep=([,;\t|])(?:\r|\n|$)/i.exec(text) ?? [];
  return DELIMITERS.find((one) => one === found) ?? null;
}

/** The rows that can be split with this delimiter. */
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
    // This delimiter leaves a quote open: the rows so far count.
  } finally {
    splitter.wipe();
  }
}

/** The first of the rows with the most common number of cells, and a score for this delimiter. */
function findMostCommonWidth(rows: readonly HeadRow[]): { index: number; score: number } {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells, (counts.get(cells) ?? 0) + 1);
  let width = 1;
  let score = 0;
  for (const [cells, times] of counts) {
    const widthScore = cells === 1 ? 0 : times * 1000 + cells;
    if (widthScore > score) [width, score] = [cells, widthScore];
  }
  const index = rows.findIndex(({ cells, filled }) => cells >= width && filled >= Math.min(2, width));
  return { index: Math.max(index, 0), score };
}
