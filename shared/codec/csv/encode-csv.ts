import { isTooLongNumber } from './spreadsheet-numbers.ts';
import { spreadsheetText } from './spreadsheet-text.ts';

/**
 * A cell value. A number is written as a number, but an integer with more digits than a spreadsheet preserves as text. Text
 * is written so that no spreadsheet changes or evaluates it.
 */
export type CsvCell = string | number | bigint | boolean | null | undefined;

export const CSV_DELIMITERS = [',', ';', '\t'] as const;
export type CsvDelimiter = (typeof CSV_DELIMITERS)[number];
export const CSV_DECIMALS = ['.', ','] as const;
export type CsvDecimal = (typeof CSV_DECIMALS)[number];

export interface CsvOptions {
  /** Excel in a Chinese or English locale expects the comma, in a German one the semicolon. Default the comma. */
  readonly delimiter?: CsvDelimiter | undefined;
  /** Decimal sign. In locales with the comma a spreadsheet takes `3.3` for the third of March. Default the point. */
  readonly decimal?: CsvDecimal | undefined;
  /** Writes a byte order mark, without which Excel takes UTF-8 for the system's code page. Default false. */
  readonly bom?: boolean | undefined;
  /** Writes text as `spreadsheetText` does. Default true. */
  readonly neutralize?: boolean;
}

/**
 * A table as CSV (RFC 4180: CRLF after each row, quotes doubled), one string per row, lazily, so that an export of
 * any length runs at flat memory.
 */
export function* encodeCsv(rows: Iterable<readonly CsvCell[]>, options: CsvOptions = {}): Generator<string> {
  let prefix = options.bom === true ? '\uFEFF' : '';
  for (const row of rows) {
    yield prefix + encodeCsvRow(row, options);
    prefix = '';
  }
  if (prefix !== '') yield prefix;
}

/** One row with its line end. `bom` is ignored here. */
export function encodeCsvRow(row: readonly CsvCell[], options: CsvOptions = {}): string {
  return joinCsvCells(
    row.map((cell) => encodeCsvCell(cell, options)),
    options,
  );
}

/** A row of cells that are encoded, with its line end. */
export function joinCsvCells(cells: readonly string[], { delimiter = ',' }: CsvOptions = {}): string {
  // A single empty cell would be a blank line, which readers skip.
  return `${cells.length === 1 && cells[0] === '' ? '""' : cells.join(delimiter)}\r\n`;
}

/** One cell as it stands between two delimiters. */
export function encodeCsvCell(
  cell: CsvCell,
  { delimiter = ',', decimal = '.', neutralize = true }: CsvOptions = {},
): string {
  if (cell === null || cell === undefined) return '';
  const text = String(cell);
  const isNumber = typeof cell === 'bigint' || (typeof cell === 'number' && Number.isFinite(cell));
  const shown =
    typeof cell === 'boolean' || (isNumber && !isTooLongNumber(text))
      ? decimal === '.'
        ? text
        : text.replace('.', decimal)
      : neutralize
        ? spreadsheetText(text)
        : text;
  return NEEDS_QUOTES[delimiter].test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

const NEEDS_QUOTES: Readonly<Record<CsvDelimiter, RegExp>> = {
  ',': /[",\r\n]|^\s|\s$/,
  ';': /[";\r\n]|^\s|\s$/,
  '\t': /["\t\r\n]|^\s|\s$/,
};
