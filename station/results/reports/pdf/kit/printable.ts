import { visibleLine } from '#shared/codec/visible-text.ts';

/** Longest text of a record in a report, in characters; a person reads the rest on the page of the run. */
const MAX_CHARACTERS = 300;

/**
 * A text of a record as one line that can be printed: control characters, marks of writing direction and characters that the
 * font lacks are written as escapes (`\x1b`, `\u202e`, `\u{1f600}`), and a long text ends with the number of its further
 * characters.
 */
export function printable(
  text: string,
  font: { has(codePoint: number): boolean },
  maxCharacters = MAX_CHARACTERS,
): string {
  // Twice, because an escape is longer than its character.
  const begun = [...text.slice(0, 2 * maxCharacters)].slice(0, maxCharacters).join('');
  const left = [...text.slice(begun.length)].length;
  let shown = '';
  for (const character of visibleLine(begun)) {
    const codePoint = character.codePointAt(0) ?? 0;
    shown += font.has(codePoint) ? character : escapeOf(codePoint);
  }
  return left === 0 ? shown : `${shown}… (+${left})`;
}

function escapeOf(codePoint: number): string {
  const hex = codePoint.toString(16).padStart(4, '0');
  return codePoint > 0xffff ? `\\u{${hex}}` : `\\u${hex}`;
}
