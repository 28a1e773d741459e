/** The number of a character's glyph; 0 for a character that the font lacks. */
export type CharacterMap = (codePoint: number) => number;

const UNICODE_FULL = 12;

/**
 * Reads the `cmap` table of a TrueType file, in its format 12. Source: OpenType 1.9, `cmap`. Throws `Error` for a font without
 * such a table.
 *
 * @param at where the table begins
 */
export function readCharacterMap(font: Buffer, at: number): CharacterMap {
  const count = font.readUInt16BE(at + 2);
  for (let index = 0; index < count; index += 1) {
    const subtable = at + font.readUInt32BE(at + 4 + 8 * index + 4);
    if (font.readUInt16BE(subtable) === UNICODE_FULL) return groupsOf(font, subtable);
  }
  throw new Error('the font has no characters by format 12');
}

/** Groups are in the order of their characters. */
function groupsOf(font: Buffer, subtable: number): CharacterMap {
  const first = subtable + 16;
  const count = font.readUInt32BE(subtable + 12);
  return (codePoint) => {
    let [low, high] = [0, count - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const group = first + 12 * middle;
      const start = font.readUInt32BE(group);
      if (codePoint < start) high = middle - 1;
      else if (codePoint > font.readUInt32BE(group + 4)) low = middle + 1;
      else return font.readUInt32BE(group + 8) + codePoint - start;
    }
    return 0;
  };
}
