/**
 * Detects numbers that a spreadsheet damaged: spreadsheets preserve 15 significant digits and write zeros for the rest, and
 * they write numbers that are wider than the column in short form.
 */

const SIGNIFICANT_DIGITS = 15;

/** True for `1.23457E+16`, the same without sign, and `1,23457E+16` of other locales. `12E5` may be a name. */
export function isShortNumber(text: string): boolean {
  return /^\d(?:[.,]\d+)?E\+\d{1,3}$|^\d[.,]\d+E\d{2,3}$/i.test(text);
}

/** True for zeros after the 15th digit. One in ten numbers of 16 digits has them by chance. */
function isRoundedNumber(digits: string): boolean {
  return digits.length > SIGNIFICANT_DIGITS && /^0+$/.test(digits.slice(SIGNIFICANT_DIGITS));
}

/** Counts of the numbers of a column that may have been rounded. */
export interface LongNumberCounts {
  /** Numbers of 16 and more digits, and those of them with zeros after the 15th. */
  longNumbers: number;
  roundedNumbers: number;
  /** Line of the first rounded number; 0 without one. */
  roundedLine: number;
}

export function countNumber(tally: LongNumberCounts, line: number, value: string): void {
  if (!/^\d{16,}$/.test(value)) return;
  tally.longNumbers += 1;
  if (!isRoundedNumber(value)) return;
  tally.roundedNumbers += 1;
  if (tally.roundedLine === 0) tally.roundedLine = line;
}

/** True when at least half of the long numbers end with zeros; a single one may do so by chance. */
export function areRounded({ longNumbers, roundedNumbers }: LongNumberCounts): boolean {
  return roundedNumbers > 0 && roundedNumbers * 2 >= longNumbers;
}

/** True for an integer that a spreadsheet changes: 9007199254740991 becomes 9007199254740990. */
export function isTooLongNumber(text: string): boolean {
  return /^-?\d{16,}$/.test(text) && !isRoundedNumber(text.replace('-', ''));
}
