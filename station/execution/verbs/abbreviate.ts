import { sha256Hex } from '#node-kit/crypto/index.ts';
import { Fault } from '#shared/domain/fault.ts';

/** Longest text that a record holds whole: a variable, or a measured value. */
export const MAX_RECORDED_CHARACTERS = 4096;
const MAX_SHOWN_CHARACTERS = 256;
const BEGINNING = 32;

/** A text for a record: whole when it is short, else its beginning, its length and its SHA-256. */
export function abbreviate(text: string): string {
  if (text.length <= MAX_SHOWN_CHARACTERS) return text;
  const digest = sha256Hex(text);
  return `${text.slice(0, BEGINNING)}… (${text.length} characters, SHA-256 ${digest})`;
}

/** The text, if a record can hold it as a variable. Faults: `recipe-invalid`. */
export function requireVariableLength(text: string, what: string): string {
  if (text.length <= MAX_RECORDED_CHARACTERS) return text;
  throw new Fault('recipe-invalid', `${what} has ${text.length} characters, too many for a variable`, {
    hint: `A variable holds at most ${MAX_RECORDED_CHARACTERS} characters: measure this value instead.`,
  });
}
