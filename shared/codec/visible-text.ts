/**
 * Makes text of units, scripts, files and the registry safe to display: characters that move the cursor, change the reading
 * order or have no width are written as visible escapes. Sources: ECMA-48 (control functions), Unicode UAX 9
 * (directional formatting), UAX 44 (`Default_Ignorable_Code_Point`).
 */

/** C0, DEL, C1; format characters, also bidirectional ones; line separators; lone surrogates; ignorable characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
const UNSEEN_BUT_LAYOUT = /(?![\n\t]|\r\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Text that all functions leave unchanged, found ten times as fast. */
const PLAIN = /^[\x20-\x7e]*$/;

const NAMES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text as one line with escapes: `\n`, `\x1b`, `\u202e`, `\u{e0001}`. Visible characters are unchanged. */
export function visibleLine(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNSEEN, escaped);
}

/** As `visibleLine`, but keeps line breaks (LF, CRLF) and tabs: for a cell or a message with several lines. */
export function visibleText(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNSEEN_BUT_LAYOUT, escaped);
}

/**
 * A value as one line of JSON with all invisible characters escaped; JSON itself allows DEL, C1 and directional characters.
 * Parsing it gives the same value.
 */
export function visibleJson(value: unknown): string {
  return visibleJsonText(JSON.stringify(value));
}

/** A JSON text with all invisible characters escaped, as `visibleJson` has it. */
export function visibleJsonText(json: string): string {
  if (PLAIN.test(json)) return json;
  // JSON has such characters only within strings, where every UTF-16 unit can be escaped.
  return json.replace(UNSEEN, (char) =>
    Array.from({ length: char.length }, (_, index) => `\\u${hex(char.charCodeAt(index), 4)}`).join(''),
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
