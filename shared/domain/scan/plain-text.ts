/**
 * The text of a read without what nobody can see: control characters that scanners add, byte order marks, zero-width
 * and bidirectional characters, variation selectors. Every kind of blank becomes a space; blanks at the ends go.
 *
 * @param kept control characters that stay, for a reader that needs them
 */
export function withoutInvisible(text: string, kept = ''): string {
  return text
    .replace(/\p{Zs}/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu, (char) =>
      kept.includes(char) ? char : '',
    )
    .trim();
}

/** What an input method makes of `[`, `]` and `"` where it writes Chinese or Japanese punctuation. */
const PUNCTUATION: Readonly<Record<string, string>> = {
  '【': '[',
  '「': '[',
  '】': ']',
  '」': ']',
  '“': '"',
  '”': '"',
};

/** Characters that an input method made as wide as a Chinese one (`ＳＮ０１`) in their usual form (`SN01`). */
export function withUsualWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/[【】「」“”]/g, (char) => PUNCTUATION[char] ?? char);
}
