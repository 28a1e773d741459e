import { sha256Hex } from '#node-kit/crypto/index.ts';
import { Fault } from '#shared/domain/fault.ts';

/** Longest text that a record keeps whole as a variable, or as a measured value of a line. */
export const MOST_KEPT_CHARACTERS = 4096;
const MOST_SHOWN_CHARACTERS = 256;
const BEGINNING = 32;

/** A text for a record: as it is, or for a picture its beginning, its length and its SHA-256. */
export function shortened(text: string): string {
  if (text.length <= MOST_SHOWN_CHARACTERS) return text;
  const digest = sha256Hex(text);
  return `${text.slice(0, BEGINNING)}… (${text.length} characters, SHA-256 ${digest})`;
}

/** A variable stands in the record of its step. Faults: `recipe-invalid` for one that is too long for that. */
export function kept(text: string, what: string): string {
  if (text.length <= MOST_KEPT_CHARACTERS) return text;
  throw new Fault('recipe-invalid', `${what} has ${text.length} characters, too many for a variable`, {
    hint: `A variable holds at most ${MOST_KEPT_CHARACTERS} characters: measure this value instead.`,
  });
}
