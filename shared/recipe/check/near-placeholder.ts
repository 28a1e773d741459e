import { checkText as text } from '../texts/check-texts.ts';
import type { CodedText } from '../../words/index.ts';
import { UNIT_PLACEHOLDERS } from '../unit-text.ts';
import { nearest } from './nearest.ts';

/** Other names that engineers write for the serial number. */
const SERIAL_NUMBER: readonly string[] = ['serial', 'sn'];
/** A short word in braces is more likely text of the device. */
const MIN_LENGTH = 5;

/** The placeholder nearest to a word in braces, which may also be text of the device; `null` when none is near. */
export function nearPlaceholder(word: string): string | null {
  const sorted = (text: string): string => [...text.toLowerCase()].sort().join('');
  const known = [...UNIT_PLACEHOLDERS, ...SERIAL_NUMBER].find((one) => sorted(one) === sorted(word));
  if (known !== undefined) return SERIAL_NUMBER.includes(known) ? 'serialNumber' : known;
  return word.length < MIN_LENGTH ? null : nearest(word, UNIT_PLACEHOLDERS);
}

/** A word in braces that is neither a variable nor the name of a Unicode property. */
const BRACED = /(?<!\$|\\[pP])\{([A-Za-z][A-Za-z0-9_]{1,31})\}/g;

/**
 * The misspelled placeholder in the source of a regular expression that is not valid, as a message; `null` when there is
 * none. A word in braces is never valid there, so that short words count, too.
 */
export function misspelledPlaceholder(source: string): CodedText | null {
  for (const [, word = ''] of source.matchAll(BRACED)) {
    if (UNIT_PLACEHOLDERS.some((known) => known === word)) continue;
    const near = nearPlaceholder(word) ?? nearest(word, UNIT_PLACEHOLDERS);
    if (near !== null) return unknownPlaceholder(word, near);
  }
  return null;
}

export function unknownPlaceholder(word: string, near: string): CodedText {
  return text('placeholder-unknown', word, near);
}
