/**
 * The text without invisible characters: control characters that scanners add, byte order marks, zero-width and
 * bidirectional characters, variation selectors. Every kind of blank becomes a space; blanks at the ends are removed.
 *
 * @param kept control characters that are not removed
 */
export function withoutInvisible(text: string, kept = ''): string {
  return text
    .replace(/\p{Zs}/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu, (char) =>
      kept.includes(char) ? char : '',
    )
    .trim();
}

/** The characters that Chinese and Japanese input methods type for `[`, `]` and `"`. */
const PUNCTUATION: Readonly<Record<string, string>> = {
  '【': '[',
  '「': '[',
  '】': ']',
  '」': ']',
  '“': '"',
  '”': '"',
};

/** Converts full-width characters of an input method (`ＳＮ０１`) to their usual form (`SN01`). */
export function withUsualWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/[【】「」“”]/g, (char) => PUNCTUATION[char] ?? char);
}
