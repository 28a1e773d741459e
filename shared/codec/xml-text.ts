import { visibleLine } from './visible-text.ts';

/** Characters that XML 1.0 cannot contain, not even as a reference (section 2.2). */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** Escapes of texts and attributes; line breaks and tabs as references, so that no parser turns them into spaces. */
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** The text for an element or an attribute. What XML cannot contain (controls, lone surrogates) is written as `\x1b`, `\ud800`. */
export function xmlText(text: string): string {
  return text
    .replace(FORBIDDEN, (char) =>
      char === '\ufffe' || char === '\uffff' ? `\\u${hex(char)}` : visibleLine(char),
    )
    .replace(/[&<>"\t\n\r]/g, (char) => ESCAPES[char] ?? char);
}

function hex(char: string): string {
  return char.charCodeAt(0).toString(16);
}
