import { visibleText } from '../visible-text.ts';

/** What a cell may hold. A number is written as a number; text is written so that no spreadsheet computes it. */
export type CsvCell = string | number | bigint | boolean | null | undefined;

export interface CsvOptions {
  /** Between cells. Excel in a Chinese or English locale expects the comma, in a German one the semicolon. */
  readonly delimiter?: ',' | ';' | '\t';
  /** A byte order mark in front, without which Excel takes UTF-8 for the system's code page. Default false. */
  readonly bom?: boolean;
  /**
   * Puts an apostrophe before text that a spreadsheet would take for a formula, and writes characters that hide or turn
   * text as escapes. Default true.
   */
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
  const delimiter = options.delimiter ?? ',';
  const neutralize = options.neutralize ?? true;
  const cells = row.map((cell) => quote(textOf(cell, neutralize), delimiter));
  // A single empty cell would be a blank line, which readers skip.
  return `${cells.length === 1 && cells[0] === '' ? '""' : cells.join(delimiter)}\r\n`;
}

function textOf(cell: CsvCell, neutralize: boolean): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'string') return neutralize ? neutralized(cell) : cell;
  const text = String(cell);
  return typeof cell === 'number' && !Number.isFinite(cell) && neutralize ? neutralized(text) : text;
}

/**
 * Source: OWASP, CSV Injection. The full-width forms are there because Excel in Chinese and Japanese locales reads
 * them as their ASCII twins. A plain number in text form is left alone: `-12.5` computes nothing.
 */
function neutralized(text: string): string {
  const shown = visibleText(text);
  if (!/^[=+\-@\t\r\n＝＋－＠]/.test(text)) return shown;
  return /^[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(text) ? text : `'${shown}`;
}

function quote(text: string, delimiter: string): string {
  const plain = !/["\r\n]/.test(text) && !text.includes(delimiter) && text === text.trim();
  return plain ? text : `"${text.replaceAll('"', '""')}"`;
}
