import { visibleText } from '#shared/codec/visible-text.ts';
import { xmlText } from '#shared/codec/xml-text.ts';

/** A moment, Unix milliseconds. A spreadsheet shows it as date and time in UTC, because its cells have no time zone. */
export interface Instant {
  readonly atMs: number;
}

/** How a cell looks besides its type. */
export type CellLook = 'plain' | 'failed' | 'percent';

export type CellValue = string | number | boolean | Instant | null | undefined;
export type Cell = CellValue | { readonly value: CellValue; readonly look: CellLook };

/** Places in `cellXfs` of the styles part; see `styles-xml.ts`. */
export const STYLES = {
  number: 0,
  instant: 1,
  text: 2,
  header: 3,
  percent: 4,
  failedNumber: 5,
  failedText: 6,
} as const;

/** Longest text of a cell in UTF-16 units (Excel specifications and limits). */
const MAX_TEXT_UNITS = 32_767;
const CUT_MARK = '…';
/** Digits that a spreadsheet keeps of a number. */
const KEPT_DIGITS = 15;
const DAY_MS = 86_400_000;
/** The day number of 1970-01-01 where 1 is 1900-01-01 and 1900 has a 29th of February. */
const UNIX_EPOCH_DAY = 25_569;
/** Excel knows no day before 1900-03-01 with certainty, and none after 9999-12-31. */
const FIRST_DAY = 61;
const LAST_DAY = 2_958_465;

/**
 * A cell as XML of SpreadsheetML (ECMA-376 part 1, 18.3.1.4); nothing for an empty one. Texts are inline strings with the
 * number format of texts, so that no spreadsheet computes or converts them. A number that a spreadsheet would change (more than
 * 15 digits, not finite) is a text.
 */
export function cellXml(cell: Cell, reference: string): string {
  const { value, look } = isLooked(cell) ? cell : { value: cell, look: 'plain' as const };
  const failed = look === 'failed';
  switch (typeof value) {
    case 'number': {
      if (!isKept(value)) return textXml(String(value), reference, failed);
      const style = failed ? STYLES.failedNumber : look === 'percent' ? STYLES.percent : STYLES.number;
      return style === 0
        ? `<c r="${reference}"><v>${value}</v></c>`
        : `<c r="${reference}" s="${style}"><v>${value}</v></c>`;
    }
    case 'string':
      return value === '' ? '' : textXml(value, reference, failed);
    case 'boolean':
      return `<c r="${reference}" s="${failed ? STYLES.failedNumber : 0}" t="b"><v>${value ? 1 : 0}</v></c>`;
    case 'undefined':
      return '';
    case 'object':
      return value === null ? '' : instantXml(value, reference);
  }
}

export function headerXml(text: string, reference: string): string {
  return `<c r="${reference}" s="${STYLES.header}" t="inlineStr"><is>${textElement(text)}</is></c>`;
}

function isLooked(cell: Cell): cell is { readonly value: CellValue; readonly look: CellLook } {
  return typeof cell === 'object' && cell !== null && 'look' in cell;
}

/** False for numbers that a spreadsheet rounds. */
function isKept(value: number): boolean {
  if (!Number.isFinite(value)) return false;
  return !Number.isInteger(value) || Number(value.toPrecision(KEPT_DIGITS)) === value;
}

function instantXml({ atMs }: Instant, reference: string): string {
  const day = atMs / DAY_MS + UNIX_EPOCH_DAY;
  if (!(day >= FIRST_DAY && day <= LAST_DAY)) return textXml(isoOf(atMs), reference, false);
  return `<c r="${reference}" s="${STYLES.instant}"><v>${day}</v></c>`;
}

function isoOf(atMs: number): string {
  const moment = new Date(atMs);
  return Number.isNaN(moment.getTime()) ? String(atMs) : moment.toISOString();
}

function textXml(text: string, reference: string, failed: boolean): string {
  const style = failed ? STYLES.failedText : STYLES.text;
  return `<c r="${reference}" s="${style}" t="inlineStr"><is>${textElement(text)}</is></c>`;
}

/** Characters that need care: of XML, not allowed in XML, or read by a spreadsheet as an escape (`_x0041_`). */
const PLAIN_TEXT = /^[^&<>\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}_ ]*$/u;
const ESCAPE_OF_SPREADSHEETS = /_(?=x[0-9a-fA-F]{4}_)/g;

function textElement(text: string): string {
  if (text.length < 1_000 && PLAIN_TEXT.test(text)) return `<t>${text}</t>`;
  const short = cut(visibleText(text));
  const escaped = xmlText(short.replace(ESCAPE_OF_SPREADSHEETS, '_x005F_'));
  return /^\s|\s$|\n/.test(short) ? `<t xml:space="preserve">${escaped}</t>` : `<t>${escaped}</t>`;
}

/** The longest beginning that fits into a cell, with a mark at its end. */
function cut(text: string): string {
  if (text.length <= MAX_TEXT_UNITS) return text;
  const short = text.slice(0, MAX_TEXT_UNITS - CUT_MARK.length);
  const endsWithHalf = /[\uD800-\uDBFF]$/.test(short);
  return (endsWithHalf ? short.slice(0, -1) : short) + CUT_MARK;
}
