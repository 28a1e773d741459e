/**
 * Numbers as spreadsheets destroy them. They keep 15 significant digits: the rest becomes zeros, and what is wider than
 * its column is written in short form.
 */

const SIGNIFICANT_DIGITS = 15;

/** `1.23457E+16`, and the same without its sign. `12E5` may be a name. */
export function isShortNumber(text: string): boolean {
  return /^\d(?:\.\d+)?E\+\d{1,3}$|^\d\.\d+E\d{2,3}$/i.test(text);
}

/** More digits than a spreadsheet keeps, and zeros in the place of the rest. By chance one in ten of 16 digits has them. */
export function isRoundedNumber(digits: string): boolean {
  return digits.length > SIGNIFICANT_DIGITS && /^0+$/.test(digits.slice(SIGNIFICANT_DIGITS));
}
