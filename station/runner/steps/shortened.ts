import { createHash } from 'node:crypto';

/** Longest text that a record keeps whole as a variable of a terminal's message. */
export const MOST_KEPT_CHARACTERS = 4096;
const MOST_SHOWN_CHARACTERS = 256;
const BEGINNING = 32;

/** A text for a record: as it is, or for a picture its beginning, its length and its SHA-256. */
export function shortened(text: string): string {
  if (text.length <= MOST_SHOWN_CHARACTERS) return text;
  const digest = createHash('sha256').update(text).digest('hex');
  return `${text.slice(0, BEGINNING)}… (${text.length} characters, SHA-256 ${digest})`;
}
