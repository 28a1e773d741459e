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
export function isRoundedNumber(digits: string): boolean {
  return digits.length > SIGNIFICANT_DIGITS && /^0+$/.test(digits.slice(SIGNIFICANT_DIGITS));
}

/** A whole number of which a spreadsheet keeps another one: 9007199254740991 becomes 9007199254740990. */
export function isTooLongNumber(text: string): boolean {
  return /^-?\d{16,}$/.test(text) && !isRoundedNumber(text.replace('-', ''));
}
