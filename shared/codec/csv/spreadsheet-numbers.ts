/**
 * Numbers as spreadsheets destroy them. They keep 15 significant digits: the rest becomes zeros, and what is wider than
 * its column is written in short form.
 */

const SIGNIFICANT_DIGITS = 15;

/** `1.23457E+16`, the same without its sign, and `1,23457E+16` of other countries. `12E5` may be a name. */
export function isShortNumber(text: string): boolean {
  return /^\d(?:[.,]\d+)?E\+\d{1,3}$|^\d[.,]\d+E\d{2,3}$/i.test(text);
}

/** More digits than a spreadsheet keeps, and zeros in the place of the rest. By chance one in ten of 16 digits has them. */
function isRoundedNumber(digits: string): boolean {
  return digits.length > SIGNIFICANT_DIGITS && /^0+$/.test(digits.slice(SIGNIFICANT_DIGITS));
}

/** Numbers of a column that may have been rounded. */
export interface LongNumberCounts {
  /** Numbers of 16 and more digits, and those of them with zeros behind the 15th. */
  longNumbers: number;
  roundedNumbers: number;
  /** Line of the first of those; 0 without one. */
  roundedLine: number;
}

export function countNumber(tally: LongNumberCounts, line: number, value: string): void {
  if (!/^\d{16,}$/.test(value)) return;
  tally.longNumbers += 1;
  if (!isRoundedNumber(value)) return;
  tally.roundedNumbers += 1;
  if (tally.roundedLine === 0) tally.roundedLine = line;
}

/** One number with zeros at its end says nothing; half of them do. */
export function areRounded({ longNumbers, roundedNumbers }: LongNumberCounts): boolean {
  return roundedNumbers > 0 && roundedNumbers * 2 >= longNumbers;
}

/** A whole number of which a spreadsheet keeps another one: 9007199254740991 becomes 9007199254740990. */
export function isTooLongNumber(text: string): boolean {
  return /^-?\d{16,}$/.test(text) && !isRoundedNumber(text.replace('-', ''));
}
