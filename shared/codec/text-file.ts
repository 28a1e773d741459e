import { Fault, type FaultCode } from '../domain/fault.ts';
import { both, type CodedText, codedTexts } from '../words/index.ts';

const fileText = codedTexts({
  'text-lost-character': both(
    'holds U+FFFD in place of a character that was lost when the file was opened in a wrong encoding and saved: take the original',
    '含有 U+FFFD：文件曾以错误的编码打开并保存，丢失了字符，请使用原文件',
  ),
  'text-other-encoding': both(
    (encoding: string) => `is ${encoding} text, not UTF-8`,
    (encoding) => `是 ${encoding} 文本，不是 UTF-8`,
  ),
  'text-nul': both('holds a NUL byte: it is no text', '含有 NUL 字节，不是文本'),
  'text-cut-off': both(
    'ends within a character of UTF-8: it was cut off',
    '在一个 UTF-8 字符中间结束：文件不完整',
  ),
  'text-not-utf8': both('is not UTF-8 text', '不是 UTF-8 文本'),
  'text-gb18030': both(
    'is not UTF-8 text; it reads as GB18030 (GBK, "ANSI" of a Chinese Windows)',
    '不是 UTF-8 文本；它像是 GB18030 编码（GBK，即中文 Windows 的 ANSI）',
  ),
});

/** Why and where bytes are not UTF-8 text: lines and columns from 1, columns in characters. */
export interface TextProblem {
  readonly line: number;
  readonly column: number;
  /** The end of a sentence that begins with the file's name. */
  readonly what: CodedText;
}

const SAVE_AS_UTF8 =
  'Save it as UTF-8: in Notepad with "Save as", in VS Code with the encoding in the status bar.';

/** UTF-32 first: its little-endian mark begins with that of UTF-16. */
const OTHER_MARKS: readonly (readonly [string, readonly number[]])[] = [
  ['UTF-32', [0xff, 0xfe, 0x00, 0x00]],
  ['UTF-32', [0x00, 0x00, 0xfe, 0xff]],
  ['UTF-16', [0xff, 0xfe]],
  ['UTF-16', [0xfe, 0xff]],
];
const SIDE_RATIO = 10;
const UTF8_MARK = [0xef, 0xbb, 0xbf];

export interface ReadTextOptions {
  /** True for a file that was accepted before: U+FFFD in it is allowed. */
  readonly keepsLost?: boolean;
}

/**
 * Decodes a text file: UTF-8 with or without a byte order mark, which is never part of the text. A wrong encoding is
 * reported with its position; a character is never replaced by U+FFFD, and a file in which another program has done so is
 * refused. Sources: RFC 3629; Unicode 3.9, table 3-7.
 */
export function readUtf8Text(
  bytes: Uint8Array,
  { keepsLost = false }: ReadTextOptions = {},
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: TextProblem } {
  const mark = OTHER_MARKS.find(([, begins]) => beginsWith(bytes, begins));
  if (mark !== undefined) return wrong(bytes, 0, fileText('text-other-encoding', mark[0]));
  const body = withoutBom(bytes);
  const bad = firstBadByte(body);
  const nul = body.indexOf(0);
  if (nul >= 0 && looksLikeUtf16(body))
    return wrong(body, bad < 0 ? nul : Math.min(nul, bad), fileText('text-other-encoding', 'UTF-16'));
  if (nul >= 0 && (bad < 0 || nul < bad)) return wrong(body, nul, fileText('text-nul'));
  if (bad < 0) {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
    const problem = keepsLost ? null : findLostCharacter(text);
    return problem === null ? { ok: true, text } : { ok: false, problem };
  }
  if (isCutOff(body, bad)) return wrong(body, bad, fileText('text-cut-off'));
  return wrong(body, bad, fileText(isGb18030(body) ? 'text-gb18030' : 'text-not-utf8'));
}

/**
 * As `readUtf8Text`, but throws a fault with this code. `name`: the file name for the message. The message does not repeat
 * the content, which may be a secret. Details `file`, `line`, `column`.
 */
export function requireUtf8Text(
  bytes: Uint8Array,
  name: string,
  code: FaultCode = 'bad-input',
  options: ReadTextOptions = {},
): string {
  const read = readUtf8Text(bytes, options);
  if (read.ok) return read.text;
  const { line, column, what } = read.problem;
  throw new Fault(code, `${name}:${line}:${column}: this file ${what.en}`, {
    hint: SAVE_AS_UTF8,
    details: { file: name, line, column },
  });
}

/** The first U+FFFD, by which another program replaced a character that it could not decode; `null` without one. */
export function findLostCharacter(text: string): TextProblem | null {
  const index = text.indexOf('\ufffd');
  if (index < 0) return null;
  const before = text.slice(0, index).split('\n');
  return {
    line: before.length,
    column: 1 + [...(before.at(-1) ?? '')].length,
    what: fileText('text-lost-character'),
  };
}

/**
 * The bytes of a UTF-8 text without its byte order marks; some programs add one before another. This form of a text file
 * is hashed and stored.
 */
export function withoutBom(bytes: Uint8Array): Uint8Array {
  let rest = bytes;
  while (beginsWith(rest, UTF8_MARK)) rest = rest.subarray(UTF8_MARK.length);
  return rest;
}

function wrong(
  bytes: Uint8Array,
  offset: number,
  what: CodedText,
): { readonly ok: false; readonly problem: TextProblem } {
  let line = 1;
  let begin = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0 && end < offset; end = bytes.indexOf(0x0a, end + 1)) {
    line += 1;
    begin = end + 1;
  }
  const column = 1 + [...new TextDecoder('utf-8').decode(bytes.subarray(begin, offset))].length;
  return { ok: false, problem: { line, column, what } };
}

function beginsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

/** Offset of the first sequence that is not well-formed; -1 for none. */
function firstBadByte(bytes: Uint8Array): number {
  for (let index = 0; index < bytes.length;) {
    const length = sequenceLength(bytes, index);
    if (length === 0) return index;
    index += length;
  }
  return -1;
}

/** Bytes of the well-formed sequence at `offset`; 0 when there is none. */
function sequenceLength(bytes: Uint8Array, offset: number): number {
  const first = bytes[offset] ?? 0;
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  const second = bytes[offset + 1] ?? 0;
  // Overlong forms, surrogates, and what is above U+10FFFF.
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (length === 0 || second < low || second > high) return 0;
  for (let next = 2; next < length; next += 1) if (((bytes[offset + next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** True when the bytes from `offset` to the end are an incomplete character. */
function isCutOff(bytes: Uint8Array, offset: number): boolean {
  const rest = bytes.subarray(offset);
  return (
    rest.length < 4 && [1, 2, 3].some((more) => sequenceLength(padded(rest, more), 0) === rest.length + more)
  );
}

function padded(bytes: Uint8Array, more: number): Uint8Array {
  const whole = new Uint8Array(bytes.length + more).fill(
    bytes[0] === 0xed || bytes[0] === 0xf4 ? 0x80 : 0xa0,
  );
  whole.set(bytes);
  return whole;
}

/** ASCII in UTF-16 has a NUL in every second byte; a few Chinese characters (一) have a NUL in the other byte. */
function looksLikeUtf16(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 4096);
  const nulsAt = (parity: number): number =>
    head.reduce((count, byte, index) => count + (byte === 0 && index % 2 === parity ? 1 : 0), 0);
  const [even, odd] = [nulsAt(0), nulsAt(1)];
  return Math.max(even, odd) >= 2 && Math.max(even, odd) > Math.min(even, odd) * SIDE_RATIO;
}

function isGb18030(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('gb18030', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
