/**
 * Text of others (units, scripts, files, the registry) made safe to show: what moves a cursor, changes the order of what
 * is read or takes no room is written as an escape that can be seen. Sources: ECMA-48 (control functions), Unicode UAX 9
 * (directional formatting), UAX 44 (`Default_Ignorable_Code_Point`).
 */

/** C0, DEL, C1; formats, the bidirectional ones among them; separators of lines; halves of pairs; what is not drawn. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
const UNSEEN_BUT_LAYOUT = /(?![\n\t]|\r\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

const NAMES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** One line, whatever was in it: `\n`, `\x1b`, `\u202e`, `\u{e0001}`. What can be seen stays as it is. */
export function visibleLine(text: string): string {
  return text.replace(UNSEEN, escaped);
}

/** The same, except that line breaks (LF, CRLF) and tabs stay: for a cell or a message that may have several lines. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN_BUT_LAYOUT, escaped);
}

/**
 * A value as JSON in one line that is the same value to every reader of JSON and shows nothing raw: JSON itself lets
 * DEL, C1 and directional characters pass.
 */
export function visibleJson(value: unknown): string {
  // Outside of its strings JSON has none of them, and inside a string every UTF-16 unit may be an escape.
  return JSON.stringify(value).replace(UNSEEN, (char) =>
    Array.from({ length: char.length }, (_, at) => `\\u${hex(char.charCodeAt(at), 4)}`).join(''),
  );
}

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const named = NAMES[char];
  if (named !== undefined) return named;
  if (code < 0x100) return `\\x${hex(code, 2)}`;
  return code > 0xffff ? `\\u{${hex(code, 4)}}` : `\\u${hex(code, 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
