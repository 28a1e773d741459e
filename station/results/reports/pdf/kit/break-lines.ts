/** Where a line may end: after a space, a hyphen or a slash, and between Chinese characters. */
const WIDE = /[\p{Script=Han}\u3000-\u30ff\uff00-\uffef]/u;
/** Not at the beginning of a line. */
const CLOSING = /[，。、；：！？）》」』】〉”’…,.;:!?)\]%°℃]/u;
/** Not at the end of a line. */
const OPENING = /[（《「『【〈“‘([]/u;
const AFTER = /[\s\-/\\_›·=,;|]/u;

/**
 * Breaks a text into lines that are not wider than `width`. A word that is wider is broken at any character. A text without
 * characters is one empty line.
 *
 * @param widthOf of one character, in the unit of `width`
 */
export function breakLines(text: string, width: number, widthOf: (character: string) => number): string[] {
  const lines: string[] = [];
  let line: string[] = [];
  let lineWidth = 0;
  // Behind the last character of the line after which it may end.
  let breakAt = 0;
  const characters = [...text];
  for (const [index, character] of characters.entries()) {
    const own = widthOf(character);
    if (lineWidth + own > width && line.length > 0 && character !== ' ') {
      const end = breakAt > 0 ? breakAt : line.length;
      lines.push(line.slice(0, end).join('').trimEnd());
      line = line.slice(end);
      lineWidth = line.reduce((sum, one) => sum + widthOf(one), 0);
      breakAt = 0;
    }
    // A line does not begin with a space.
    if (character === ' ' && line.length === 0 && lines.length > 0) continue;
    line.push(character);
    lineWidth += own;
    if (mayEndAfter(character, characters[index + 1])) breakAt = line.length;
  }
  if (line.length > 0 || lines.length === 0) lines.push(line.join('').trimEnd());
  return lines;
}

function mayEndAfter(character: string, next: string | undefined): boolean {
  if (next === undefined || CLOSING.test(next) || OPENING.test(character)) return false;
  return AFTER.test(character) || WIDE.test(character) || WIDE.test(next);
}
