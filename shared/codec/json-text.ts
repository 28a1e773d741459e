import { both, type CodedText, codedTexts } from '../words/index.ts';
import type { TextProblem } from './text-file.ts';

const jsonText = codedTexts({
  'json-too-long': both(
    (has: number, most: number) => `has ${has} characters, and at most ${most} are read`,
    (has, most) => `有 ${has} 个字符，最多读取 ${most} 个`,
  ),
  'json-deep': both('has values that are nested too deep', '嵌套太深'),
  'json-value': both('is not JSON: a value is missing here', '不是 JSON：这里缺少值'),
  'json-value-or-end': both('is not JSON: a value or ] is missing here', '不是 JSON：这里缺少值或 ]'),
  'json-key': both('is not JSON: a key in double quotes is missing here', '不是 JSON：这里缺少双引号中的键'),
  'json-key-or-end': both(
    'is not JSON: a key in double quotes or } is missing here',
    '不是 JSON：这里缺少双引号中的键或 }',
  ),
  'json-colon': both('is not JSON: a colon is missing here', '不是 JSON：这里缺少冒号'),
  'json-comma': both(
    'is not JSON: a comma or the closing bracket is missing here',
    '不是 JSON：这里缺少逗号或右括号',
  ),
  'json-end': both('is not JSON: the text goes on after its value', '不是 JSON：值之后还有内容'),
  'json-string': both(
    'is not JSON: this text in quotes is not closed, or not written as JSON',
    '不是 JSON：引号中的文本没有关闭，或写法不对',
  ),
});

/** Deepest nesting of the JSON files that users bring, so that their values can be walked by recursion. */
const MAX_LEVELS = 128;
/** Largest text in characters. The largest known file of a device, a thing model, has 60,000. */
const MAX_CHARACTERS = 1_048_576;

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
/** ES2026's `JSON.parse` passes the source text of a value to the reviver; TypeScript's declarations lack it. */
const parse = JSON.parse as (text: string, reviver?: Reviver) => unknown;

export type ReadJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: TextProblem };

/**
 * Parses the JSON text of a file from a user (RFC 8259). Size, nesting and syntax are checked before anything is built: a
 * refused text costs one pass over it. `reviver` as for `JSON.parse`, with the source text of a number.
 */
export function readJsonText(text: string, reviver?: Reviver): ReadJson {
  const found =
    text.length > MAX_CHARACTERS
      ? { offset: 0, what: jsonText('json-too-long', text.length, MAX_CHARACTERS) }
      : firstProblem(text);
  if (found === null) return { ok: true, value: parse(text, reviver) };
  return { ok: false, problem: { ...placeOf(text, found.offset), what: found.what } };
}

interface Found {
  readonly offset: number;
  readonly what: CodedText;
}

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma' | 'end';
const MISSING: Readonly<Record<Expected, CodedText>> = {
  value: jsonText('json-value'),
  'value or ]': jsonText('json-value-or-end'),
  key: jsonText('json-key'),
  'key or }': jsonText('json-key-or-end'),
  colon: jsonText('json-colon'),
  comma: jsonText('json-comma'),
  end: jsonText('json-end'),
};

/** The first place at which a text is no JSON, or is nested too deep. */
function firstProblem(text: string): Found | null {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const wrong = (): Found => ({ offset: at, what: MISSING[expected] });
  const ofScalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
  for (;;) {
    at = afterBlanks(text, at);
    const sign = text[at];
    if (sign === undefined) return expected === 'end' ? null : wrong();
    const takesValue: boolean = expected === 'value' || expected === 'value or ]';
    const takesKey: boolean = expected === 'key' || expected === 'key or }';
    if (takesValue && (sign === '{' || sign === '[')) {
      if (open.length === MAX_LEVELS) return { offset: at, what: jsonText('json-deep') };
      open.push(sign);
      expected = sign === '{' ? 'key or }' : 'value or ]';
      at += 1;
    } else if ((sign === '}' || sign === ']') && closes(sign, open.at(-1), expected)) {
      open.pop();
      expected = open.length === 0 ? 'end' : 'comma';
      at += 1;
    } else if (sign === '"' && (takesValue || takesKey)) {
      const end = afterString(text, at);
      if (end === null) return { offset: at, what: jsonText('json-string') };
      at = end;
      expected = takesKey ? 'colon' : open.length === 0 ? 'end' : 'comma';
    } else if (sign === ':' && expected === 'colon') {
      expected = 'value';
      at += 1;
    } else if (sign === ',' && expected === 'comma') {
      expected = open.at(-1) === '{' ? 'key' : 'value';
      at += 1;
    } else {
      ofScalar.lastIndex = at;
      if (!takesValue || !ofScalar.test(text)) return wrong();
      at = ofScalar.lastIndex;
      expected = open.length === 0 ? 'end' : 'comma';
    }
  }
}

function closes(sign: '}' | ']', opened: '{' | '[' | undefined, expected: Expected): boolean {
  if (sign === '}') return opened === '{' && (expected === 'comma' || expected === 'key or }');
  return opened === '[' && (expected === 'comma' || expected === 'value or ]');
}

/** Where the text in quotes at `from` ends; null when it does not, or holds what JSON does not allow. */
function afterString(text: string, from: number): number | null {
  const ofEscape = /["\\/bfnrt]|u[\dA-Fa-f]{4}/y;
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return null;
    if (code !== 0x5c) continue;
    ofEscape.lastIndex = at + 1;
    if (!ofEscape.test(text)) return null;
    at = ofEscape.lastIndex - 1;
  }
  return null;
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at += 1;
  return at;
}

/** Line and column of an offset, both from 1. */
function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const lines = before.split(/\r\n|\r|\n/);
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}
